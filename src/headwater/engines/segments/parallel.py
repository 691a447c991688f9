"""parallel: the spread of each group along every column, for parallel coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.scales import mean_and_spread
from headwater.engines.segments.heat import in_order
from headwater.engines.segments.members import Members
from headwater.engines.table import Table

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)


def parallel(
    table: Table, labels: NDArray[Any], letters: Sequence[str], *, levels: Sequence[float] = LEVELS
) -> dict[str, Any]:
    """Return the quantiles of each group in every column that has numbers, ready for JSON.

    ``levels``; ``columns``: ``column``, ``mean`` and ``std`` of all rows in groups, by which own
    units are mean + quantile * std; ``groups``: A first, each with ``letter``, ``index`` and
    ``quantiles``, for each column one at each level, in standard deviations from the mean; None
    where the group has no value in the column. Missing values and rows outside of every group are
    left out; categorical columns and those without a value are not shown.
    """
    members = Members.of(np.asarray(labels))
    rows = {int(g): own for g, own in zip(members.groups, members.split(), strict=True)}
    columns: list[dict[str, Any]] = []
    quantiles: dict[int, list[list[float] | None]] = {index: [] for index in in_order(letters)}
    for name, values in table.columns.items():
        if table.kinds[name] == "categorical":
            continue
        numbers = values.astype(np.float64)
        known = numbers[members.rows]
        known = known[~np.isnan(known)]
        if not len(known):
            continue
        mean, spread = mean_and_spread(known)
        columns.append({"column": name, "mean": mean, "std": spread})
        for index, told in quantiles.items():
            own = numbers[rows[index]] if index in rows else numbers[:0]
            own = own[~np.isnan(own)]
            standard = (own - mean) / (spread or 1.0)
            told.append(np.quantile(standard, levels).tolist() if len(own) else None)
    return {
        "levels": list(levels),
        "columns": columns,
        "groups": [
            {"letter": letters[index], "index": index, "quantiles": told}
            for index, told in quantiles.items()
        ],
    }
