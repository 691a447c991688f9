"""The processes that a person may see, and what of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from headwater.console.flows.part import Part, counted_things, parts_of
from headwater.console.rights import may_see_stock
from headwater.stockandflow.definitions import Process
from headwater.stockandflow.discover import all_processes


@dataclass(frozen=True, slots=True)
class Found:
    """A process with the parts that the person may see, and why others are hidden."""

    process: Process
    parts: tuple[Part, ...]
    hidden: tuple[str, ...]

    @property
    def slugs(self) -> list[str]:
        """What a click counts of it: not what is only counted where code asks for it.

        Of that, code tells the moments and the period; a count of today would break its series.
        """
        things = [one for part in self.parts for one in counted_things(part)]
        return [one.slug for one in things if one.every is not None]


def found_processes(user: AbstractBaseUser | AnonymousUser) -> tuple[list[Found], int]:
    """Return the processes that ``user`` may see something of, and how many are hidden.

    Raises DefinitionError where a ``stocks.py`` does not hold.
    """
    every = [_found(process, user) for process in all_processes()]
    seen = [one for one in every if one.parts]
    return seen, len(every) - len(seen)


def find_process(user: AbstractBaseUser | AnonymousUser, slug: str) -> Found | None:
    """Return the process; None where there is none, or nothing of it that ``user`` may see."""
    for process in all_processes():
        if process.slug == slug:
            found = _found(process, user)
            return found if found.parts else None
    return None


def _found(process: Process, user: AbstractBaseUser | AnonymousUser) -> Found:
    """Return the parts of ``process`` for ``user``; a single stock that is hidden is left out."""
    parts = []
    hidden = []
    for part in parts_of(process):
        rights = [(one, may_see_stock(user, one)) for one in counted_things(part)]
        hidden += [right.reason for _, right in rights if not right]
        seen = [one for one, right in rights if right]
        if part.partition is not None and seen:
            parts.append(part)
        elif part.partition is None and seen:
            stocks = tuple(stock for stock in part.stocks if stock in seen)
            known = {stock.slug for stock in stocks}
            gone = {stock.slug for stock in part.stocks} - known
            flows = tuple(
                flow
                for flow in part.flows
                if not gone.intersection((*flow.source_keys, *flow.sink_keys))
            )
            parts.append(Part(process, None, stocks, flows))
    return Found(process, tuple(parts), tuple(dict.fromkeys(hidden)))
