"""Transitions: the table of who went where, and the moves between two dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headwater.stockandflow.analysis.counts import (
    Interval,
    counted_states,
    counts_of,
    intervals_of,
    names_of,
    pages_of,
    states_of,
)
from headwater.stockandflow.analysis.net_moves import NetMove, net_moves
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.discover import find_partition

Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TransitionTable:
    """Who was in a state at one count (rows), and where at the next (columns), added up.

    ``counts`` has those who stayed on its diagonal; ``left`` those who went outside; ``entered``
    those who came from there. ``probabilities`` and ``leaving`` are shares of a row, ``left``
    included: None for a state that nobody was in. ``periods`` is the number of intervals between
    counts that are added up; ``longer`` of them spanned periods without a count.
    """

    states: tuple[str, ...]
    names: dict[str, str]
    counts: tuple[tuple[int, ...], ...]
    left: tuple[int, ...]
    entered: tuple[int, ...]
    periods: int
    longer: int

    @property
    def probabilities(self) -> tuple[tuple[float | None, ...], ...]:
        """The shares of each row."""
        return tuple(
            tuple(count / total if total else None for count in row)
            for row, total in zip(self.counts, self.totals, strict=True)
        )

    @property
    def leaving(self) -> tuple[float | None, ...]:
        """The share of each row that went outside."""
        totals = self.totals
        return tuple(
            n / total if total else None for n, total in zip(self.left, totals, strict=True)
        )

    @property
    def totals(self) -> tuple[int, ...]:
        """How many were in the state of each row, over all intervals."""
        return tuple(sum(row) + gone for row, gone in zip(self.counts, self.left, strict=True))


@dataclass(frozen=True, slots=True)
class Move:
    """Objects that were in ``source`` first and in ``sink`` later, "" being outside."""

    source: str
    sink: str
    objects: int


def transition_table(
    partition: Partition | str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    include_relabelled: bool = True,
    every: str | None = None,
) -> TransitionTable:
    """Return the transitions between counts from ``since`` to ``until``.

    An object counts once in each interval between two counts, from where it was to where it was in
    the end. Without relabelled moves, an object that only a new model put elsewhere has stayed.
    ``every`` looks from one such period to the next, and not from count to count.
    """
    partition = find_partition(partition)
    period, counts = counts_of(partition, since=since, until=until)
    intervals = intervals_of(period, counts, every)
    found = moves_of(partition, intervals, include_relabelled=include_relabelled)
    total: Counter[Ends] = sum(found, Counter())
    seen = counted_states(counts) | {end for ends in total for end in ends}
    states = states_of(partition, seen)
    return TransitionTable(
        states=states,
        names=names_of(partition, states),
        counts=tuple(tuple(total[source, sink] for sink in states) for source in states),
        left=tuple(total[source, OUTSIDE] for source in states),
        entered=tuple(total[OUTSIDE, sink] for sink in states),
        periods=len(intervals),
        longer=sum(one.missed > 0 for one in intervals),
    )


def moves_between(
    partition: Partition | str,
    since: datetime,
    until: datetime,
    *,
    include_relabelled: bool = True,
) -> tuple[Move, ...]:
    """Return where the objects were at two dates, the greatest moves first.

    "Where they were" is where the last count by that date found them; by a date before the first
    count, where the first did. Those who stayed are included. Empty where there are no two counts.
    """
    partition = find_partition(partition)
    period, counts = counts_of(partition, until=until)
    closed = [one for one in counts if one.page is not None]
    if len(closed) < 2:
        return ()
    opening = next((one for one in reversed(closed) if one.counted_at <= since), closed[0])
    intervals = intervals_of(period, [opening, closed[-1]])
    if opening is closed[-1]:
        return ()
    (found,) = moves_of(partition, intervals, include_relabelled=include_relabelled)
    moves = [Move(*ends, objects) for ends, objects in found.items() if objects]
    return tuple(sorted(moves, key=lambda one: (-one.objects, one.source, one.sink)))


def moves_of(
    partition: Partition, intervals: Sequence[Interval], *, include_relabelled: bool = True
) -> list[Counter[Ends]]:
    """Return for each interval how many went from where to where, staying included.

    The intervals follow one another.
    """
    found: list[Counter[Ends]] = [Counter() for _ in intervals]
    moves = net_moves(partition, pages_of(intervals), include_relabelled=include_relabelled)
    by_place: dict[int, list[NetMove]] = {}
    for move in moves:
        by_place.setdefault(move.place, []).append(move)
    for place, interval in enumerate(intervals):
        staying = Counter(dict(interval.opening.levels))
        for move in by_place.get(place, []):
            staying[move.start] -= move.objects
            found[place][move.source, move.sink] += move.objects
        for state, objects in staying.items():
            if state != OUTSIDE and objects > 0:
                found[place][state, state] += objects
        del found[place][OUTSIDE, OUTSIDE]
    return found
