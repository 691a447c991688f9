"""Runs that can be laid beside another one: divisions of the same rows."""

from __future__ import annotations

from typing import Any

from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater.sources.reads import rows_key

EARLIER = 20
"""Earlier runs of the same analysis that are offered, at most."""


def comparable_with(fit: Fit, user: Any) -> list[Fit]:
    """Return runs with groups of the same rows as ``fit`` that ``user`` may see.

    First the runs in use of other analyses, by name, those of the same version of a dataset before
    others; then other runs of the same analysis, the newest first. Whether ``user`` may see their
    groups, where they are of a Django model, is for the caller to say.
    """
    wanted = rows_key(fit.source)
    models = (
        StatisticalModel.objects.visible_to(user)
        .exclude(pk=fit.model_id)
        .select_related("current_fit", "current_fit__model")
        .defer("current_fit__artifact", "current_fit__trace")
    )
    if wanted.startswith("dataset:"):
        models = models.filter(source__dataset=fit.source["dataset"])
    in_use = [
        model.current_fit
        for model in models.order_by("name")
        if model.current_fit is not None
        and model.current_fit.n_groups is not None
        and rows_key(model.current_fit.source) == wanted
    ]
    in_use.sort(key=lambda one: one.source.get("version") != fit.source.get("version"))
    earlier = (
        Fit.objects.filter(
            model__in=StatisticalModel.objects.visible_to(user).filter(pk=fit.model_id),
            status=FitStatus.SUCCEEDED,
            n_groups__isnull=False,
            membership__isnull=False,
        )
        .exclude(pk=fit.pk)
        .select_related("model")
        .defer("artifact", "trace")
    )
    same = [one for one in earlier.order_by("-pk")[:EARLIER] if rows_key(one.source) == wanted]
    return [*in_use, *same]
