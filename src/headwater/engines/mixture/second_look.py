"""A second look: which groups there are is decided by rows that are no outliers.

One heavy tail describes a few gross outliers, and then describes at no further cost two groups that
cross as one. The bound of all rows asks for that; who asks for heavy tails does not. So once
outliers are told, the search is made again without them. Where the groups found so describe the
rows that are left better than the first ones do, they are taken, and learn from all rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture.climb import State
from headwater.engines.mixture.outliers import far_rows
from headwater.engines.mixture.scatter import SHARE
from headwater.engines.mixture.simplify import HOSTS, ROBUST, Simplifier
from headwater.engines.mixture.student import StudentProblem, StudentState

Array = NDArray[np.float64]

LEVEL = 1e-6
"""Share of the rows of a group's core that may be left out: rows at its edge tell groups apart."""
LEAST_GAIN = 0.5
"""Gain in nats, on the rows that are left, below which the first groups stay."""


def look_again(
    rows: Array,
    state: StudentState,
    problem: Callable[[Array], StudentProblem],
    search: Callable[[Array], tuple[State, Array]],
    watch: Callable[[StudentState, int], None],
) -> StudentState | None:
    """Return the state (of ``rows``, (D, n)) that rows without outliers lead to, or None.

    ``problem`` gives the problem of some rows, ``search`` the best Gaussian state of some rows.
    None where the rows tell no outliers, or lead to nothing better.
    """
    far = far_rows(rows, state.components, state.law(), level=LEVEL)
    if not far.any() or far.mean() > SHARE:
        return None
    left = np.ascontiguousarray(rows[:, ~far])
    found, of_rows = search(left)
    simplifier = Simplifier(of_rows, problem(of_rows), watch)
    first = simplifier.loose(simplifier.problem.transfer(state))
    begun = simplifier.problem.begin(found.sums.statistics, found.counts)
    other = simplifier.finish(simplifier.run(begun))
    if other.bound < first.bound + LEAST_GAIN:
        return None
    whole = Simplifier(rows, problem(rows), watch)
    scale = left.shape[1] / of_rows.shape[1]
    ended = []
    for host in [None, *np.argsort(-other.counts, kind="stable")[:HOSTS]]:
        robust = (np.arange(len(other.counts)) == host) | (host is None)
        ended.append(
            whole.loose(
                whole.problem.begin(
                    other.sums.statistics * scale,
                    other.counts * scale,
                    tails=np.where(robust, np.minimum(other.tails, ROBUST), other.tails),
                )
            )
        )
    same = [one for one in ended if len(one.counts) == len(other.counts)]
    return max(same, key=lambda one: one.bound, default=None)
