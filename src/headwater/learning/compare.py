"""Compare two fits: which groups grew, moved, came and went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.learning.contingency import contingency
from headwater.learning.models import Fit


@dataclass(frozen=True, slots=True)
class GroupChange:
    """One letter in two fits; None where a fit has no such group."""

    letter: str
    before: dict[str, Any] | None
    """As in ``Fit.summary["groups"]``: size, share, columns."""
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two fits of one model, side by side."""

    before: Fit
    after: Fit
    groups: tuple[GroupChange, ...]
    """A first."""
    moved: int | None
    """Rows in both fits that changed their letter; None where the labels are not kept any more."""
    compared: int | None
    """Rows in both fits."""
    letters_before: tuple[str, ...]
    letters_after: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...] | None
    """Rows by letter before (down) and after (across)."""


def compare_fits(before: Fit, after: Fit) -> Comparison:
    """Return what changed from one fit to another of the same statistical model."""
    if before.model_id != after.model_id:
        raise ValueError(
            f"“{before}” and “{after}” are fits of different statistical models; compare fits of "
            "one."
        )
    groups_before, groups_after = _groups(before), _groups(after)
    letters = sorted({*groups_before, *groups_after}, key=_order)
    letters_before = tuple(sorted(groups_before, key=_order))
    letters_after = tuple(sorted(groups_after, key=_order))
    matrix = contingency(before, after, letters_before, letters_after)
    moved = compared = None
    if matrix is not None:
        compared = sum(map(sum, matrix))
        kept = sum(
            matrix[letters_before.index(letter)][letters_after.index(letter)]
            for letter in letters_before
            if letter in letters_after
        )
        moved = compared - kept
    return Comparison(
        before=before,
        after=after,
        groups=tuple(
            GroupChange(letter, groups_before.get(letter), groups_after.get(letter))
            for letter in letters
        ),
        moved=moved,
        compared=compared,
        letters_before=letters_before,
        letters_after=letters_after,
        matrix=matrix,
    )


def _groups(fit: Fit) -> dict[str, dict[str, Any]]:
    return {group["letter"]: group for group in fit.summary.get("groups", [])}


def _order(letter: str) -> tuple[int, str]:
    return len(letter), letter
