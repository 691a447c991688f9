"""Row: one line of the table."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, ours beside a peer's, and the goal."""

    work: str
    ours: str
    peer: str
    ratio: str
    goal: str
    reached: bool
    how: str
    """How it was measured: repetitions, what was extrapolated, from what."""


def best_of(
    repeats: int, act: Callable[[], object], *, before: Callable[[], object] = int
) -> float:
    """Return the least seconds of ``repeats`` runs of ``act``; ``before`` each is not timed."""
    times = []
    for _ in range(repeats):
        before()
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times)


def seconds(value: float) -> str:
    """Return a time with three digits and a unit that fits."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if value >= scale:
            return f"{_digits(value / scale)} {unit}"
    return f"{_digits(value / 1e-6)} µs"


def quicker(
    work: str, ours: float, peer: float, *, than: str, goal: float, how: str, at_least: bool = False
) -> Row:
    """Return the row of a race; ``at_least``: the peer needs that long or longer."""
    ratio = peer / ours
    more = "≥ " if at_least else ""
    return Row(
        work,
        seconds(ours),
        f"{more}{seconds(peer)} ({than})",
        f"{more}{_digits(ratio)} ×",
        f"{goal:g} ×",
        ratio >= goal,
        how,
    )


def within(work: str, ours: float, *, limit: float | None, how: str) -> Row:
    """Return the row of work that has a limit in seconds and no peer; None: it is only shown."""
    goal = f"under {limit:g} s" if limit else "–"
    return Row(work, seconds(ours), "–", "–", goal, limit is None or ours < limit, how)


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
