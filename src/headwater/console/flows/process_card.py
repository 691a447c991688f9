"""What the list of processes says of each: its levels, how they went, and when it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headwater.console.flows.colours import marks_of
from headwater.console.flows.levels_shown import LevelNow, levels_now
from headwater.console.flows.needs import due_in_words, last_counted, next_due
from headwater.console.flows.part import Part
from headwater.console.flows.process_found import Found
from headwater.console.flows.section import Asked
from headwater.console.letters import Mark
from headwater.console.words import counted, figure, listed
from headwater.stockandflow.definitions import Process
from headwater.stockandflow.models import StockRecord

LAST = 60
"""Counts that the small picture shows."""
MOST = 8
"""Stocks that are named; the page of the process has all."""
WIDTH, HEIGHT = 300.0, 44.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One stock of the small picture: an area of a partition, a line of a single stock."""

    mark: Mark
    points: str
    is_line: bool


@dataclass(frozen=True, slots=True)
class PartCard:
    """One part of a process."""

    part: Part
    lines: tuple[LevelNow, ...]
    more: int
    """Stocks that are not named."""
    total: int | None
    """Objects in all stocks of a partition; None for single stocks, which may overlap."""
    shapes: tuple[Shape, ...]
    spoken: str
    """The small picture in words."""
    counted_at: datetime | None
    due: str


@dataclass(frozen=True, slots=True)
class ProcessCard:
    """One process."""

    process: Process
    parts: tuple[PartCard, ...]
    is_partly_hidden: bool


def card_of(found: Found, asked: Asked) -> ProcessCard:
    """Return what the list says of a process; ``asked`` asks for all objects."""
    parts = tuple(_part_card(part, asked) for part in found.parts)
    return ProcessCard(found.process, parts, bool(found.hidden))


def _part_card(part: Part, asked: Asked) -> PartCard:
    marks = marks_of(part)
    lines = levels_now(part, Asked(user=asked.user, marks=marks))
    named = [line for line in lines if not line.is_retired]
    if len(named) > MOST:
        largest = sorted(named, key=lambda line: -(line.count or 0))[:MOST]
        shown = [line for line in named if line in largest]
    else:
        shown = named
    is_partition = part.partition is not None
    counts = _newest(part)
    return PartCard(
        part=part,
        lines=tuple(shown),
        more=len(named) - len(shown),
        total=sum(line.count or 0 for line in lines) if is_partition and counts else None,
        shapes=_areas(counts, marks) if is_partition else _lines(counts, marks),
        spoken=_spoken(counts, part),
        counted_at=last_counted(part),
        due=due_in_words(next_due(part)),
    )


Counts = list[tuple[datetime, dict[str, int]]]


def _newest(part: Part) -> Counts:
    """Return the newest counts, the oldest first: moment and level of each stock."""
    if part.partition is not None:
        records = StockRecord.objects.filter(partition=part.partition.slug)
    else:
        slugs = [stock.slug for stock in part.stocks]
        records = StockRecord.objects.filter(partition="", stock__in=slugs)
    starts = records.order_by("-period_start").values_list("period_start", flat=True).distinct()
    newest = list(starts[:LAST])
    if not newest:
        return []
    found: dict[datetime, dict[str, int]] = {}
    rows = records.filter(period_start__gte=newest[-1]).order_by("period_start")
    for start, stock, count in rows.values_list("period_start", "stock", "count"):
        found.setdefault(start, {})[stock] = count
    return list(found.items())


def _places(counts: Counts) -> list[float]:
    first, last = counts[0][0], counts[-1][0]
    whole = (last - first).total_seconds()
    return [WIDTH * (at - first).total_seconds() / whole if whole else 0.0 for at, _ in counts]


def _areas(counts: Counts, marks: dict[str, Mark]) -> tuple[Shape, ...]:
    """Return the levels one upon the other, the first stock on top."""
    top = max((sum(levels.values()) for _, levels in counts), default=0)
    if len(counts) < 2 or not top:
        return ()
    places = _places(counts)
    below = [0.0] * len(counts)
    shapes = []
    for state, mark in reversed(marks.items()):
        above = [low + levels.get(state, 0) for low, (_, levels) in zip(below, counts, strict=True)]
        edge = [(x, y) for x, y in zip(places, above, strict=True)]
        back = [(x, y) for x, y in zip(places, below, strict=True)]
        shapes.append(Shape(mark, _points([*edge, *reversed(back)], top), is_line=False))
        below = above
    return tuple(shapes)


def _lines(counts: Counts, marks: dict[str, Mark]) -> tuple[Shape, ...]:
    top = max((max(levels.values()) for _, levels in counts), default=0)
    if len(counts) < 2 or not top:
        return ()
    places = _places(counts)
    shapes = []
    for state, mark in marks.items():
        line = [
            (x, float(levels[state]))
            for x, (_, levels) in zip(places, counts, strict=True)
            if state in levels
        ]
        shapes.append(Shape(mark, _points(line, top), is_line=True))
    return tuple(shapes)


def _points(points: list[tuple[float, float]], top: float) -> str:
    inside = HEIGHT - 4
    return " ".join(f"{x:.1f},{HEIGHT - 2 - inside * y / top:.1f}" for x, y in points)


def _spoken(counts: Counts, part: Part) -> str:
    if len(counts) < 2:
        return ""
    first, last = counts[0][1], counts[-1][1]
    if part.partition is not None:
        ends = f"from {figure(sum(first.values()))} to {figure(sum(last.values()))} objects"
        return f"Over the last {counted(len(counts), 'count')}: {ends} in all stocks."
    told = [
        f"{stock.name} from {figure(first.get(stock.slug))} to {figure(last.get(stock.slug))}"
        for stock in part.stocks[:MOST]
    ]
    return f"Over the last {counted(len(counts), 'count')}: {listed(told)}."
