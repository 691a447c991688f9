"""The form that makes and changes a classifier, made from the catalog's declarations."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict

from headwater.classification.models import Classifier
from headwater.classification.validate import trainings_of
from headwater.console.automation_form import automation_values, set_automation
from headwater.console.choices import User
from headwater.console.classifiers.rows import rows_choices, rows_of, value_of
from headwater.console.learning_form import prefixed
from headwater.console.technique_form import (
    OF_ENCODING,
    OF_TECHNIQUE,
    Checkboxes,
    TechniqueForm,
    fill_defaults,
    filter_field,
    parameter_field,
    select,
    set_columns,
)
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.classification.declared import EVALUATION
from headwater.learning.chain import label_fields
from headwater.sources.models import Source
from headwater.sources.reach import unviewable

OF_EVALUATION = "v_"
FIRST = "logistic_regression"
"""The technique of a new classifier."""


def classifier_techniques() -> list[tuple[str, str]]:
    """Return the techniques that classify, as choices."""
    return [(key, one.label) for key, one in TECHNIQUES.items() if one.family == "classification"]


def values_of(model: Classifier | None) -> dict[str, Any]:
    """Return what the form shows at first: the settings of ``model``, or the defaults."""
    key = model.technique if model else FIRST
    values: dict[str, Any] = {"technique": key, "engine_iterations": 1000}
    values["engine_meta_iterations"] = 1
    values |= automation_values(model)
    if model:
        source = model.source or Source()
        values |= {
            "name": model.name,
            "description": model.description,
            "rows": value_of(model.source),
            "columns": list(source.columns),
            "label": source.known_column,
            "filter": json.dumps(source.filter, ensure_ascii=False) if source.filter else "",
            "results_storage": model.results_storage,
            "engine_meta_iterations": model.engine_meta_iterations,
            "engine_iterations": model.engine_iterations,
        }
    known = TECHNIQUES.get(key)
    if known:
        values |= prefixed(OF_TECHNIQUE, known.parameters, model.parameters if model else {})
    values |= prefixed(OF_EVALUATION, EVALUATION, model.evaluation if model else {})
    return values | prefixed(OF_ENCODING, ENCODING, model.encoding if model else {})


class ClassifierForm(TechniqueForm):
    """Everything about a classifier on one page.

    Its lists depend on the chosen rows and technique, so the form is made anew from what is given
    so far: ``ClassifierForm.refreshed`` for a form that is still being filled.
    """

    rows = forms.ChoiceField(
        label="Rows of",
        required=False,
        widget=select(),
        help_text="Datasets that you may see, and models whose rows you may view.",
    )
    label = forms.ChoiceField(
        label="Known label",
        required=False,
        widget=select(),
        help_text="The column that is learned: what people said of the rows. Rows where it is "
        "empty get a class and teach nothing.",
    )
    columns = forms.MultipleChoiceField(
        label="Columns to learn from",
        required=False,
        widget=Checkboxes(),
        help_text="What is known of a row before its label is. A column that is written only "
        "afterwards gives the answer away.",
    )
    filter = filter_field()
    technique = forms.ChoiceField(widget=select())
    results_storage = forms.ChoiceField(
        label="Field that takes the class",
        required=False,
        widget=select(),
        help_text="An empty text field of the same model that you may change, long enough for the "
        "names of the classes. Never the known label itself.",
    )
    shown_rows = forms.CharField(required=False, widget=forms.HiddenInput())
    shown_technique = forms.CharField(required=False, widget=forms.HiddenInput())

    instance: Classifier | None

    def __init__(
        self, data: QueryDict | None, *, user: User, instance: Classifier | None = None
    ) -> None:
        values = values_of(instance)
        chosen = data.copy() if data is not None else None
        given = values if chosen is None else chosen
        rows, technique = str(given.get("rows", "")), str(given.get("technique", ""))
        self.is_behind = chosen is not None and (
            chosen.get("shown_technique") != technique or chosen.get("shown_rows") != rows
        )
        """Whether the lists were made for other rows or another technique than now chosen."""
        if chosen is not None:
            _fill(chosen, rows, technique)
        super().__init__(
            chosen, initial=values | {"shown_rows": rows, "shown_technique": technique}
        )
        self.user, self.instance = user, instance
        self.technique_chosen = TECHNIQUES.get(technique)
        self._offer_rows(rows)
        allowed = self.fields["rows"].valid_value(rows)  # type: ignore[attr-defined]
        self.rows_of = rows_of(user, rows if allowed else "")
        self._offer_of_rows(rows)
        self.offer_parameters(self.rows_of.numeric)
        self._offer_evaluation()

    # --- lists ---

    def _offer_rows(self, value: str) -> None:
        choices = rows_choices(self.user)
        own = self.instance.source if self.instance is not None else None
        fields: Any = self.fields
        fields["rows"].choices = choices
        is_own = own is not None and value == value_of(own)
        if own is not None and is_own and not fields["rows"].valid_value(value):
            fields["rows"].choices = [*choices, (value, f"{own.rows_name} (as before)")]
        fields["technique"].choices = classifier_techniques()

    def _offer_of_rows(self, value: str) -> None:
        found, own = self.rows_of, self.instance
        kept = own.source if own is not None and own.source is not None else Source()
        as_before = bool(found) and value == value_of(own.source if own is not None else None)
        columns = dict(found.columns)
        labels = list(found.labels)
        targets = dict(found.targets)
        if as_before and own is not None:
            columns |= {name: "" for name in kept.columns if name not in columns}
            if kept.known_column and kept.known_column not in labels:
                labels.append(kept.known_column)
            if own.results_storage and own.results_storage not in targets:
                targets[own.results_storage] = f"{own.results_storage} (as before)"
            columns.pop(own.results_storage.rpartition(".")[2], None)
        fields: Any = self.fields
        fields["columns"].widget.notes = columns
        fields["columns"].choices = [(name, name) for name in columns]
        fields["label"].choices = [("", "Choose …"), *((name, name) for name in labels)]
        fields["results_storage"].choices = [
            ("", "None: keep the result in the history only"),
            *targets.items(),
        ]

    def _offer_evaluation(self) -> None:
        for parameter in EVALUATION:
            self.fields[OF_EVALUATION + parameter.name] = parameter_field(parameter, [])
        dates = [("", "None: parts at random"), *((name, name) for name in self.rows_of.dates)]
        name = f"{OF_EVALUATION}time_column"
        at = self.data.get(name) if self.is_bound else self.initial.get(name)
        if at and at not in self.rows_of.dates:
            dates.append((at, at))
        declared = self.fields[name]
        self.fields[name] = forms.ChoiceField(
            label=declared.label,
            help_text=declared.help_text,
            required=False,
            choices=dates,
            widget=select(),
        )

    @property
    def evaluation_fields(self) -> list[forms.BoundField]:
        """Fields of how it is judged that everybody should see."""
        return self.bound(OF_EVALUATION, EVALUATION, advanced=False)

    @property
    def advanced_evaluation(self) -> list[forms.BoundField]:
        """Fields of how it is judged that are folded away: a search, the seed."""
        return self.bound(OF_EVALUATION, EVALUATION, advanced=True)

    @property
    def advanced_evaluation_has_errors(self) -> bool:
        """Whether a folded setting of how it is judged needs to be seen."""
        return any(field.errors or field.value() for field in self.advanced_evaluation[:1])

    @property
    def trainings(self) -> str:
        """How many trainings the search takes that the classifier asks for now."""
        own = self.instance
        return "" if own is None else trainings_of(own.technique, own.evaluation)

    # --- judging and saving ---

    def clean(self) -> dict[str, Any]:
        """Let the catalog, the source and the classifier judge, each error at its field."""
        cleaned = self.cleaned_data
        known = self.technique_chosen
        parameters = self.declared(OF_TECHNIQUE, known.parameters) if known else {}
        encoding = self.declared(OF_ENCODING, ENCODING)
        evaluation = self.declared(OF_EVALUATION, EVALUATION)
        if self.errors:
            return cleaned
        classifier = self.instance or Classifier(owner_id=self.user.pk)
        self.source = self._source(cleaned) if self.rows_of else None
        if self.errors:
            return cleaned
        for name in ("name", "description", "technique", "engine_iterations"):
            setattr(classifier, name, cleaned[name])
        classifier.engine_meta_iterations = cleaned["engine_meta_iterations"]
        classifier.results_storage = cleaned["results_storage"] if self.rows_of else ""
        classifier.parameters, classifier.encoding = parameters, encoding
        classifier.evaluation = evaluation
        classifier.source = self.source
        set_automation(classifier, cleaned)
        self.result = classifier
        self.judge(
            classifier,
            {"source": "label", "evaluation": f"{OF_EVALUATION}search"},
            exclude=["source"],
        )
        return cleaned

    def _source(self, cleaned: dict[str, Any]) -> Source:
        """Return the source as it was filled in, judged."""
        source = self.own_source()
        self.rows_of.put_on(source)
        set_columns(source, cleaned["columns"])
        source.known_column = cleaned["label"]
        source.filter = cleaned["filter"]
        source.labels = label_fields()
        names = {
            "content_type": "rows",
            "dataset": "rows",
            "known_column": "label",
        }
        self.judge(source, names)
        if not self.errors:
            for name, sentences in unviewable(source, self.user).items():
                for sentence in sentences:
                    self.add_error(names.get(name, name), sentence)
        return source

    def save(self) -> Classifier:
        """Save source and classifier together, and return the classifier."""
        with transaction.atomic():
            if self.source is not None:
                self.source.save()
            self.result.source = self.source
            self.result.save()
        return self.result


def _fill(chosen: QueryDict, rows: str, technique: str) -> None:
    """Fill in the defaults of fields that were not on the page for what is now chosen."""
    fill_defaults(chosen, technique)
    if chosen.get("shown_rows") != rows:
        chosen.setlist("columns", [])
        chosen.setlist(f"{OF_ENCODING}log", [])
        for name in ("label", "results_storage", f"{OF_EVALUATION}time_column"):
            chosen[name] = ""
    chosen["shown_rows"], chosen["shown_technique"] = rows, technique
