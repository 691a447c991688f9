"""The part of a model's form that says when it runs without anybody's asking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from headwater.learning.models import RECALCULATE, Recalculation, StatisticalModel

NAMES = ("counter_threshold", "threshold_actions", "recalculate", "recalculate_at")


class AutomationFields(forms.Form):
    """Fields of the threshold and of the schedule, all of which may stay as they come."""

    counter_threshold = forms.IntegerField(
        label="Threshold of the counter",
        required=False,
        min_value=1,
        help_text="The project's code counts what happens: a new row, a measurement. Empty: off.",
        widget=forms.NumberInput({"class": "form-control hw-number-input"}),
    )
    threshold_actions = forms.ChoiceField(
        label="At the threshold",
        required=False,
        choices=[("", "Do nothing by itself"), (RECALCULATE, "Run again in the background")],
        help_text="Running again begins a new count.",
        widget=forms.Select({"class": "form-select"}),
    )
    recalculate = forms.ChoiceField(
        label="By schedule",
        required=False,
        choices=Recalculation.choices,
        help_text="With a threshold: only if the counter has reached it by then. A schedule needs "
        "manage.py run_due_fits to be called regularly.",
        widget=forms.Select({"class": "form-select"}),
    )
    recalculate_at = forms.TimeField(
        label="From what time on",
        required=False,
        widget=forms.TimeInput(
            {"class": "form-control hw-number-input", "type": "time"}, format="%H:%M"
        ),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["recalculate_at"].help_text = (
            f"In the time zone {timezone.get_default_timezone_name()}. Hourly runs take its "
            "minutes, weekly ones fall on Mondays. Empty: midnight, or the full hour."
        )

    @property
    def automation_fields(self) -> list[forms.BoundField]:
        """The fields, for a page to show."""
        return [self[name] for name in NAMES]

    def clean_recalculate(self) -> str:
        """Return how often; “manual” where nothing was said."""
        return self.cleaned_data["recalculate"] or Recalculation.MANUAL


def automation_values(model: StatisticalModel | None) -> dict[str, Any]:
    """Return what the fields show at first."""
    model = model or StatisticalModel()
    return {name: getattr(model, name) for name in NAMES}


def set_automation(model: StatisticalModel, cleaned: dict[str, Any]) -> None:
    """Put what was filled in on ``model``."""
    for name in NAMES:
        setattr(model, name, cleaned[name])
