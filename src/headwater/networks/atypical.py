"""Atypical: values that lie far from what a network of one metric expects of the next one.

What a fit learned of the metric is a mean and a standard deviation of the posterior predictive,
kept with the fit; so a view asks two numbers of the database, and a queryset compares in SQL.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from headwater.learning.errors import FitError, NotInferredError
from headwater.learning.models import Fit

if TYPE_CHECKING:
    from headwater.networks.models import BayesianNetwork


def typical_interval(network: BayesianNetwork, *, deviations: float = 2.0) -> tuple[float, float]:
    """Return mean ∓ ``deviations`` standard deviations of the posterior predictive.

    Raises ``NotInferredError`` before the first fit, and ``FitError`` where the network is not of
    one observed metric with a mean and a precision.
    """
    if not (math.isfinite(deviations) and deviations > 0):
        raise ValueError(f"deviations was {deviations!r}; it takes a finite number above 0.")
    told = _predictive(network)
    reach = deviations * told["deviation"]
    return told["mean"] - reach, told["mean"] + reach


def is_atypical(network: BayesianNetwork, value: float | None, *, deviations: float = 2.0) -> bool:
    """Return whether ``value`` lies outside of ``typical_interval``; None and NaN do not."""
    if value is None or value != value:
        return False
    low, high = typical_interval(network, deviations=deviations)
    return not low <= value <= high


def annotate_atypical(
    rows: QuerySet[Any],
    network: BayesianNetwork,
    *,
    field: str | None = None,
    deviations: float = 2.0,
    name: str = "is_atypical",
) -> QuerySet[Any]:
    """Return ``rows`` with a boolean ``name``: whether ``field`` lies outside of the interval.

    ``field`` is the column that the network observes unless another is given. It is compared in
    the database, so it can be filtered, ordered and counted.
    """
    low, high = typical_interval(network, deviations=deviations)
    lookup = field or _predictive(network)["column"]
    outside = Q(**{f"{lookup}__lt": low}) | Q(**{f"{lookup}__gt": high})
    flag = Case(When(outside, then=Value(True)), default=False, output_field=BooleanField())
    annotated: QuerySet[Any] = rows.annotate(**{name: flag})
    return annotated


def _predictive(network: BayesianNetwork) -> dict[str, Any]:
    """Return what the current fit keeps of it, without the artifact and the rest of the fit."""
    if network.current_fit_id is None:
        raise NotInferredError(f"“{network}” has no inference yet. Run one first.")
    kept = Fit.objects.filter(pk=network.current_fit_id)
    told: dict[str, Any] | None = kept.values_list("summary__network__predictive", flat=True).get()
    if not told:
        raise FitError(
            f"“{network}” has no predictive of a single metric. That needs one observed node, a "
            "GaussianARD of one column, whose mean and precision are nodes or numbers."
        )
    return told
