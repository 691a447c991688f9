"""Two fits side by side, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.console.dates import DateKind, Dates, date_and_spread
from headwater.console.words import NOTHING, figure, mean_and_spread, near, percent
from headwater.learning.compare import Comparison
from headwater.learning.models import Fit


@dataclass(frozen=True, slots=True)
class Pair:
    """One column of one group in both fits."""

    column: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class Row:
    """One group in both fits; ``fate`` says whether it is new or gone."""

    letter: str
    fate: str
    size_before: int | None
    size_after: int | None
    share_before: float | None
    share_after: float | None
    pairs: list[Pair]

    @property
    def change(self) -> str:
        """The difference of the shares, in points of a hundred."""
        if self.share_before is None or self.share_after is None:
            return ""
        points = 100 * (self.share_after - self.share_before)
        if abs(points) < 0.05:
            return "±0"
        return f"{points:+.1f} points".replace("-", "−")


@dataclass(frozen=True, slots=True)
class CrossRow:
    """Where the rows of one group of the earlier fit are in the later one."""

    letter: str
    cells: list[tuple[int, str, bool]]
    """(rows, share of the group, whether the letter is the same)."""


def _text(summary: dict[str, Any] | None, date: DateKind | None) -> str:
    if not summary:
        return figure(None)
    if summary.get("mean") is not None and date:
        return date_and_spread(float(summary["mean"]), summary.get("std"), date)
    if summary.get("mean") is not None:
        return mean_and_spread(float(summary["mean"]), summary.get("std"))
    return ", ".join(f"{v} {percent(share)}" for v, share in (summary.get("top") or [])[:2]) or "–"


def _change(
    before: dict[str, Any] | None, after: dict[str, Any] | None, date: DateKind | None
) -> str:
    if not before or not after or before.get("mean") is None or after.get("mean") is None:
        return ""
    difference = float(after["mean"]) - float(before["mean"])
    spread = max(float(before.get("std") or 0), float(after.get("std") or 0))
    if abs(difference) <= 0.005 * spread or difference == 0:
        return "as before"
    sign = "+" if difference > 0 else ""
    return f"{sign}{figure(difference, 2)}{' days' if date else ''}"


def rows_of(comparison: Comparison, dates: Dates) -> list[Row]:
    """Return every group of either fit, by letter."""
    rows = []
    for group in comparison.groups:
        letter, a, b = group.letter, group.before, group.after
        names = dict.fromkeys([*(a or {}).get("columns", {}), *(b or {}).get("columns", {})])
        pairs = []
        for name in names:
            was = a["columns"].get(name) if a else None
            now = b["columns"].get(name) if b else None
            date = dates.get(name)
            pairs.append(Pair(name, _text(was, date), _text(now, date), _change(was, now, date)))
        rows.append(
            Row(
                letter=letter,
                fate="new" if a is None else "gone" if b is None else "",
                size_before=a["size"] if a else None,
                size_after=b["size"] if b else None,
                share_before=a["share"] if a else None,
                share_after=b["share"] if b else None,
                pairs=pairs,
            )
        )
    return rows


def nodes_of(before: Fit, after: Fit) -> list[Pair]:
    """Return the numbers of the nodes of two fits of a network; empty for other fits.

    Where rows have groups, only nodes that are one number: others count components, which are
    not the same from fit to fit.
    """
    has_groups = before.n_groups is not None or after.n_groups is not None
    was, now = _numbers(before, has_groups), _numbers(after, has_groups)
    pairs = []
    for label in dict.fromkeys([*was, *now]):
        one, two = was.get(label), now.get(label)
        pairs.append(Pair(label, _number(one), _number(two), _change(one, two, None)))
    return pairs


def _numbers(fit: Fit, only_single: bool) -> dict[str, dict[str, Any]]:
    """Return label -> mean and standard deviation."""
    told = (fit.summary or {}).get("network") or {}
    return {
        entry["label"]: {"mean": entry["mean"], "std": entry.get("deviation")}
        for node in told.get("nodes", [])
        for entry in node.get("entries", [])
        if entry.get("mean") is not None and not (only_single and node.get("n_entries") != 1)
    }


def _number(told: dict[str, Any] | None) -> str:
    if told is None:
        return NOTHING
    spread = float(told["std"] or 0.0)
    text = near(float(told["mean"]), spread)
    return f"{text} ± {near(spread, spread)}" if spread else text


def cross_of(comparison: Comparison) -> list[CrossRow]:
    """Return, for each letter of the earlier fit, where its rows are in the later one."""
    return [
        CrossRow(
            letter,
            [
                (count, percent(count / (sum(counts) or 1)), letter == other)
                for count, other in zip(counts, comparison.letters_after, strict=True)
            ],
        )
        for letter, counts in zip(comparison.letters_before, comparison.matrix or (), strict=False)
    ]
