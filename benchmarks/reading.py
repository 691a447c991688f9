"""A queryset becomes a matrix: 1,000,000 rows, 3 columns and the primary key."""

from __future__ import annotations

import numpy as np

from benchmarks.row import Row, best_of, quicker
from benchmarks.visits.models import Visit
from benchmarks.visits.table import database, visits
from headwater.sources.read import read_matrix

N = 1_000_000
COLUMNS = ("seconds", "pages", "spent")
GOAL = {"PostgreSQL": 2.0, "SQLite": 1.2}


def rows() -> list[Row]:
    with visits(N):
        every = Visit.objects.order_by("pk")

        def peer() -> object:
            return np.array(list(every.all().values_list("pk", *COLUMNS)))

        def mine() -> object:
            return read_matrix(every.all(), COLUMNS)

        plain = peer()
        matrix = read_matrix(every.all(), COLUMNS)
        assert np.array_equal(np.column_stack([matrix.ids, matrix.X]), plain)
        del plain, matrix
        theirs, ours = best_of(3, peer), best_of(3, mine)
    return [
        quicker(
            f"queryset to matrix, {N:,} × 3, {database()}",
            ours,
            theirs,
            than="np.array(list(values_list()))",
            goal=GOAL[database().split()[0]],
            how="Best of 3 each, with the same ids and values in the same order.",
        )
    ]
