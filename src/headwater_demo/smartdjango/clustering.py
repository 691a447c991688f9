"""The statistical model that finds SmartDjango's groups of users."""

from __future__ import annotations

from headwater.learning.models import StatisticalModel

CLUSTERING = "Clustering (Example)"


def clustering() -> StatisticalModel | None:
    """Return the model “Clustering (Example)” with its current fit; None where it was deleted."""
    return (
        StatisticalModel.objects.select_related("current_fit")
        .defer("current_fit__artifact")
        .filter(name=CLUSTERING)
        .first()
    )
