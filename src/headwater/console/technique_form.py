"""What the forms of techniques have in common: fields of declared parameters, made and shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from headwater.console.learning_form import LearningForm, prefixed, read_filter
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.parameters import Parameter, Parameters
from headwater.engines.technique import Technique
from headwater.learning.models import StatisticalModel
from headwater.sources.models import Source

OF_TECHNIQUE, OF_ENCODING = "p_", "e_"
"""What the names of fields made from declared parameters begin with."""


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes without Django's list around them; a template part draws them."""

    template_name = "headwater/parts/checkboxes.html"
    notes: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["note"] = self.notes.get(str(value), "")
        return option


def parameter_field(parameter: Parameter, columns: list[str]) -> forms.Field:
    """Return the form field of a declared parameter; the declaration itself judges the value."""
    common: dict[str, Any] = {
        "label": parameter.label,
        "help_text": parameter.help,
        "required": False,
    }
    if parameter.kind == "boolean":
        return forms.BooleanField(**common)
    if parameter.kind == "choice":
        return forms.ChoiceField(choices=parameter.choices, widget=select(), **common)
    if parameter.kind == "columns":
        return forms.MultipleChoiceField(
            choices=[(name, name) for name in columns], widget=Checkboxes(), **common
        )
    attrs: dict[str, Any] = {"class": "form-control"}
    if parameter.kind == "text":
        return forms.CharField(widget=forms.TextInput(attrs), **common)
    attrs |= {"class": "form-control hw-number-input", "step": "any", "inputmode": "decimal"}
    if parameter.kind == "integer":
        attrs |= {"step": 1, "inputmode": "numeric"}
    if parameter.minimum is not None:
        attrs["min"] = parameter.minimum
    if parameter.maximum is not None:
        attrs["max"] = parameter.maximum
    return forms.CharField(widget=forms.NumberInput(attrs), **common)


def filter_field() -> forms.CharField:
    """Return the field of lookups that rows must meet."""
    return forms.CharField(
        label="Only rows where",
        required=False,
        help_text='Lookups that a row must meet, as JSON: {"is_active": true}. Empty: all rows.',
        widget=forms.Textarea({"class": "form-control", "rows": 2, "spellcheck": "false"}),
    )


def select() -> forms.Select:
    """Return the widget of a choice."""
    return forms.Select(attrs={"class": "form-select"})


def fill_defaults(chosen: QueryDict, technique: str) -> None:
    """Fill in the defaults of ``technique`` where the page had the fields of another one."""
    known = TECHNIQUES.get(technique)
    if known and chosen.get("shown_technique") != technique:
        for key in [key for key in chosen if key.startswith(OF_TECHNIQUE)]:
            del chosen[key]
        for key, value in prefixed(OF_TECHNIQUE, known.parameters, {}).items():
            if value is True:
                chosen[key] = "on"
            elif value is not False:
                chosen[key] = str(value)


class TechniqueForm(LearningForm):
    """A form in which rows, columns and a technique are chosen; its lists depend on them."""

    instance: StatisticalModel | None
    """What is changed; None: a new one is made."""
    technique_chosen: Technique | None

    def offer_parameters(self, numeric: list[str]) -> None:
        """Make the fields of the technique, and of how columns, ``numeric`` ones, are prepared."""
        if self.technique_chosen:
            for parameter in self.technique_chosen.parameters:
                self.fields[OF_TECHNIQUE + parameter.name] = parameter_field(parameter, [])
        chosen = self["columns"].value() or []
        numeric = [name for name in numeric if name in chosen]
        for parameter in ENCODING:
            self.fields[OF_ENCODING + parameter.name] = parameter_field(parameter, numeric)

    def bound(
        self, prefix: str, parameters: Parameters, *, advanced: bool
    ) -> list[forms.BoundField]:
        """Return the fields of declared parameters that are folded away, or the others."""
        return [self[prefix + p.name] for p in parameters if p.advanced is advanced]

    @property
    def plain_parameters(self) -> list[forms.BoundField]:
        """Fields of the technique's parameters that everybody should see."""
        known = self.technique_chosen
        return self.bound(OF_TECHNIQUE, known.parameters, advanced=False) if known else []

    @property
    def advanced_parameters(self) -> list[forms.BoundField]:
        """Fields of the technique's parameters that are folded away."""
        known = self.technique_chosen
        return self.bound(OF_TECHNIQUE, known.parameters, advanced=True) if known else []

    @property
    def advanced_has_errors(self) -> bool:
        """Whether a folded parameter needs to be seen."""
        return any(field.errors for field in self.advanced_parameters)

    @property
    def encoding_fields(self) -> list[forms.BoundField]:
        """Fields of how columns are prepared, without lists that nothing can be chosen from."""
        fields = [self[OF_ENCODING + parameter.name] for parameter in ENCODING]
        return [field for field in fields if getattr(field.field, "choices", True)]

    def clean_filter(self) -> dict[str, Any]:
        """Return the filter as a mapping."""
        return read_filter(self.cleaned_data["filter"])

    def own_source(self) -> Source:
        """Return the source to change: the model's own, or a new one where others share it."""
        own = self.instance.source if self.instance is not None else None
        if self.instance is None or own is None:
            return Source()
        others = StatisticalModel.objects.filter(source=own).exclude(pk=self.instance.pk)
        return Source(columns=own.columns) if others.exists() else own


def set_columns(source: Source, chosen: list[str]) -> None:
    """Give ``source`` the columns ``chosen``; those that it had keep their order.

    The order is part of what a fit is compared by.
    """
    kept = [name for name in source.columns if name in chosen]
    source.columns = kept + [name for name in chosen if name not in kept]
