"""Agreement: how far two fits, of one model or of two, divide the same rows in the same way."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.learning.contingency import contingency
from headwater.learning.models import Fit
from headwater.sources.reads import rows_key


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two divisions of the rows that both fits have."""

    compared: int
    """Rows in both fits."""
    matched: int
    """Rows in groups that are matched to each other."""
    rand_index: float | None
    """Adjusted for chance: 1 where both divide alike, about 0 by chance; None without rows."""
    pairs: tuple[tuple[str, str, int], ...]
    """(letter, letter, rows in both) of groups matched one to one, the largest overlap first."""
    letters_before: tuple[str, ...]
    letters_after: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    """Rows by letter before (down) and after (across)."""

    @property
    def share(self) -> float | None:
        """Share of the rows that are in matched groups."""
        return self.matched / self.compared if self.compared else None


def agreement(before: Fit, after: Fit) -> Agreement | None:
    """Return how far two fits agree; None where the labels of one are not kept.

    The fits may be of different models, as long as their rows are of one Django model or of one
    dataset. Rows in no group of either fit are left out.
    """
    one_of, other_of = rows_key(before.source), rows_key(after.source)
    if one_of != other_of:
        raise ValueError(
            f"“{before}” has rows of {one_of} and “{after}” of {other_of}; only divisions of the "
            "same rows can agree."
        )
    rows, columns = _letters(before), _letters(after)
    matrix = contingency(before, after, rows, columns)
    if matrix is None:
        return None
    import numpy as np

    from headwater.engines.segments.agreement import adjusted_rand_index

    pairs = _pairs(rows, columns, matrix)
    return Agreement(
        compared=sum(map(sum, matrix)),
        matched=sum(count for _, _, count in pairs),
        rand_index=adjusted_rand_index(np.array(matrix, dtype=np.int64)),
        pairs=pairs,
        letters_before=rows,
        letters_after=columns,
        matrix=matrix,
    )


def _letters(fit: Fit) -> tuple[str, ...]:
    letters = {group["letter"] for group in fit.summary.get("groups", [])}
    return tuple(sorted(letters, key=lambda letter: (len(letter), letter)))


def _pairs(
    rows: tuple[str, ...], columns: tuple[str, ...], matrix: tuple[tuple[int, ...], ...]
) -> tuple[tuple[str, str, int], ...]:
    """Return groups matched one to one, so that as many rows as possible are in matched ones."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    found = linear_sum_assignment(np.array(matrix), maximize=True)
    pairs = [(rows[i], columns[j], matrix[i][j]) for i, j in zip(*found, strict=True)]
    return tuple(sorted((pair for pair in pairs if pair[2]), key=lambda pair: -pair[2]))
