"""Back-test: how good the forecast would have been, had it been made some periods ago."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.discover import find_partition
from headwater.stockandflow.errors import NotEnoughRecords, StockAndFlowError
from headwater.stockandflow.forecast import History, history_of, play, too_few


@dataclass(frozen=True, slots=True)
class BacktestLine:
    """A level that was counted, and what was forecast for it from counts before."""

    state: str
    name: str
    moment: datetime
    actual: int
    median: float
    low80: float
    high80: float
    low95: float
    high95: float

    @property
    def is_inside80(self) -> bool:
        """Whether the level came to lie in the band of 80 %."""
        return self.low80 <= self.actual <= self.high80

    @property
    def is_inside95(self) -> bool:
        """Whether the level came to lie in the band of 95 %."""
        return self.low95 <= self.actual <= self.high95


@dataclass(frozen=True, slots=True)
class Backtest:
    """The shares of ``lines`` whose level came to lie in the bands.

    ``made_at`` is the count that the forecast was made from, ``history`` the number of periods
    before it. Levels of one period hang together, so a dozen lines are less evidence than they
    look.
    """

    coverage80: float
    coverage95: float
    lines: tuple[BacktestLine, ...]
    made_at: datetime
    history: int


def backtest(
    partition: Partition | str,
    periods: int = 3,
    *,
    include_relabelled: bool = False,
    seed: int = 0,
    draws: int = 2000,
    history: History | None = None,
) -> Backtest:
    """Return how the last ``periods`` counts compare with a forecast from the counts before them.

    Nothing of those counts is used for the forecast. States in which nobody was by then, and that
    the code does not state, cannot have been forecast and are left out. ``history`` is what
    ``history_of`` returned, where that was read already. Raises NotEnoughRecords where fewer than
    two counts are left, or where one of the last ones was missed.
    """
    partition = find_partition(partition)
    if periods < 1:
        raise StockAndFlowError(
            f"A back-test of {periods} periods was asked for. Ask for one or more."
        )
    if history is None:
        history = history_of(partition, include_relabelled=include_relabelled)
    held_out = history.intervals[-periods:]
    before = _before(history, periods)
    if not before.intervals or [one.closing for one in held_out] != [*history.counts[-periods:]]:
        raise NotEnoughRecords(too_few(partition, history, periods + 2))
    last = held_out[0].opening
    moments = [one.closing.counted_at for one in held_out]
    found = play(partition, before, last, moments, rates={}, seed=seed, draws=draws)
    lines = tuple(
        BacktestLine(
            state=state,
            name=found.names[state],
            moment=one.closing.counted_at,
            actual=one.closing.levels.get(state, 0),
            median=found.median[state][i],
            low80=found.low80[state][i],
            high80=found.high80[state][i],
            low95=found.low95[state][i],
            high95=found.high95[state][i],
        )
        for i, one in enumerate(held_out)
        for state in found.states
    )
    return Backtest(
        coverage80=sum(line.is_inside80 for line in lines) / len(lines),
        coverage95=sum(line.is_inside95 for line in lines) / len(lines),
        lines=lines,
        made_at=last.counted_at,
        history=found.history,
    )


def _before(history: History, periods: int) -> History:
    """Return ``history`` without its last ``periods`` counts."""
    return replace(
        history,
        counts=history.counts[:-periods],
        intervals=history.intervals[:-periods],
        moves=history.moves[:-periods],
    )
