"""bursts: many texts, or many that are alike, in a short time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Burst:
    """A time in which much came at once."""

    group: int | None
    """The group of similar texts that came; None: they came whatever they said."""
    count: int
    start: float
    """Seconds: when the first one came."""
    end: float
    """Seconds: when the last one came."""
    members: tuple[int, ...]
    """Positions of those that came, in the order of time."""


def bursts(
    times: Sequence[float],
    groups: Sequence[int],
    *,
    window: float = 600.0,
    alike: int = 3,
    many: int = 20,
    above: float = 5.0,
) -> list[Burst]:
    """Return the bursts, earliest first, those of similar texts before those of any.

    ``times``: seconds since any start. ``groups``: the group of each text, -1 where no other is
    like it (``Similar.groups``). ``window``: seconds that are a short time. ``alike``: so many of
    a group within it are a burst. ``many``: so many of any within it are one, where they are also
    ``above`` times as many as usual, which is the median over all windows between the first time
    and the last; in less than three windows nothing is usual. Bursts of one kind that share a text
    are one.
    """
    if len(times) != len(groups):
        raise ValueError(f"There are {len(times)} times and {len(groups)} groups; each needs one.")
    if not window > 0:
        raise ValueError(f"“window” is {window!r}; it must be a number of seconds above 0.")
    if min(alike, many) < 2:
        raise ValueError(f"“alike” is {alike} and “many” is {many}; both must be 2 or more.")
    when = np.asarray(times, dtype=np.float64)
    if not np.isfinite(when).all():
        raise ValueError("“times” has values that are no finite numbers of seconds.")
    of = np.asarray(groups, dtype=np.int64)
    order = np.argsort(when, kind="stable")
    found = _found(when, order, None, window, max(many, math.ceil(above * _usual(when, window))))
    grouped = order[np.argsort(of[order], kind="stable")]
    for part in np.split(grouped, np.flatnonzero(np.diff(of[grouped])) + 1):
        if len(part) and of[part[0]] >= 0:
            found += _found(when, part, int(of[part[0]]), window, alike)
    return sorted(found, key=lambda b: (b.start, b.group is None, b.group or 0, b.end))


def _found(
    when: FloatArray, order: IntArray, group: int | None, window: float, least: int
) -> list[Burst]:
    """Return the bursts of at least ``least`` of those in ``order``, which is that of time."""
    ordered = when[order]
    if len(order) < least:
        return []
    begins = np.flatnonzero(ordered[least - 1 :] - ordered[: len(order) - least + 1] <= window)
    # Two that share a member are one: where the next begins within what the last one covers.
    parts = np.split(begins, np.flatnonzero(np.diff(begins) >= least) + 1)
    return [
        Burst(
            group,
            int(part[-1] + least - part[0]),
            float(ordered[part[0]]),
            float(ordered[part[-1] + least - 1]),
            tuple(order[part[0] : part[-1] + least].tolist()),
        )
        for part in parts
        if len(part)
    ]


def _usual(when: FloatArray, window: float) -> float:
    """Return the median number in a window, over all windows from the first time to the last.

    0 where there are less than three.
    """
    if not len(when) or when.max() - when.min() < 2 * window:
        return 0.0
    numbers = np.floor((when - when.min()) / window).astype(np.int64)
    _, counts = np.unique(numbers, return_counts=True)
    empty = int(numbers.max()) + 1 - len(counts)
    if empty > len(counts):
        return 0.0
    return float(np.median(np.concatenate([np.zeros(empty), counts])))
