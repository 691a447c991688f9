"""Section: how many each stock holds now, and what has changed since the count before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headwater.console.flows.needs import due_in_words, needs_counts, next_due
from headwater.console.flows.part import Part
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.letters import Mark
from headwater.console.words import counted, figure, percent


@dataclass(frozen=True, slots=True)
class LevelNow:
    """One stock at its last count, and at the one before; None: not counted."""

    state: str
    name: str
    mark: Mark
    count: int | None
    previous: int | None
    counted_at: datetime | None
    share: float | None = None
    """Of the objects in all stocks of a partition."""
    is_retired: bool = False
    objects: str = ""
    """What the address of its objects says."""

    @property
    def change(self) -> int | None:
        """Since the count before."""
        if self.count is None or self.previous is None:
            return None
        return self.count - self.previous

    @property
    def told_change(self) -> str:
        """The change with its sign."""
        change = self.change
        return f"+{figure(change)}" if change is not None and change > 0 else figure(change)

    @property
    def css(self) -> str:
        """The class of its change: nothing that changed is quiet."""
        return "" if self.change else "hw-quiet"


def levels_section(part: Part, asked: Asked) -> Section:
    """Return the section with the levels of the last count."""
    lines = levels_now(part, asked)
    known = [line for line in lines if line.counted_at is not None]
    if not known:
        return Section("levels", "Levels now", note=needs_counts(part, 1))
    return Section(
        "levels",
        "Levels now",
        template="headwater/parts/stocks_levels.html",
        context={
            "lines": [line for line in lines if not line.is_retired],
            "retired": [line for line in lines if line.is_retired],
            "title": _title(known),
            "summary": _summary(known, part),
            "counted_at": max(line.counted_at for line in known if line.counted_at),
            "due": due_in_words(next_due(part)),
            "has_shares": part.partition is not None,
            "total": sum(line.count or 0 for line in known),
        },
        table=lambda: _table(lines),
    )


def levels_now(part: Part, asked: Asked) -> list[LevelNow]:
    """Return the last two levels of each stock, of the objects that are asked for."""
    if part.partition is None:
        return _of_single(part, asked)
    found = _of_facet(part, asked) if asked.facet else _of_partition(part, asked)
    total = sum(line.count or 0 for line in found)
    return [_with_share(line, total, part) for line in found]


def _of_partition(part: Part, asked: Asked) -> list[LevelNow]:
    from headwater.stockandflow.analysis.levels import levels

    assert part.partition is not None  # noqa: S101
    found = levels(part.partition)
    lines = {line.state: line for line in found.lines}
    return [
        LevelNow(
            state,
            lines[state].name,
            mark,
            lines[state].count,
            lines[state].previous,
            found.counted_at,
            is_retired=lines[state].is_retired,
        )
        for state, mark in asked.marks.items()
        if state in lines
    ]


def _of_facet(part: Part, asked: Asked) -> list[LevelNow]:
    from headwater.stockandflow.analysis.series import level_series

    assert part.partition is not None  # noqa: S101
    series = level_series(part.partition, facet=asked.facet, value=asked.value)
    stated = part.partition.state_names()
    return [
        LevelNow(
            state,
            series.names[state],
            mark,
            *_last_two(series.moments, series.lines[state]),
            is_retired=state not in stated and not series.lines[state][-1:],
        )
        for state, mark in asked.marks.items()
        if state in series.lines
    ]


def _of_single(part: Part, asked: Asked) -> list[LevelNow]:
    from headwater.stockandflow.analysis.series import stock_series

    found = []
    for stock in part.stocks:
        series = stock_series(stock, facet=asked.facet or None, value=asked.value)
        last = _last_two(series.moments, series.lines[stock.slug])
        mark = asked.marks[stock.slug]
        found.append(LevelNow(stock.slug, stock.name, mark, *last, objects=stock.slug))
    return found


def _last_two(
    moments: Sequence[datetime], line: Sequence[int | None]
) -> tuple[int | None, int | None, datetime | None]:
    """Return the last two counts and the moment of the last; None where there is none."""
    known = [(at, count) for at, count in zip(moments, line, strict=True) if count is not None]
    if not known:
        return None, None, None
    return known[-1][1], known[-2][1] if len(known) > 1 else None, known[-1][0]


def _with_share(line: LevelNow, total: int, part: Part) -> LevelNow:
    slug = part.partition.slug if part.partition is not None else ""
    return LevelNow(
        line.state,
        line.name,
        line.mark,
        line.count,
        line.previous,
        line.counted_at,
        share=(line.count or 0) / total if total else None,
        is_retired=line.is_retired,
        objects=f"{slug}.{line.state}",
    )


def _title(lines: Sequence[LevelNow]) -> str:
    changed = [line for line in lines if line.change]
    if changed:
        most = max(changed, key=lambda line: abs(line.change or 0))
        verb = "grew" if (most.change or 0) > 0 else "shrank"
        by = figure(abs(most.change or 0))
        extent = " most" if len(lines) > 1 else ""
        return (
            f"{most.name} {verb}{extent} since the count before: by {by}, to {figure(most.count)}"
        )
    largest = max(lines, key=lambda line: line.count or 0)
    if any(line.change is not None for line in lines):
        return "Every stock holds as many as at the count before"
    if len(lines) == 1:
        return f"{largest.name} holds {counted(largest.count, 'object')}"
    return f"{largest.name} holds most, {counted(largest.count, 'object')}"


def _summary(lines: Sequence[LevelNow], part: Part) -> str:
    told = []
    for line in lines:
        if line.is_retired:
            continue
        share = f" ({percent(line.share)})" if line.share is not None else ""
        change = f", {line.told_change} since the count before" if line.change else ""
        told.append(f"{line.name} {figure(line.count)}{share}{change}")
    total = sum(line.count or 0 for line in lines)
    head = f"{counted(total, 'object')} in all stocks: " if part.partition is not None else ""
    return f"{head}{'; '.join(told)}."


def _table(lines: Sequence[LevelNow]) -> Table:
    return Table(
        ("stock", "name", "count", "count_before", "counted_at", "is_retired"),
        [
            (line.state, line.name, line.count, line.previous, line.counted_at, line.is_retired)
            for line in lines
        ],
    )
