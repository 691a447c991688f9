"""AssignsToNearest: what estimators share whose new rows join the group of what lies nearest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted, validate_data

from headwater.engines.clustering.groups import describe_groups
from headwater.engines.clustering.nearest import Nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class AssignsToNearest:
    """Labels of new rows by ``_nearest``, which the estimator gives."""

    n_threads: int | None
    labels_: Ints
    n_groups_: int

    def predict(self, X: Any) -> Ints:
        """Return the group (n,) of each row of ``X``, -1 for those outside of every group."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self._nearest().predict(X, n_threads=self.n_threads)

    def compile(self) -> Callable[[Floats], int]:
        """Return a function that gives the group of one row (d,), or -1, in microseconds."""
        check_is_fitted(self)
        return self._nearest().compile()

    def _nearest(self) -> Nearest:
        raise NotImplementedError


class GroupsAndRest(AssignsToNearest):
    """Groups that leave rows outside: their score is the share of the rows that they hold."""

    def _keep_groups(self, X: Floats) -> None:
        """Set what is told of the groups that ``labels_`` has among the rows ``X`` (n, d)."""
        groups = describe_groups(X, self.labels_, self.n_groups_)
        self.means_: Floats = groups.means
        self.weights_: Floats = groups.sizes / len(X)
        self.objective_ = float(groups.sizes.sum() / len(X))
        self.objectives_ = [self.objective_]
        self.restart_objectives_ = [self.objective_]
        self.converged_ = True
