"""Section: one part of a process page, with its anchor, its pictures and its export.

To add a section, write ``build(part, asked) -> Section | None`` (None: nothing of the kind is shown
for this part, such as for single stocks) and append it to ``BUILDERS`` in ``sections.py``. The page
draws ``charts`` and then ``template`` with ``context``, under the anchor ``key``; where ``table``
is given, links to ``/stocks/<process>/<key>.csv`` and ``.json`` stand beside the heading. Such a
link builds only this one section, so ``build`` must do its own queries. Where there is too little
to show, leave ``charts`` and ``template`` empty and say in ``note`` what is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from headwater.console.charts.chart import Chart
from headwater.console.flows.part import Part
from headwater.console.letters import Mark


@dataclass(frozen=True, slots=True)
class Table:
    """What an export holds: numbers as numbers, moments as ``datetime``, nothing as None."""

    headings: tuple[str, ...]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address and the person ask for; ``marks`` are the colours of the states."""

    user: AbstractBaseUser | AnonymousUser
    facet: str = ""
    """Slug of the facet that is narrowed to ``value``, as records write it; empty: none."""
    value: str = ""
    since: datetime | None = None
    until: datetime | None = None
    every: str | None = None
    """Of each such period only the last count is drawn; None: every count."""
    with_relabelled: bool = True
    """False: moves that only a new model caused are left out (``relabelled=no``)."""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    """All parameters of the address, each with its last value."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page; see above."""

    key: str
    """The anchor, and the name of the exports: letters, digits and hyphens."""
    label: str
    """Its name in the list of sections: short, such as “Levels now”."""
    charts: tuple[Chart, ...] = ()
    template: str = ""
    """Such as ``headwater/parts/stocks_levels.html``; it finds ``section``, ``part``, ``asked``
    and what is in ``context``."""
    context: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    """What is to be said above the pictures, or instead of them."""
    table: Callable[[], Table] | None = None
    """Makes what the exports hold."""
    term: str = ""
    """Key of the glossary entry that explains the pictures."""
    scripts: tuple[str, ...] = ()
    """Static files that its template needs, beside the charts' own."""

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to see but a note."""
        return not self.charts and not self.template


Builder = Callable[[Part, Asked], Section | None]
