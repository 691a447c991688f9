"""Fields of a form for declared parameters, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from headwater.engines.parameters import Parameter, Parameters

LONG = ("given_stop_words", "vocabulary", "search")
"""Texts that are written in several lines."""


def fields_of(parameters: Parameters, prefix: str) -> dict[str, forms.Field]:
    """Return a form field for each of ``parameters``, by “prefix” and its name."""
    return {f"{prefix}{one.name}": _field(one) for one in parameters}


def initial_of(parameters: Parameters, prefix: str, given: object) -> dict[str, Any]:
    """Return what the fields begin with: the values ``given``, else the defaults."""
    values = given if isinstance(given, Mapping) else {}
    return {f"{prefix}{one.name}": values.get(one.name, one.default) for one in parameters}


def values_of(parameters: Parameters, prefix: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return name -> value out of what a form cleaned; those left empty have None."""
    found = {one.name: cleaned.get(f"{prefix}{one.name}") for one in parameters}
    return {name: None if value == "" else value for name, value in found.items()}


def _field(one: Parameter) -> forms.Field:
    options: dict[str, Any] = {"label": one.label, "help_text": one.help}
    if one.kind == "boolean":
        return forms.BooleanField(required=False, **options)
    options["required"] = not one.optional
    if one.kind == "choice":
        return forms.ChoiceField(choices=one.choices, **options)
    if one.kind == "integer":
        return forms.IntegerField(
            min_value=None if one.minimum is None else int(one.minimum),
            max_value=None if one.maximum is None else int(one.maximum),
            **options,
        )
    if one.kind == "number":
        return forms.FloatField(
            min_value=one.minimum,
            max_value=one.maximum,
            widget=forms.NumberInput(attrs={"step": "any"}),
            **options,
        )
    if one.name in LONG:
        options["widget"] = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(**options)
