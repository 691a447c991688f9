"""The form that asks where the zones should begin, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from headwater.learning.errors import FitError
from headwater.spam.models import SpamFilter
from headwater.spam.thresholds import suggest_thresholds

COSTS = ("cost_false_spam", "cost_missed_spam", "cost_review")


def _cost(label: str, help_text: str) -> forms.FloatField:
    attrs = {"class": "form-control hw-number-input", "step": "any", "min": 0}
    return forms.FloatField(
        label=label,
        help_text=help_text,
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs | {"inputmode": "decimal"}),
    )


class SuggestForm(forms.Form):
    """What errors cost, or how much people can review."""

    by = forms.ChoiceField(
        label="Suggest by",
        choices=[("cost", "what each costs"), ("capacity", "how much people can review")],
        widget=forms.RadioSelect(),
    )
    cost_false_spam = _cost("Honest text refused", "In any unit: ratios count.")
    cost_missed_spam = _cost("Spam accepted", "It appears on the site.")
    cost_review = _cost("Text reviewed", "Not used with a capacity.")
    per_thousand = _cost("Reviewed of 1,000", "Used with a capacity only.")

    FIRST = {
        "by": "cost",
        "cost_false_spam": 10,
        "cost_missed_spam": 3,
        "cost_review": 1,
        "per_thousand": 50,
    }


@dataclass(frozen=True, slots=True)
class Suggested:
    """Two thresholds and what they would have done."""

    ham_below: float
    spam_from: float
    sentence: str
    is_set: bool
    """Whether they hold already."""


def suggest(spam_filter: SpamFilter, data: QueryDict) -> tuple[SuggestForm, Suggested | None]:
    """Return the form, with the answer where ``data`` asks; what is wrong stands at its field."""
    if "by" not in data:
        return SuggestForm(initial=SuggestForm.FIRST), None
    form = SuggestForm(data)
    if not form.is_valid():
        return form, None
    asked: dict[str, Any] = {
        name: form.cleaned_data[name]
        for name in (*COSTS, "per_thousand")
        if form.cleaned_data[name] is not None
    }
    by_capacity = form.cleaned_data["by"] == "capacity"
    if by_capacity and "per_thousand" not in asked:
        form.add_error("per_thousand", "Say how many of 1,000 texts people can review.")
        return form, None
    if not by_capacity:
        asked.pop("per_thousand", None)
    try:
        found = suggest_thresholds(spam_filter, **asked)
    except (FitError, ValueError) as error:
        form.add_error(None, str(error))
        return form, None
    same = (
        abs(found.ham_below - spam_filter.ham_below) < 5e-4
        and abs(found.spam_from - spam_filter.spam_from) < 5e-4
    )
    return form, Suggested(
        round(found.ham_below, 4), round(found.spam_from, 4), found.sentence, same
    )
