"""What the forms of statistical models have in common: fields, and how values are judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.utils import ErrorDict
from django.http import QueryDict

from headwater.console.automation_form import AutomationFields
from headwater.engines.parameters import ParameterError, Parameters

TAKEN = "There is a statistical model of that name already. Choose another name."


def prefixed(prefix: str, parameters: Parameters, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of declared parameters by name of their field, defaults filled in."""
    whole = {**parameters.defaults(), **given}
    return {f"{prefix}{p.name}": "" if whole[p.name] is None else whole[p.name] for p in parameters}


def read_filter(text: str) -> dict[str, Any]:
    """Return the lookups of a filter that was written as JSON; raises ValidationError."""
    text = text.strip()
    if not text:
        return {}
    try:
        given = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValidationError(
            f"This is not JSON: {error.msg} at character {error.pos + 1}. "
            'Write for example {"is_active": true}.'
        ) from None
    if not isinstance(given, dict):
        raise ValidationError('Write lookups with their values, such as {"is_active": true}.')
    return given


class LearningForm(AutomationFields):
    """Fields that every statistical model has; the catalog and the models judge what is given."""

    name = forms.CharField(
        max_length=100,
        help_text="Code of the project asks for it by this name.",
        error_messages={"required": "Give it a name."},
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
    )
    description = forms.CharField(
        required=False,
        help_text="What it is for, in a sentence.",
        widget=forms.Textarea({"class": "form-control", "rows": 2}),
    )
    engine_meta_iterations = forms.IntegerField(
        label="Restarts",
        min_value=1,
        max_value=1000,
        help_text="How many searches to make from different starts; the best is kept.",
        widget=forms.NumberInput({"class": "form-control hw-number-input"}),
    )
    engine_iterations = forms.IntegerField(
        label="Iterations at most",
        min_value=1,
        max_value=1_000_000,
        help_text="Where one search stops, even if it has not settled.",
        widget=forms.NumberInput({"class": "form-control hw-number-input"}),
    )

    @classmethod
    def refreshed(cls, data: QueryDict, **options: Any) -> Self:
        """Return the form with lists that fit what was chosen so far, and no complaints yet."""
        form = cls(data, **options)
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        return form

    def declared(self, prefix: str, parameters: Parameters) -> dict[str, Any]:
        """Return the values of declared parameters, each error put at its field."""
        given = {
            p.name: self.cleaned_data[prefix + p.name]
            for p in parameters
            if prefix + p.name in self.cleaned_data
        }
        try:
            return parameters.clean(given)
        except ParameterError as error:
            for name, sentence in error.errors.items():
                self.add_error(prefix + name, sentence)
            return {}

    def judge(
        self,
        judged: models.Model,
        names: Mapping[str, str] | None = None,
        *,
        exclude: list[str] | None = None,
    ) -> None:
        """Let ``judged`` judge itself, each error put at its field; ``names`` maps their names."""
        try:
            judged.full_clean(exclude=exclude)
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                place = (names or {}).get(name, name)
                at_field = name != NON_FIELD_ERRORS and place in self.fields
                for one in errors:
                    taken = name == "name" and one.code == "unique"
                    for message in [TAKEN] if taken else one.messages:
                        self.add_error(place if at_field else None, message)
