"""The one form of the workbench: rows, columns, technique, parameters, preparation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from headwater.console.automation_form import NAMES as AUTOMATION
from headwater.console.choices import User
from headwater.console.learning_form import LearningForm, read_filter
from headwater.console.technique_form import OF_ENCODING, OF_TECHNIQUE, Checkboxes, parameter_field
from headwater.console.workbench.columns import Column
from headwater.console.workbench.fill import Filled, fill
from headwater.console.workbench.rows import Rows, rows_choices
from headwater.console.workbench.suggest import Suggested
from headwater.console.workbench.techniques import TechniqueCard, technique_cards
from headwater.console.workbench.values import entered
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.learning.chain import label_fields
from headwater.learning.models import StatisticalModel
from headwater.sources.models import Source
from headwater.sources.reach import unviewable


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column in the list of columns, with what is chosen of it."""

    column: Column
    index: int
    chosen: bool
    logged: bool
    filled: str


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter with its field and why its value is suggested."""

    field: forms.BoundField
    suggestion: Suggested | None

    @property
    def is_as_suggested(self) -> bool:
        """Whether the field holds what is suggested."""
        return self.suggestion is not None and entered(self.field.value()) == entered(
            self.suggestion.value
        )


class WorkbenchForm(LearningForm):
    """Everything about an analysis on one page, filled with what suits the rows.

    Its lists depend on the chosen rows and technique, so it is made anew from what is given so
    far: ``WorkbenchForm.refreshed`` for a form that is still being filled. A value that is still
    the one that was suggested follows the suggestion; what a person typed stays.
    """

    rows = forms.ChoiceField(
        label="Rows",
        widget=forms.Select({"class": "form-select"}),
        error_messages={"required": "Choose the rows to learn from."},
    )
    columns = forms.MultipleChoiceField(
        label="Columns",
        widget=Checkboxes(),
        error_messages={"required": "Choose at least one column."},
    )
    filter = forms.CharField(
        label="Only rows where",
        required=False,
        help_text='Lookups that a row must meet, as JSON: {"is_active": true}. Empty: all rows.',
        widget=forms.Textarea({"class": "form-control", "rows": 2, "spellcheck": "false"}),
    )
    technique = forms.ChoiceField(widget=forms.RadioSelect())
    name_column = forms.ChoiceField(
        label="Name of a row",
        required=False,
        widget=forms.Select({"class": "form-select"}),
        help_text="Shown at its point and in lists.",
    )
    known_column = forms.ChoiceField(
        label="Known label",
        required=False,
        widget=forms.Select({"class": "form-select"}),
        help_text="Groups that are known already. Nothing is learned from them; the result is "
        "compared with them.",
    )
    shown_rows = forms.CharField(required=False, widget=forms.HiddenInput())
    shown_technique = forms.CharField(required=False, widget=forms.HiddenInput())
    shown_suggested = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        data: QueryDict | None,
        *,
        user: User,
        filled: Filled,
        instance: StatisticalModel | None = None,
    ) -> None:
        self.user = user
        self.instance = instance
        self.rows_chosen: Rows | None = filled.rows
        self.suggested = filled.suggested
        self.helped = filled.helped
        self.technique_chosen = TECHNIQUES.get(filled.technique)
        self.is_behind = filled.is_behind
        """Whether the lists were made for other rows or another technique than now chosen."""
        super().__init__(data, initial=filled.values)
        for name in AUTOMATION:
            del self.fields[name]
        self.fields["name"].required = False
        self.fields["name"].help_text = "What the list of analyses shows."
        self._offer(filled)

    @classmethod
    def begun(
        cls, values: dict[str, Any], *, user: User, instance: StatisticalModel | None = None
    ) -> WorkbenchForm:
        """Return the form with ``values`` in it, all else as suggested."""
        filled = fill(values, None, user=user, instance=instance)
        return cls(None, user=user, filled=filled, instance=instance)

    @classmethod
    def refreshed(cls, data: QueryDict, **options: Any) -> WorkbenchForm:
        """Return the form with lists that fit what was chosen so far, and no complaints yet."""
        filled = fill({}, data, **options)
        form = cls(filled.data, filled=filled, **options)
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        return form

    @classmethod
    def given(
        cls, data: QueryDict, *, user: User, instance: StatisticalModel | None = None
    ) -> WorkbenchForm:
        """Return the form as somebody sent it, to be judged."""
        filled = fill({}, data, user=user, instance=instance, as_given=True)
        return cls(filled.data, user=user, filled=filled, instance=instance)

    # --- lists ---

    def _offer(self, filled: Filled) -> None:
        fields: dict[str, Any] = self.fields
        fields["rows"].choices = rows_choices(self.user, self.instance)
        fields["technique"].choices = [(card.key, card.label) for card in technique_cards()]
        rows = self.rows_chosen
        columns = [column.name for column in rows.columns] if rows else []
        fields["columns"].choices = [(name, name) for name in columns]
        texts = [(name, name) for name in rows.texts] if rows else []
        fields["name_column"].choices = [("", "Its key"), *texts]
        fields["known_column"].choices = [("", "None"), *texts]
        if rows is None or rows.model is None:
            del self.fields["filter"]
        if self.technique_chosen:
            for parameter in self.technique_chosen.parameters:
                self.fields[OF_TECHNIQUE + parameter.name] = parameter_field(parameter, [])
        numbers = [column.name for column in rows.columns if column.is_number] if rows else []
        for parameter in ENCODING:
            self.fields[OF_ENCODING + parameter.name] = parameter_field(parameter, numbers)

    @property
    def cards(self) -> list[tuple[TechniqueCard, bool]]:
        """The techniques with whether each is the chosen one."""
        key = self.technique_chosen.key if self.technique_chosen else ""
        return [(card, card.key == key) for card in technique_cards()]

    @property
    def column_rows(self) -> list[ColumnRow]:
        """The columns of the chosen rows, with what is chosen of each."""
        if self.rows_chosen is None:
            return []
        chosen = self["columns"].value() or []
        logged = self[f"{OF_ENCODING}log"].value() or []
        missing = str(self[f"{OF_ENCODING}missing"].value() or "mean")
        return [
            ColumnRow(
                column=column,
                index=index,
                chosen=column.name in chosen,
                logged=column.name in logged,
                filled=column.filled(missing),
            )
            for index, column in enumerate(self.rows_chosen.columns)
        ]

    @property
    def n_chosen(self) -> int:
        """How many columns are chosen."""
        return sum(row.chosen for row in self.column_rows)

    @property
    def has_categories(self) -> bool:
        """Whether a chosen column is one of categories."""
        return any(row.chosen and row.column.kind == "choices" for row in self.column_rows)

    def _parameters(self, advanced: bool) -> list[ParameterRow]:
        known = self.technique_chosen
        return [
            ParameterRow(self[OF_TECHNIQUE + p.name], self.suggested.get(OF_TECHNIQUE + p.name))
            for p in (known.parameters if known else ())
            if p.advanced is advanced
        ]

    @property
    def plain_parameters(self) -> list[ParameterRow]:
        """The technique's parameters that everybody should see."""
        return self._parameters(False)

    @property
    def advanced_parameters(self) -> list[ParameterRow]:
        """The technique's parameters that are folded away."""
        return self._parameters(True)

    @property
    def advanced_has_errors(self) -> bool:
        """Whether a folded field needs to be seen."""
        fields = [row.field for row in self.advanced_parameters]
        fields += [self["engine_meta_iterations"], self["engine_iterations"]]
        return any(field.errors for field in fields)

    # --- judging and saving ---

    def clean_filter(self) -> dict[str, Any]:
        """Return the filter as a mapping."""
        return read_filter(self.cleaned_data["filter"])

    def clean(self) -> dict[str, Any]:
        """Let the catalog, the source and the model judge, each error at its field."""
        cleaned = self.cleaned_data
        parameters: dict[str, Any] = {}
        if self.technique_chosen:
            parameters = self.declared(OF_TECHNIQUE, self.technique_chosen.parameters)
        columns = cleaned.get("columns", [])
        log = f"{OF_ENCODING}log"
        cleaned[log] = [name for name in cleaned.get(log, []) if name in columns]
        encoding = self.declared(OF_ENCODING, ENCODING)
        if self.rows_chosen is None or self.errors:
            if self.rows_chosen is None and "rows" not in self.errors:
                self.add_error("rows", "These rows are not there, or you may not analyse them.")
            return cleaned
        self.source = self._source(self.rows_chosen, cleaned)
        self.judge(self.source, {"content_type": "rows", "dataset": "rows"})
        if not self.errors:
            for name, sentences in unviewable(self.source, self.user).items():
                for sentence in sentences:
                    self.add_error(name if name in self.fields else "rows", sentence)
        self.result = self._result(cleaned, parameters, encoding)
        if not self.errors:
            places = {"source": "rows", "parameters": "technique", "encoding": "columns"}
            self.judge(self.result, places, exclude=["source"])
        return cleaned

    def _source(self, rows: Rows, cleaned: dict[str, Any]) -> Source:
        """Return the source to save: the analysis' own, or a new one where others share it."""
        own = self.instance.source if self.instance is not None else None
        fresh = rows.source()
        before: list[str] = []
        if self.instance is not None and own is not None:
            before = own.columns
            others = StatisticalModel.objects.filter(source=own).exclude(pk=self.instance.pk)
            if not others.exists():
                own.content_type, own.dataset = fresh.content_type, fresh.dataset
                fresh = own
        # Columns keep the order that they had: the order is part of what a fit is compared by.
        kept = [name for name in before if name in cleaned["columns"]]
        fresh.columns = kept + [name for name in cleaned["columns"] if name not in kept]
        fresh.filter = cleaned.get("filter", {})
        fresh.name_column = cleaned["name_column"]
        fresh.known_column = cleaned["known_column"]
        fresh.labels = label_fields()
        return fresh

    def _result(
        self, cleaned: dict[str, Any], parameters: dict[str, Any], encoding: dict[str, Any]
    ) -> StatisticalModel:
        result = self.instance or StatisticalModel(owner_id=self.user.pk)
        if self.source.is_dataset:
            result.results_storage = ""
        result.name = cleaned["name"].strip() or str(self.initial.get("name", ""))
        result.description = cleaned["description"]
        result.technique = cleaned["technique"]
        result.engine_meta_iterations = cleaned["engine_meta_iterations"]
        result.engine_iterations = cleaned["engine_iterations"]
        result.parameters, result.encoding = parameters, encoding
        result.source = self.source
        return result

    def save(self) -> StatisticalModel:
        """Save source and analysis; call it in a transaction."""
        self.source.save()
        self.result.source = self.source
        self.result.save()
        return self.result
