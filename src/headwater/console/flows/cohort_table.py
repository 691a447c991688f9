"""Cohort retention as a heat map: of those who came together, how many are still there later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headwater.console.flows.heat import HeatCell, HeatColumn, HeatRow, HeatTable, shade
from headwater.console.flows.moves import kept
from headwater.console.flows.part import Part
from headwater.console.flows.period_words import period_label, period_noun
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.flows.waiting import next_due, whole
from headwater.console.words import counted, figure, percent
from headwater.engines.periods import MONTHLY, PERIODS, QUARTERLY, WEEKLY, YEARLY

if TYPE_CHECKING:
    from headwater.stockandflow.analysis.cohorts import Cohort, Retention

KEY = "cohorts"
LABEL = "Cohorts"
GONE = "gone"
"""Parameter of the address: the stock that counts as gone; empty: none but the outside."""
MOST_COHORTS = 26
"""More are put together by a longer period."""


def cohorts_section(part: Part, asked: Asked) -> Section | None:
    """Return the section that says how many of those who came together are still there."""
    from headwater.stockandflow.analysis.cohorts import retention

    partition = part.partition
    if partition is None:
        return None
    every = asked.every
    found = retention(partition, every=every)
    for longer in (WEEKLY, MONTHLY, QUARTERLY, YEARLY):
        if len(found.cohorts) <= MOST_COHORTS:
            break
        if PERIODS.index(longer) > PERIODS.index(found.period):
            every = longer
            found = retention(partition, every=every)
    gone = _gone(asked, found)
    if gone:
        there = [state for state in asked.marks if state != gone]
        found = retention(partition, every=every, states=there)
    if not any(cohort.start is not None for cohort in found.cohorts):
        note = f"Cohorts need objects that came after the first count. {next_due(partition)}"
        return Section(KEY, LABEL, note=note)

    def table() -> Table:
        return Table(
            ("came", "size", "periods_later", "there"),
            [
                (cohort.start, cohort.size, later, count)
                for cohort in found.cohorts
                for later, count in enumerate(cohort.remaining)
                if count is not None
            ],
        )

    return Section(
        KEY,
        LABEL,
        note=whole(asked, dates=True),
        template="headwater/parts/stocks_cohorts.html",
        context={
            "heat": retention_table(found, part.name_of(gone) if gone else ""),
            "gone_name": GONE,
            "gone_choices": [
                ("", "who are outside", not gone),
                *(
                    (state, f"who are outside, or in {part.name_of(state)}", state == gone)
                    for state in asked.marks
                ),
            ],
            "kept": kept(asked, GONE),
        },
        table=table,
    )


def _gone(asked: Asked, found: Retention) -> str:
    """Return the state that counts as gone, beside the outside; "" where none does.

    Where the address says nothing and nobody ever left to the outside, it is the last stock: a
    table that says 100 % everywhere says nothing.
    """
    states = list(asked.marks)
    wanted = asked.data.get(GONE)
    if wanted is not None:
        return wanted if wanted in states else ""
    nobody_left = all(
        left is None or left == cohort.size for cohort in found.cohorts for left in cohort.remaining
    )
    return states[-1] if nobody_left and len(states) > 1 else ""


def retention_table(retention: Retention, gone: str = "") -> HeatTable:
    """Return the heat map of ``retention``, which has at least one cohort.

    ``gone`` is the stock that does not count as being there, in words.
    """
    noun = period_noun(retention.period)
    width = max(len(cohort.remaining) for cohort in retention.cohorts)
    return HeatTable(
        key="heat-cohorts",
        title=_title(retention, noun, gone),
        subtitle=f"Share of the objects that came {_within(noun)} the same {noun}, and their "
        f"number, that are there at the end of that {noun} and of the next ones"
        + (f"; who is in {gone} does not count as there" if gone else ""),
        summary=_summary(retention, noun),
        reading=(
            f"A row is a cohort: the objects that first came {_within(noun)} the same {noun}. Go "
            "along it to see how many of them are still there later.",
            "Go down a column to see whether later cohorts stay better than earlier ones.",
            "An object that left and came back counts as there again.",
            "Objects that were there at the first count have no known beginning; they are the "
            "row “Before the first count”.",
        ),
        corner=f"Came {_within(noun)} ↓ {noun.capitalize()}s later →",
        columns=[HeatColumn("Came"), *(HeatColumn(f"{i}") for i in range(width))],
        rows=[
            HeatRow(
                period_label(cohort.start, retention.period),
                [
                    HeatCell(figure(cohort.size)),
                    *(_cell(cohort, i, noun) for i in range(width)),
                ],
            )
            for cohort in retention.cohorts
        ],
    )


def _cell(cohort: Cohort, i: int, noun: str) -> HeatCell:
    left = cohort.remaining[i] if i < len(cohort.remaining) else None
    if left is None:
        return HeatCell("")
    share = left / cohort.size if cohort.size else None
    return HeatCell(
        percent(share),
        figure(left),
        shade(share),
        spoken=f"{figure(left)} of {counted(cohort.size, 'object')} are there "
        f"{counted(i, noun)} later",
    )


def _within(noun: str) -> str:
    return "on" if noun == "day" else "in"


def share_after(retention: Retention, i: int) -> float | None:
    """Return the share of all cohorts with a known beginning that are there ``i`` periods later."""
    known = [
        (cohort.remaining[i], cohort.size)
        for cohort in retention.cohorts
        if cohort.start is not None and i < len(cohort.remaining)
    ]
    sizes = sum(size for left, size in known if left is not None)
    return sum(left for left, _ in known if left is not None) / sizes if sizes else None


def _latest(retention: Retention) -> tuple[int, float] | None:
    """Return the most periods after which a share is known, and that share."""
    width = max(len(cohort.remaining) for cohort in retention.cohorts)
    for i in range(width - 1, 0, -1):
        share = share_after(retention, i)
        if share is not None:
            return i, share
    return None


def _title(retention: Retention, noun: str, gone: str) -> str:
    after = share_after(retention, 1)
    if after is None:
        return f"It is too early to say how many stay: no cohort is a {noun} old"
    if (latest := _latest(retention)) is not None and gone and latest[0] > 1:
        later, share = latest
        return f"{percent(share)} are still there {later} {noun}s after they came, not in {gone}"
    return f"{percent(after)} are still there a {noun} after they came"


def _summary(retention: Retention, noun: str) -> str:
    known = [cohort for cohort in retention.cohorts if cohort.start is not None]
    size = sum(cohort.size for cohort in known)
    came = f"{counted(size, 'object')} came {_within(noun)} {counted(len(known), noun)}."
    latest = _latest(retention)
    if latest is None or latest[0] == 1:
        return came
    return (
        f"{came} Of those it is known of, {percent(latest[1])} are there {latest[0]} {noun}s later."
    )
