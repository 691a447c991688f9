"""Classifiers in the Django admin."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from headwater.classification.models import Classifier
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.admin import StatisticalModelAdmin


@admin.register(Classifier)
class ClassifierAdmin(StatisticalModelAdmin):
    """Statistical models whose technique classifies, with how they are judged."""

    list_display = ["name", "technique", "source", "results_storage", "state", "score", "rows"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the classifiers."""
        return super().get_queryset(request).filter(technique__in=_techniques())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return those of any statistical model, and how a fit is judged."""
        fieldsets = copy.deepcopy(list(super().get_fieldsets(request, obj)))
        judged: Any = {
            "fields": ["evaluation"],
            "description": "The known label is the source's “known column”. Without a source, "
            "this is a configuration that spam filters refer to.",
        }
        fieldsets.insert(3, ("How it is judged", judged))
        return fieldsets

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer only techniques that classify."""
        if db_field.name == "technique":
            kwargs["choices"] = [(key, TECHNIQUES[key].label) for key in _techniques()]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @admin.display(description="score")
    def score(self, model: Classifier) -> str:
        """Return what was measured by the last fit that serves: “accuracy 0.94”."""
        scores = model.current_fit.scores if model.current_fit else {}
        if scores.get("objective") is None:
            return "-"
        return f"{scores['objective_name']} {scores['objective']:.3g}"


def _techniques() -> list[str]:
    return [key for key, one in TECHNIQUES.items() if one.family == "classification"]
