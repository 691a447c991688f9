"""The form of a spam filter: its settings by name, not as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification.declared import EVALUATION
from headwater.engines.parameters import ParameterError, Parameters
from headwater.engines.text.declared import REPRESENTATION
from headwater.learning.models import StatisticalModel
from headwater.sources.reach import may_view
from headwater.spam.models import SpamFilter, SpamFilterPreTraining
from headwater.spam.parameter_fields import fields_of, initial_of, values_of
from headwater.spam.state import reads

if TYPE_CHECKING:
    _Form = forms.ModelForm[SpamFilter]
else:
    _Form = forms.ModelForm

TERMS, JUDGED = "terms_", "judged_"
"""Before the names of the fields of the representation and of the evaluation."""
CLASSIFIERS = [key for key, one in TECHNIQUES.items() if one.family == "classification"]


def pretraining_choices() -> list[tuple[str, str]]:
    """Return the pre-training models of the project."""
    return [
        (model._meta.label, f"{model._meta.verbose_name_plural} ({model._meta.label})")
        for model in apps.get_models()
        if issubclass(model, SpamFilterPreTraining)
    ]


class _SpamFilterForm(_Form):
    user: Any = None

    pretraining = forms.MultipleChoiceField(
        choices=pretraining_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Pre-training",
        help_text="Models with rows to begin with.",
    )
    text_columns = forms.CharField(
        required=False,
        label="Text columns",
        help_text="Fields with the text, with commas between. Empty: as the model says itself.",
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        spam_filter: Any = named.get("instance") or SpamFilter()
        named["initial"] = {
            **initial_of(REPRESENTATION, TERMS, spam_filter.parameters),
            **initial_of(EVALUATION, JUDGED, spam_filter.evaluation),
            **(named.get("initial") or {}),
            "text_columns": ", ".join(map(str, spam_filter.text_columns or [])),
        }
        super().__init__(*given, **named)
        if "recalculate" in self.fields:
            self.fields["recalculate"].required = False
        classifier: Any = self.fields.get("classifier")
        if classifier is not None:
            classifier.queryset = StatisticalModel.objects.filter(technique__in=CLASSIFIERS)
        rows: Any = self.fields.get("rows")
        if rows is not None and self.user is not None:
            rows.queryset = ContentType.objects.filter(pk__in=_viewable(self.user))

    def clean_recalculate(self) -> str:
        """Return how often; as it was where nothing is said."""
        return self.cleaned_data["recalculate"] or self.instance.recalculate

    def clean_text_columns(self) -> list[str]:
        """Return the names as a list."""
        return [one.strip() for one in self.cleaned_data["text_columns"].split(",") if one.strip()]

    def clean(self) -> dict[str, Any]:
        """Gather the settings; refuse what they cannot be, and rows that the user may not view."""
        cleaned = super().clean() or self.cleaned_data
        self.instance.parameters = self._gathered(REPRESENTATION, TERMS, cleaned)
        self.instance.evaluation = self._gathered(EVALUATION, JUDGED, cleaned)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        hidden = [] if self.user is None else _hidden(self.instance, self.user)
        if hidden:
            self.add_error(
                None,
                f"You may not view rows of {' and '.join(hidden)}, which this filter learns from. "
                "Its terms would tell you of them. Ask for the permission to view them.",
            )

    def add_error(self, field: str | None, error: Any) -> None:
        """Say what belongs to no field of the form above all of them."""
        if field is None and hasattr(error, "error_dict"):
            known: dict[str, list[Any]] = {}
            for name, found in error.error_dict.items():
                place = name if name in self.fields else NON_FIELD_ERRORS
                known.setdefault(place, []).extend(found)
            error = ValidationError(known)
        super().add_error(field, error)

    def _gathered(
        self, parameters: Parameters, prefix: str, cleaned: dict[str, Any]
    ) -> dict[str, Any]:
        values = values_of(parameters, prefix, cleaned)
        try:
            return parameters.clean(values)
        except ParameterError as error:
            for name, sentence in error.errors.items():
                if f"{prefix}{name}" not in self.errors:
                    self.add_error(f"{prefix}{name}", sentence)
        return {}


def _hidden(spam_filter: SpamFilter, user: Any) -> list[str]:
    """Return the names of models that the filter reads and ``user`` may not view."""
    whole = reads(spam_filter)
    labels = dict.fromkeys(part["model"] for part in (whole, *whole.get("also", ())) if part)
    return [label for label in labels if not may_view(user, apps.get_model(label))]


def _viewable(user: Any) -> list[int]:
    models = [model for model in apps.get_models() if may_view(user, model)]
    return [one.pk for one in ContentType.objects.get_for_models(*models).values()]


SpamFilterForm: Any = type(
    "SpamFilterForm",
    (_SpamFilterForm,),
    {
        "__doc__": "A spam filter that learns only from what ``user`` may view.",
        "__module__": __name__,
        **fields_of(REPRESENTATION, TERMS),
        **fields_of(EVALUATION, JUDGED),
    },
)
