"""What learning keeps: statistical models, their fits, and who was in which group."""

from headwater.learning.models.fit import (
    UNFINISHED,
    WORKER_LOST,
    Fit,
    FitReason,
    FitStatus,
    Membership,
)
from headwater.learning.models.statistical_model import (
    RECALCULATE,
    SET_BY_FITS,
    Clustering,
    Decomposition,
    Recalculation,
    StatisticalModel,
    StatisticalModelQuerySet,
    technique_choices,
)

__all__ = [
    "RECALCULATE",
    "SET_BY_FITS",
    "UNFINISHED",
    "WORKER_LOST",
    "Clustering",
    "Decomposition",
    "Fit",
    "FitReason",
    "FitStatus",
    "Membership",
    "Recalculation",
    "StatisticalModel",
    "StatisticalModelQuerySet",
    "technique_choices",
]
