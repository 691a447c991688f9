"""The sections of the page of a run, in their order.

To add a section, write ``build(shown) -> Section | None`` (None: nothing of the kind is shown for
this run) and append it to ``BUILDERS``. The page draws ``charts`` and then ``template`` with
``context``, under the anchor ``key``. A section is made from ``shown.summary`` alone, so that it
follows when the tree is cut elsewhere, and so that a run of a million rows is shown as quickly as
one of ten; what needs the rows is loaded after the page (see ``rfm.py``).
"""

from __future__ import annotations

from collections.abc import Callable

from headwater.console.flows.section import Section
from headwater.console.segments.cards import cards_section
from headwater.console.segments.deviations import deviations_section
from headwater.console.segments.directions import (
    biplot_section,
    coordinates_section,
    explained_section,
    loadings_section,
)
from headwater.console.segments.fit_of_rows import sizes_section
from headwater.console.segments.known import known_section
from headwater.console.segments.outside import outside_section
from headwater.console.segments.picture import picture_section
from headwater.console.segments.profiles import parallel_section
from headwater.console.segments.rfm import rfm_section
from headwater.console.segments.shown import Shown

Builder = Callable[[Shown], Section | None]

BUILDERS: tuple[Builder, ...] = (
    cards_section,
    rfm_section,
    explained_section,
    biplot_section,
    loadings_section,
    coordinates_section,
    picture_section,
    sizes_section,
    deviations_section,
    parallel_section,
    outside_section,
    known_section,
)


def sections_of(shown: Shown) -> list[Section]:
    """Return the sections of ``shown``; none where the person may not see groups."""
    if not shown.sees_groups:
        return []
    built = (build(shown) for build in BUILDERS)
    return [section for section in built if section is not None]
