"""What pages of models and runs show of a classifier, besides what they show of every model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from headwater.classification.validate import trainings_of
from headwater.console.classifiers.result import classifier_result, run_before
from headwater.console.rights import may_see_groups
from headwater.console.settings_shown import evaluation_settings
from headwater.console.words import listed
from headwater.learning.models import Fit, FitStatus, StatisticalModel

User = AbstractBaseUser | AnonymousUser
FAMILY = "classification"


def classifier_part(model: StatisticalModel, current: Fit | None, user: User) -> dict[str, Any]:
    """Return the context of the page of ``model``, which is a classifier."""
    source = model.source
    return {
        "label": source.known_column if source is not None else "",
        "used_by": listed([f"“{name}”" for name in filters_of([model], user).get(model.pk, [])]),
        "evaluation_settings": evaluation_settings(model.evaluation),
        "trainings": trainings_of(model.technique, model.evaluation),
        **(_result(current, user) if current is not None else {}),
    }


def classifier_of_fit(fit: Fit, user: User) -> dict[str, Any]:
    """Return the context of the page of ``fit``, which is a run of a classifier."""
    succeeded = fit.status == FitStatus.SUCCEEDED
    return {
        "label": (fit.source or {}).get("known", ""),
        "succeeded": succeeded,
        "evaluation_settings": evaluation_settings(fit.definition.get("evaluation", {})),
        **(_result(fit, user) if succeeded else {}),
    }


def compared_metrics(before: Fit, after: Fit) -> dict[str, Any]:
    """Return the context of the measures of two runs side by side; empty where there are none."""
    shown = classifier_result(after, before)
    if shown is None or not (before.scores or {}).get("metrics"):
        return {}
    return {"metrics": shown.metrics, "paired": shown.paired}


def filters_of(models: Iterable[StatisticalModel], user: User) -> Mapping[int, list[str]]:
    """Return classifier id -> the names of the filters that use it and ``user`` may see."""
    wanted = [model.pk for model in models]
    visible = StatisticalModel.objects.visible_to(user).values("pk")
    pairs = (
        StatisticalModel.objects.filter(pk__in=visible, spamfilter__classifier__in=wanted)
        .order_by("name")
        .values_list("spamfilter__classifier", "name")
    )
    found: dict[int, list[str]] = {}
    for classifier, name in pairs if wanted else ():
        found.setdefault(classifier, []).append(name)
    return found


def _result(fit: Fit, user: User) -> dict[str, Any]:
    sees = may_see_groups(user, fit)
    return {
        "classifier": classifier_result(fit, run_before(fit)) if sees else None,
        "hidden": sees.reason,
    }
