"""The form that makes and changes a statistical model, made from the catalog's declarations."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db import models, transaction
from django.http import QueryDict

from headwater.console.automation_form import automation_values, set_automation
from headwater.console.choices import (
    User,
    column_choices,
    content_type_of,
    model_choices,
    target_choices,
)
from headwater.console.learning_form import prefixed
from headwater.console.technique_form import (
    OF_ENCODING,
    OF_TECHNIQUE,
    Checkboxes,
    TechniqueForm,
    fill_defaults,
    filter_field,
    select,
    set_columns,
)
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.learning.chain import label_fields
from headwater.learning.models import StatisticalModel
from headwater.sources.models import Source
from headwater.sources.reach import unviewable


def values_of(model: StatisticalModel | None) -> dict[str, Any]:
    """Return what the form shows at first: the settings of ``model``, or the defaults."""
    key = model.technique if model else next(iter(TECHNIQUES), "")
    technique = TECHNIQUES.get(key)
    values: dict[str, Any] = {"technique": key, "engine_meta_iterations": 1}
    values["engine_iterations"] = 1000
    values |= automation_values(model)
    if model:
        source = model.source or Source()
        chosen = source.content_type
        values |= {
            "name": model.name,
            "description": model.description,
            "model": f"{chosen.app_label}.{chosen.model}" if chosen else "",
            "columns": list(source.columns),
            "filter": json.dumps(source.filter, ensure_ascii=False) if source.filter else "",
            "results_storage": model.results_storage,
            "engine_meta_iterations": model.engine_meta_iterations,
            "engine_iterations": model.engine_iterations,
        }
    if technique:
        given = model.parameters if model else {}
        values |= prefixed(OF_TECHNIQUE, technique.parameters, given)
    return values | prefixed(OF_ENCODING, ENCODING, model.encoding if model else {})


class StatisticalModelForm(TechniqueForm):
    """Everything about a statistical model on one page.

    Its lists depend on the chosen model and technique, so the form is made anew from what is given
    so far: ``StatisticalModelForm.refreshed`` for a form that is still being filled.
    """

    model = forms.ChoiceField(
        label="Rows of", widget=select(), help_text="Models whose rows you may view."
    )
    columns = forms.MultipleChoiceField(
        widget=Checkboxes(),
        help_text="What makes rows alike. A few columns that matter are better than many.",
        error_messages={"required": "Choose at least one column."},
    )
    filter = filter_field()
    technique = forms.ChoiceField(widget=select())
    results_storage = forms.ChoiceField(
        label="Field that takes the letters",
        required=False,
        widget=select(),
        help_text="Text fields of the same model that you may change. What a field holds now is "
        "replaced.",
    )
    shown_model = forms.CharField(required=False, widget=forms.HiddenInput())
    shown_technique = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(
        self, data: QueryDict | None, *, user: User, instance: StatisticalModel | None = None
    ) -> None:
        values = values_of(instance)
        chosen = data.copy() if data is not None else None
        label = chosen.get("model", "") if chosen is not None else values.get("model", "")
        technique = chosen.get("technique", "") if chosen is not None else values["technique"]
        self.is_behind = chosen is not None and (
            chosen.get("shown_technique") != technique or chosen.get("shown_model") != label
        )
        """Whether the lists were made for another model or technique than the one now chosen."""
        if chosen is not None:
            _fill(chosen, label, technique)
        values |= {"shown_model": label, "shown_technique": technique}
        super().__init__(chosen, initial=values)
        self.user = user
        self.instance = instance
        self.technique_chosen = TECHNIQUES.get(technique)
        self._offer_models(label)
        self.rows_of = self._model_of(label)
        self._offer_columns_and_targets()
        self.offer_parameters(self.numeric)

    # --- lists ---

    def _offer_models(self, label: str) -> None:
        choices: list[Any] = [("", "Choose …"), *model_choices(self.user)]
        if self.instance is not None and self.instance.source is not None:
            known = {value for _, group in choices[1:] for value, _ in group}
            own = self.instance.source.content_type
            if own is not None and f"{own.app_label}.{own.model}" not in known:
                choices.append((f"{own.app_label}.{own.model}", own.name.capitalize()))
        self.fields["model"].choices = choices  # type: ignore[attr-defined]
        technique_choices = [
            (key, one.label) for key, one in TECHNIQUES.items() if one.family == "clustering"
        ]
        self.fields["technique"].choices = technique_choices  # type: ignore[attr-defined]

    def _model_of(self, label: str) -> type[models.Model] | None:
        field = self.fields["model"]
        if not label or not field.valid_value(label):  # type: ignore[attr-defined]
            return None
        content_type = content_type_of(label)
        return content_type.model_class() if content_type else None

    def _offer_columns_and_targets(self) -> None:
        columns = column_choices(self.user, self.rows_of) if self.rows_of else []
        names = {column.value: column.label for column in columns}
        targets = target_choices(self.user, self.rows_of) if self.rows_of else []
        fields = {target.value: target.label for target in targets}
        if self.instance is not None:
            source = self.instance.source or Source()
            own = source.content_type.model_class() if source.content_type else None
            if self.rows_of is not None and own is self.rows_of:
                names |= {name: name for name in source.columns if name not in names}
            kept = self.instance.results_storage
            own_field = kept.rpartition(".")[2]
            if kept in fields and own_field not in source.columns:
                names.pop(own_field, None)  # its own labels are nothing to learn from
            if kept and kept not in fields:
                fields[kept] = f"{kept} (as before)"
        self.numeric = [c.value for c in columns if c.note == "number"]
        widget = self.fields["columns"].widget
        widget.notes = {column.value: column.note for column in columns}
        self.fields["columns"].choices = list(names.items())  # type: ignore[attr-defined]
        self.fields["results_storage"].choices = [  # type: ignore[attr-defined]
            ("", "None: keep the result in the history only"),
            *fields.items(),
        ]

    # --- judging and saving ---

    def clean(self) -> dict[str, Any]:
        """Let the catalog, the source and the model judge, each error at its field."""
        cleaned = self.cleaned_data
        parameters: dict[str, Any] = {}
        if self.technique_chosen:
            parameters = self.declared(OF_TECHNIQUE, self.technique_chosen.parameters)
        encoding = self.declared(OF_ENCODING, ENCODING)
        content_type = content_type_of(cleaned.get("model", ""))
        if content_type is None or "columns" not in cleaned or self.errors:
            return cleaned
        self.source = self.own_source()
        self.source.content_type = content_type
        set_columns(self.source, cleaned["columns"])
        self.source.filter = cleaned["filter"]
        self.source.labels = label_fields()
        self.judge(self.source, {"content_type": "model"})
        if self.source.content_type.model_class() is not None:
            for name, sentences in unviewable(self.source, self.user).items():
                for sentence in sentences:
                    self.add_error("model" if name == "content_type" else name, sentence)

        self.result = self.instance or StatisticalModel(owner_id=self.user.pk)
        for name in ("name", "description", "technique", "results_storage"):
            setattr(self.result, name, cleaned[name])
        self.result.engine_meta_iterations = cleaned["engine_meta_iterations"]
        self.result.engine_iterations = cleaned["engine_iterations"]
        self.result.parameters = parameters
        self.result.encoding = encoding
        self.result.source = self.source
        set_automation(self.result, cleaned)
        if not self.errors:
            self.judge(self.result, {"source": "columns"}, exclude=["source"])
        return cleaned

    def save(self) -> StatisticalModel:
        """Save source and model together, and return the model."""
        with transaction.atomic():
            self.source.save()
            self.result.source = self.source
            self.result.save()
        return self.result


def _fill(chosen: QueryDict, label: str, technique: str) -> None:
    """Fill in the defaults of fields that were not on the page for the technique now chosen."""
    fill_defaults(chosen, technique)
    if chosen.get("shown_model") != label:
        chosen.setlist("columns", [])
        chosen.setlist(f"{OF_ENCODING}log", [])
        chosen["results_storage"] = ""
    chosen["shown_model"], chosen["shown_technique"] = label, technique
