"""Contingency: how many rows are in each pair of groups of two fits."""

from __future__ import annotations

from collections.abc import Sequence

from headwater.learning.models import Fit, Membership


def contingency(
    before: Fit, after: Fit, rows: Sequence[str], columns: Sequence[str]
) -> tuple[tuple[int, ...], ...] | None:
    """Return rows that both fits have, by letter before (down) and after (across).

    ``rows`` and ``columns`` are the letters in the order wanted. Rows in no group of either fit
    are left out. None where the labels of one fit are not kept any more.
    """
    kept = {m.fit_id: m for m in Membership.objects.filter(fit__in=[before, after])}
    if before.pk not in kept or after.pk not in kept:
        return None
    import numpy as np

    from headwater.learning.membership import unpack_members

    one = unpack_members(kept[before.pk].packed).grouping
    two = unpack_members(kept[after.pk].packed).grouping
    if (one.ids.dtype.kind in "iu") != (two.ids.dtype.kind in "iu"):
        return tuple((0,) * len(columns) for _ in rows)
    _, at_one, at_two = np.intersect1d(one.ids, two.ids, assume_unique=True, return_indices=True)
    grouped = (one.labels[at_one] >= 0) & (two.labels[at_two] >= 0)
    at_one, at_two = at_one[grouped], at_two[grouped]
    down = np.array([rows.index(letter) for letter in one.letters], dtype=np.int64)
    across = np.array([columns.index(letter) for letter in two.letters], dtype=np.int64)
    cells = down[one.labels[at_one]] * len(columns) + across[two.labels[at_two]]
    counts = np.bincount(cells, minlength=len(rows) * len(columns))
    return tuple(map(tuple, counts.reshape(len(rows), len(columns)).tolist()))
