"""Variational mixtures: the kernel, the search and the estimator."""

from headwater.engines.mixture.estimator import PriorConflictWarning, VariationalMixture

__all__ = ["PriorConflictWarning", "VariationalMixture"]
