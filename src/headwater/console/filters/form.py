"""The form that makes and changes a spam filter, made from what the catalog declares."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.db import models
from django.http import QueryDict

from headwater.classification.validate import grid_of, trainings_of
from headwater.console.automation_form import automation_values, set_automation
from headwater.console.choices import User
from headwater.console.filters.choices import (
    classifier_choices,
    content_type_of,
    dates_of,
    labels_of,
    models_read,
    pretraining_choices,
    rows_choices,
    rows_value,
    texts_of,
)
from headwater.console.learning_form import LearningForm, prefixed
from headwater.console.technique_form import OF_TECHNIQUE, Checkboxes, parameter_field, select
from headwater.engines.classification.declared import EVALUATION
from headwater.engines.parameters import ParameterError, Parameters
from headwater.engines.text.contradictions import contradictions
from headwater.engines.text.declared import REPRESENTATION
from headwater.learning.models import StatisticalModel
from headwater.spam.models import SpamFilter
from headwater.spam.state import DEFAULT_CLASSIFIER, classifier_of

OF_EVALUATION = "v_"
SIMPLE = (
    "words",
    "word_ngram_max",
    "characters",
    "features",
    "normalise",
    "stop_words",
    "given_stop_words",
    "max_features",
)
"""Settings of how a text becomes numbers that everybody should see; the rest is folded."""
LISTS = ("given_stop_words", "vocabulary")
"""Settings that take many words."""
JUDGED = Parameters([one for one in EVALUATION if one.name != "positive"])
"""How a filter is judged; the class looked for is always spam."""
PLAIN = (
    "pretraining_weight",
    "pretraining_fades",
    "ham_below",
    "spam_from",
    "audit_share",
    "online_updates",
)
"""Fields that go to the filter as they are."""


def values_of(spam_filter: SpamFilter | None) -> dict[str, Any]:
    """Return what the form shows at first: the settings of ``spam_filter``, or the defaults."""
    one = spam_filter or SpamFilter()
    values: dict[str, Any] = automation_values(spam_filter)
    values |= {name: getattr(one, name) for name in PLAIN}
    values |= {
        "name": one.name,
        "description": one.description,
        "rows": rows_value(spam_filter),
        "text_columns": list(one.text_columns),
        "label_column": one.label_column,
        "classifier": str(one.classifier_id or ""),
        "pretraining": list(one.pretraining),
    }
    values |= prefixed(OF_TECHNIQUE, REPRESENTATION, one.parameters)
    return values | prefixed(OF_EVALUATION, JUDGED, one.evaluation)


def _number(step: str) -> forms.NumberInput:
    attrs = {"class": "form-control hw-number-input", "step": step, "min": 0}
    return forms.NumberInput(attrs | {"inputmode": "decimal"})


def _share(label: str, help_text: str) -> forms.FloatField:
    return forms.FloatField(
        label=label, help_text=help_text, min_value=0, max_value=1, widget=_number("0.01")
    )


class FilterForm(LearningForm):
    """Everything about a spam filter on one page.

    The fields of a chosen model depend on it, so the form is made anew from what is given so far:
    ``FilterForm.refreshed`` for a form that is still being filled.
    """

    engine_meta_iterations = None  # type: ignore[assignment]
    engine_iterations = None  # type: ignore[assignment]
    rows = forms.ChoiceField(
        label="Learn from the rows of",
        required=False,
        widget=select(),
        help_text="Mostly not needed: models that name the filter are found by themselves. Models "
        "whose rows you may view.",
    )
    text_columns = forms.MultipleChoiceField(
        label="Fields with the text",
        required=False,
        widget=Checkboxes(),
        help_text="None: as the model says itself (SPAMMABLE_FIELD).",
    )
    label_column = forms.ChoiceField(
        label="Field with the label",
        required=False,
        widget=select(),
        help_text="A true/false field that people filled in. It is never written to.",
    )
    classifier = forms.ChoiceField(
        label="Classifier",
        required=False,
        widget=select(),
        help_text="What learns from the numbers: the technique and the settings of a classifier.",
    )
    pretraining = forms.MultipleChoiceField(
        label="Pre-training models",
        required=False,
        widget=Checkboxes(),
        help_text="They are learned from in every part, and never judged once there are enough "
        "own rows.",
    )
    pretraining_weight = forms.FloatField(
        label="Weight of a pre-training row",
        min_value=0,
        max_value=10,
        widget=_number("0.1"),
        help_text="Against 1 for a row that a person revised.",
    )
    pretraining_fades = forms.BooleanField(
        label="Pre-training fades",
        required=False,
        help_text="Each weighs less as revised rows arrive: half as much beside 200 of them.",
    )
    ham_below = _share(
        "Accept below", "A text with less than this probability of spam appears at once."
    )
    spam_from = _share(
        "Refuse from", "A text with at least this one is refused. Between the two a person decides."
    )
    audit_share = _share(
        "Share to audit",
        "So much of what is decided without a person is shown to one all the same, to know how "
        "often the filter errs. 0.02 is one in fifty.",
    )
    online_updates = forms.BooleanField(
        label="Learn at once",
        required=False,
        help_text="Each decision of a person counts at once, before the next training. Only linear "
        "techniques over words or pieces of words can do so.",
    )
    shown_rows = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        data: QueryDict | None,
        *,
        user: User,
        instance: SpamFilter | None = None,
        name: str = "",
    ) -> None:
        values = values_of(instance)
        if name and instance is None:
            values["name"] = name
        chosen = data.copy() if data is not None else None
        rows = str((values if chosen is None else chosen).get("rows", ""))
        self.is_behind = chosen is not None and chosen.get("shown_rows", "") != rows
        """Whether the lists were made for another model than the one now chosen."""
        if chosen is not None:
            if self.is_behind:
                chosen.setlist("text_columns", [])
                chosen["label_column"] = ""
            chosen["shown_rows"] = rows
        super().__init__(chosen, initial=values | {"shown_rows": rows})
        self.user, self.instance = user, instance
        self._offer(rows)

    # --- lists ---

    def _offer(self, rows: str) -> None:
        fields: Any = self.fields
        own = self.instance
        as_before = own is not None and rows == rows_value(own) and bool(rows)
        known = rows_choices(self.user)
        if as_before and rows not in dict(known):
            known.append((rows, f"{rows} (as before)"))
        fields["rows"].choices = [("", "The models that name this filter"), *known]
        self.rows_of = _model_of(rows) if rows in dict(known) else None
        texts = texts_of(self.rows_of) if self.rows_of else []
        labels = labels_of(self.rows_of) if self.rows_of else []
        if as_before and own is not None:
            texts += [name for name in own.text_columns if name not in texts]
            labels += [own.label_column] if own.label_column not in ("", *labels) else []
        fields["text_columns"].choices = [(name, name) for name in texts]
        fields["label_column"].choices = [("", "As the model says itself"), *_pairs(labels)]
        self._offer_pretraining(own)
        self._offer_classifiers(own)
        for parameter in REPRESENTATION:
            field = parameter_field(parameter, [])
            if parameter.name in LISTS:
                attrs = {"class": "form-control", "rows": 2, "spellcheck": "false"}
                field.widget = forms.Textarea(attrs)
            fields[OF_TECHNIQUE + parameter.name] = field
        for parameter in JUDGED:
            fields[OF_EVALUATION + parameter.name] = parameter_field(parameter, [])
        self._offer_dates(own)

    def _offer_pretraining(self, own: SpamFilter | None) -> None:
        fields: Any = self.fields
        known = pretraining_choices(self.user)
        choices = [(label, name) for label, name, _ in known]
        notes = {label: note for label, _, note in known}
        for label in own.pretraining if own is not None else []:
            if label not in notes:
                choices.append((label, f"{label} (as before)"))
        fields["pretraining"].choices = choices
        fields["pretraining"].widget.notes = notes

    def _offer_classifiers(self, own: SpamFilter | None) -> None:
        fields: Any = self.fields
        choices = classifier_choices(self.user)
        kept = str(own.classifier_id or "") if own is not None else ""
        if kept not in dict(choices):
            choices.append((kept, "The one as before, hidden from you"))
        fields["classifier"].choices = choices

    def _offer_dates(self, own: SpamFilter | None) -> None:
        name = f"{OF_EVALUATION}time_column"
        called = str(self["name"].value() or "")
        dates = dates_of(models_read(called, self.rows_of))
        kept = (own.evaluation or {}).get("time_column") if own is not None else None
        if kept and kept not in dates:
            dates.append(kept)
        declared = self.fields[name]
        self.fields[name] = forms.ChoiceField(
            label=declared.label,
            help_text=declared.help_text,
            required=False,
            choices=[("", "None: parts at random"), *_pairs(dates)],
            widget=select(),
        )

    # --- what the page shows ---

    @property
    def simple_parameters(self) -> list[forms.BoundField]:
        """Settings of how a text becomes numbers that everybody should see."""
        return [self[OF_TECHNIQUE + name] for name in SIMPLE]

    @property
    def advanced_parameters(self) -> list[forms.BoundField]:
        """Those that are folded away."""
        return [self[OF_TECHNIQUE + p.name] for p in REPRESENTATION if p.name not in SIMPLE]

    @property
    def advanced_has_errors(self) -> bool:
        """Whether a folded setting needs to be seen."""
        return any(field.errors for field in self.advanced_parameters)

    @property
    def evaluation_fields(self) -> list[forms.BoundField]:
        """How it is judged, for everybody."""
        return [self[OF_EVALUATION + p.name] for p in JUDGED if not p.advanced]

    @property
    def advanced_evaluation(self) -> list[forms.BoundField]:
        """A search over settings, and the seed."""
        return [self[OF_EVALUATION + p.name] for p in JUDGED if p.advanced]

    @property
    def search_is_open(self) -> bool:
        """Whether the folded part of how it is judged needs to be seen."""
        fields = self.advanced_evaluation
        return bool(fields[0].value()) or any(field.errors for field in fields)

    @property
    def trainings(self) -> str:
        """How many trainings the search takes that the filter asks for now."""
        own = self.instance
        if own is None:
            return ""
        return trainings_of(str(classifier_of(own)["technique"]), own.evaluation)

    @property
    def rows_are_open(self) -> bool:
        """Whether a model of its own is chosen, or was chosen wrongly."""
        names = ("rows", "text_columns", "label_column")
        return bool(self["rows"].value()) or any(self[name].errors for name in names)

    @property
    def read(self) -> list[str]:
        """The models that name the filter as it is called now, in the plural."""
        found = models_read(str(self["name"].value() or ""), None)
        return [str(model._meta.verbose_name_plural) for model in found]

    # --- judging and saving ---

    def clean(self) -> dict[str, Any]:
        """Let the declarations and the filter judge, each error at its field."""
        cleaned = self.cleaned_data
        parameters = self.declared(OF_TECHNIQUE, REPRESENTATION)
        evaluation = self.declared(OF_EVALUATION, JUDGED)
        if parameters:
            for name, sentence in contradictions(parameters).items():
                self.add_error(OF_TECHNIQUE + name, sentence)
        classifier = self._classifier()
        if evaluation:
            self._judge_search(evaluation, classifier)
        if self.errors:
            return cleaned
        made = self.instance or SpamFilter(owner_id=self.user.pk)
        for name in ("name", "description", "label_column", *PLAIN):
            setattr(made, name, cleaned[name])
        made.technique = SpamFilter.TECHNIQUE
        made.rows = content_type_of(self.rows_of)
        made.text_columns = list(cleaned["text_columns"])
        made.pretraining = list(cleaned["pretraining"])
        made.classifier = classifier
        made.parameters, made.evaluation = parameters, evaluation
        set_automation(made, cleaned)
        self.result = made
        names = {"parameters": f"{OF_TECHNIQUE}kind", "evaluation": f"{OF_EVALUATION}folds"}
        self.judge(made, names)
        return cleaned

    def _classifier(self) -> StatisticalModel | None:
        key = self.cleaned_data.get("classifier") or ""
        return StatisticalModel.objects.filter(pk=key).first() if key else None

    def _judge_search(
        self, evaluation: dict[str, Any], classifier: StatisticalModel | None
    ) -> None:
        """Put what is wrong with the settings to try at their field."""
        try:
            grid_of(classifier.technique if classifier else DEFAULT_CLASSIFIER, evaluation)
        except ParameterError as error:
            for sentence in error.errors.values():
                self.add_error(f"{OF_EVALUATION}search", sentence)

    def save(self) -> SpamFilter:
        """Save and return the filter."""
        self.result.save()
        return self.result


def _model_of(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _pairs(names: list[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]
