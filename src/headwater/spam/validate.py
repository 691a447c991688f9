"""What is wrong with a filter, in sentences, before it is fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from headwater.classification.validate import evaluation_errors
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.parameters import ParameterError
from headwater.learning.actions import action_errors
from headwater.learning.models import StatisticalModel
from headwater.sources.kinds import is_guess, is_secret
from headwater.spam.spammable import spammable_of

if TYPE_CHECKING:
    from headwater.spam.models import SpamFilter

Errors = dict[str, list[str]]


def validate_filter(spam_filter: SpamFilter) -> Errors:
    """Return field name -> sentences on the settings of ``spam_filter``."""
    errors: Errors = {
        "parameters": _parameter_errors(
            TECHNIQUES[spam_filter.TECHNIQUE].parameters, spam_filter.parameters
        ),
        "evaluation": _evaluation_errors(spam_filter),
        "threshold_actions": action_errors(spam_filter.threshold_actions),
        "classifier": _classifier_errors(spam_filter.classifier),
        "pretraining": _pretraining_errors(spam_filter.pretraining),
        "spam_from": threshold_errors(spam_filter.ham_below, spam_filter.spam_from),
        **_rows_errors(spam_filter),
    }
    if spam_filter.results_storage:
        errors["results_storage"] = [
            "A spam filter writes to the rows of the models that name it. Leave this empty."
        ]
    if spam_filter.source_id is not None:
        errors["source"] = ["A spam filter has no source: choose its model. Leave this empty."]
    return {name: found for name, found in errors.items() if found}


def threshold_errors(ham_below: Any, spam_from: Any) -> list[str]:
    """Return why the two thresholds leave no three zones."""
    try:
        fits = 0.0 <= float(ham_below) <= float(spam_from) <= 1.0
    except (TypeError, ValueError):
        fits = False
    if fits:
        return []
    return [
        f"“Accept below” is {ham_below} and “refuse from” is {spam_from}. Both lie from 0 to 1, "
        "and “refuse from” is not below “accept below”."
    ]


def _rows_errors(spam_filter: SpamFilter) -> Errors:
    columns, label = spam_filter.text_columns, spam_filter.label_column
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        return {"text_columns": ["Write a list of field names, such as [“subject”, “message”]."]}
    if spam_filter.rows_id is None:
        alone = "Only rows of a model that is chosen have this. Choose the model, or empty this."
        return {
            "text_columns": [alone] if columns else [],
            "label_column": [alone] if label else [],
        }
    model = spam_filter.rows.model_class() if spam_filter.rows is not None else None
    if model is None:
        return {"rows": [f"The model “{spam_filter.rows}” is not installed any more."]}
    own = spammable_of(model)
    errors: Errors = {"text_columns": [], "label_column": []}
    if not columns and own is None:
        errors["text_columns"].append(
            f"{model._meta.label} does not say itself what is judged (SPAMMABLE_FIELD). Name its "
            "fields with text."
        )
    for name in columns:
        errors["text_columns"] += text_field_errors(model, name)
    if not label and own is None:
        errors["label_column"].append(
            f"{model._meta.label} does not say itself which field holds the label "
            "(SPAM_LABEL_FIELD). Name the true/false field that people filled in."
        )
    if label and not (own is not None and label == own.label_field):
        errors["label_column"] += label_field_errors(model, label, nullable=False)
        errors["label_column"] += _verdict_errors(model, label)
    return errors


def _verdict_errors(model: type[models.Model], label: str) -> list[str]:
    field = next((one for one in model._meta.fields if one.name == label), None)
    if not is_guess(field):
        return []
    return [
        f"“{label}” of {model._meta.label} is written by its filter. A machine's label never "
        "trains a machine: empty this, and the rows that people decided on are used."
    ]


def text_field_errors(model: type[models.Model], name: str) -> list[str]:
    """Return why ``name`` is no field of ``model`` with a text; nothing where it is one."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return [f"{model._meta.label} has no field “{name}”; it has {_fields(model)}."]
    if isinstance(field, (models.CharField, models.TextField)):
        if is_secret(field):
            return [f"“{name}” of {model._meta.label} keeps a secret, and is not read."]
        return []
    return [
        f"“{name}” of {model._meta.label} holds no text: its type is {type(field).__name__}. Name "
        "a CharField or a TextField."
    ]


def label_field_errors(model: type[models.Model], name: str, *, nullable: bool = True) -> list[str]:
    """Return why ``name`` cannot say of rows of ``model`` whether they are spam."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return [f"{model._meta.label} has no field “{name}”; it has {_fields(model)}."]
    if not isinstance(field, models.BooleanField):
        return [
            f"“{name}” of {model._meta.label} has the type {type(field).__name__}; a label is a "
            "BooleanField."
        ]
    if nullable and not field.null:
        return [
            f"“{name}” of {model._meta.label} cannot be empty, as rows are that nobody has judged. "
            "Write BooleanField(null=True)."
        ]
    return []


def pretraining_model(label: str) -> type[models.Model]:
    """Return the pre-training model “app.Model”; raise ValueError with a sentence if it is none."""
    from headwater.spam.models import SpamFilterPreTraining

    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        known = [
            one._meta.label for one in apps.get_models() if issubclass(one, SpamFilterPreTraining)
        ]
        there_are = f"There are {', '.join(known)}." if known else "There are none yet."
        raise ValueError(f"There is no model “{label}”. {there_are}") from None
    if not issubclass(model, SpamFilterPreTraining):
        raise ValueError(
            f"{model._meta.label} is no pre-training model; those inherit SpamFilterPreTraining."
        )
    return model


def _pretraining_errors(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        return ["Write a list of models, such as [“app.CommentPreTraining”]."]
    errors = []
    for label in given:
        try:
            pretraining_model(label)
        except ValueError as error:
            errors.append(str(error))
    if len({*given}) < len(given):
        errors.append("A model is named twice.")
    return errors


def _evaluation_errors(spam_filter: SpamFilter) -> list[str]:
    from headwater.spam.state import classifier_of, own_rows

    evaluation, errors = evaluation_errors(
        classifier_of(spam_filter)["technique"], spam_filter.evaluation
    )
    if errors:
        return errors
    positive, column = evaluation["positive"], evaluation["time_column"]
    if positive not in (None, "spam"):
        errors.append(
            f"“Class looked for” was “{positive}”; a spam filter looks for spam. Leave it empty."
        )
    if column:
        for one in own_rows(spam_filter):
            errors += date_field_errors(one.rows_model, column)
    return errors


def date_field_errors(model: type[models.Model], name: str) -> list[str]:
    """Return why rows of ``model`` cannot be put in order by the field ``name``."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if isinstance(field, models.DateField):
        return []
    return [
        f"{model._meta.label} has no field “{name}” with dates, by which the texts were to be put "
        "in order. Name one that it has, or none."
    ]


def _classifier_errors(classifier: StatisticalModel | None) -> list[str]:
    if classifier is None:
        return []
    technique = TECHNIQUES.get(classifier.technique)
    if technique is None or technique.family != "classification":
        return [
            f"“{classifier}” is no classifier: its technique is “{classifier.technique}”. Choose "
            "a model of the family “classification”."
        ]
    return [
        f"The classifier “{classifier}”: {sentence}"
        for sentence in _parameter_errors(technique.parameters, classifier.parameters)
    ]


def _parameter_errors(declared: Any, given: object) -> list[str]:
    if not isinstance(given, dict):
        return ["Write an object of names and values, such as {}."]
    try:
        declared.clean(given)
    except ParameterError as error:
        return list(error.errors.values())
    return []


def _fields(model: type[models.Model]) -> str:
    return ", ".join(field.name for field in model._meta.concrete_fields)
