"""Spam filters in the Django admin, and what admins of judged rows take."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from headwater.engines.classification.declared import EVALUATION
from headwater.engines.parameters import Parameters
from headwater.engines.text.declared import REPRESENTATION
from headwater.learning.admin import StatisticalModelAdmin
from headwater.spam.filter_form import JUDGED, TERMS, SpamFilterForm
from headwater.spam.judged_admin import PreTrainingAdmin, SpammableAdmin
from headwater.spam.models import SpamFilter
from headwater.spam.pending import unjudged, why_unjudged
from headwater.spam.request import request_judging

__all__ = ["PreTrainingAdmin", "SpamFilterAdmin", "SpammableAdmin"]


def _named(parameters: Parameters, prefix: str, *, advanced: bool) -> list[Any]:
    return [f"{prefix}{one.name}" for one in parameters if one.advanced == advanced]


@admin.register(SpamFilter)
class SpamFilterAdmin(StatisticalModelAdmin):
    form = SpamFilterForm
    list_display = ["name", "state", "measured", "texts", "counted", "recalculate"]
    list_filter = ["recalculate"]
    list_select_related = ["current_fit"]
    autocomplete_fields = ["owner"]
    readonly_fields = [
        "current_fit",
        "created_at",
        "updated_at",
        "counter",
        "next_look",
        "not_judged",
    ]
    actions = ["run_inference", "judge_pending", "reset_inference", "reset_counter"]
    fieldsets = [
        (None, {"fields": ["name", "description", "owner", "not_judged"]}),
        (
            "What is learned from",
            {
                "fields": [
                    "rows",
                    "text_columns",
                    "label_column",
                    "pretraining",
                    "pretraining_weight",
                    "pretraining_fades",
                ],
                "description": "Rows that people revised, and pre-training rows. A filter never "
                "learns from its own guesses.",
            },
        ),
        ("How a text becomes numbers", {"fields": _named(REPRESENTATION, TERMS, advanced=False)}),
        (
            "More on that",
            {"fields": _named(REPRESENTATION, TERMS, advanced=True), "classes": ["collapse"]},
        ),
        (
            "What learns, and how it is judged",
            {"fields": ["classifier", *_named(EVALUATION, JUDGED, advanced=False)]},
        ),
        (
            "More on judging",
            {"fields": _named(EVALUATION, JUDGED, advanced=True), "classes": ["collapse"]},
        ),
        (
            "What happens to a text",
            {"fields": ["ham_below", "spam_from", "audit_share", "online_updates"]},
        ),
        (
            "Automation",
            {
                "fields": [
                    "counter",
                    "counter_threshold",
                    "threshold_actions",
                    "recalculate",
                    "recalculate_at",
                    "next_look",
                ],
                "description": "Each decision of a person counts 1.",
            },
        ),
        ("Results", {"fields": ["current_fit", "created_at", "updated_at"]}),
    ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave it to the form what may be chosen."""
        return admin.ModelAdmin.formfield_for_foreignkey(self, db_field, request, **kwargs)

    @admin.display(description="measured")
    def measured(self, spam_filter: SpamFilter) -> str:
        fit = spam_filter.current_fit
        value = None if fit is None else fit.scores.get("objective")
        if fit is None or value is None:
            return "-"
        return f"{fit.scores['objective_name']} {value:.3f}"

    @admin.display(description="texts")
    def texts(self, spam_filter: SpamFilter) -> str:
        fit = spam_filter.current_fit
        if fit is None or "n_own" not in fit.summary:
            return "-"
        return f"{fit.summary['n_own']:,} own, {fit.summary['n_pretraining']:,} pre-training"

    @admin.display(description="not judged")
    def not_judged(self, spam_filter: SpamFilter) -> str:
        """Return how many rows have no verdict, and what keeps the filter from judging."""
        if spam_filter.pk is None:
            return "-"
        counts = [
            f"{one.n:,} {one.spammable.model._meta.verbose_name_plural}"
            for one in unjudged(spam_filter.name)
        ]
        rows = ", ".join(counts) or "no model names this filter"
        reason = why_unjudged(spam_filter.name)
        return f"{rows}. {reason}" if reason else rows

    @admin.action(description="Judge pending rows", permissions=["run"])
    def judge_pending(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Have a worker judge the rows that have no verdict yet."""
        for spam_filter in queryset:
            if spam_filter.current_fit_id is None:
                self.message_user(
                    request,
                    f"“{spam_filter}” has no inference yet, so it judges nothing. Run one first.",
                    messages.ERROR,
                )
                continue
            request_judging(spam_filter)
            self.log_change(request, spam_filter, "Asked for verdicts on pending rows.")
            self.message_user(
                request,
                f"The rows of “{spam_filter}” without a verdict get one from a worker.",
                messages.SUCCESS,
            )
