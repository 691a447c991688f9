"""heat: how far each group's means lie from the overall ones, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.matching import position_of
from headwater.engines.scales import Floats, mean_and_spread
from headwater.engines.segments.categories import coded, indicator, most_frequent
from headwater.engines.segments.members import Members
from headwater.engines.table import Table

CATEGORIES = 5
"""Categories of a column that are shown, the most frequent."""


def heat(table: Table, labels: NDArray[Any], letters: Sequence[str]) -> dict[str, Any]:
    """Return the deviations of the groups' means, in standard deviations of the rows in groups.

    ``columns``: for each ``column``, ``kind``, ``mean`` and ``std`` of all rows in groups; each of
    the five most frequent categories of a categorical column stands as a column of 0 and 1, with
    its ``category``. ``groups``: A first, each with ``letter``, ``index``, and for each column
    ``means`` (own units) and ``deviations``, (mean - overall mean) / std; None where a group has no
    value, 0 where all rows are alike. Missing values and rows outside of every group are left out.
    """
    members = Members.of(np.asarray(labels))
    place = {int(group): code for code, group in enumerate(members.groups)}
    columns: list[dict[str, Any]] = []
    means: list[list[float | None]] = []
    deviations: list[list[float | None]] = []
    for shown, values in number_columns(table, members):
        known = ~np.isnan(values)
        if not known.any():
            continue
        overall, spread = mean_and_spread(values[known])
        columns.append({**shown, "mean": overall, "std": spread})
        own = _means(values[known], members.codes[known], len(members), overall, spread)
        deviations.append(own)
        means.append([None if each is None else overall + each * spread for each in own])
    return {
        "columns": columns,
        "groups": [
            {
                "letter": letters[index],
                "index": index,
                "means": [_of(each, place.get(index)) for each in means],
                "deviations": [_of(each, place.get(index)) for each in deviations],
            }
            for index in in_order(letters)
        ],
    }


def number_columns(table: Table, members: Members) -> Iterator[tuple[dict[str, Any], Floats]]:
    """Yield what names a column, and its values (m,) of the rows in groups, NaN: missing.

    Of a categorical column come the most frequent categories, each as 0 and 1.
    """
    for name, values in table.columns.items():
        kind, own = table.kinds[name], values[members.rows]
        if kind != "categorical":
            yield {"column": name, "kind": kind}, own.astype(np.float64)
            continue
        names, codes = coded(own)
        for place in most_frequent(names, codes, CATEGORIES):
            yield (
                {"column": name, "kind": kind, "category": names[place]},
                indicator(codes, place),
            )


def in_order(letters: Sequence[str]) -> list[int]:
    """Return the groups' numbers, A first."""
    return sorted(range(len(letters)), key=lambda index: position_of(letters[index]))


def _means(
    values: Floats, codes: NDArray[np.int64], n_groups: int, overall: float, spread: float
) -> list[float | None]:
    """Return each group's mean in standard deviations from the overall one."""
    counts = np.bincount(codes, minlength=n_groups)
    scaled = (values - overall) / spread if spread else np.zeros(len(values))
    sums = np.bincount(codes, weights=scaled, minlength=n_groups)
    return [
        total / count if count else None
        for total, count in zip(sums.tolist(), counts.tolist(), strict=True)
    ]


def _of(values: list[float | None], code: int | None) -> float | None:
    return None if code is None else values[code]
