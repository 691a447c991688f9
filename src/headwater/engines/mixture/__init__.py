"""Variational mixtures: the kernel, the search and the estimator."""

from headwater.engines.mixture.conflict import PriorConflictWarning
from headwater.engines.mixture.estimator import VariationalMixture

__all__ = ["PriorConflictWarning", "VariationalMixture"]
