"""What is wrong with a statistical model, in sentences, before anything is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps

from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.parameters import ParameterError
from headwater.learning.actions import action_errors
from headwater.learning.chain import circle_errors
from headwater.learning.models import StatisticalModel
from headwater.learning.targets import Target, TargetError, letters_length, resolve_target
from headwater.sources.reads import dataset_id

_LABEL = r"^[A-Z]{1,4}$"


def validate_statistical_model(
    model: StatisticalModel, *, reads: Mapping[str, Any] | None = None
) -> dict[str, list[str]]:
    """Return field name -> sentences; empty where the model can be fitted.

    ``reads`` is what is learned from, if it is not what the model says now.
    """
    errors: dict[str, list[str]] = {}
    technique = TECHNIQUES.get(model.technique)
    if technique is None:
        errors["technique"] = [
            f"There is no technique “{model.technique}”. Choose one of {', '.join(TECHNIQUES)}."
        ]
    parameters: dict[str, Any] = {}
    if technique is not None:
        parameters, errors["parameters"] = _cleaned(technique.parameters, model.parameters)
    encoding, errors["encoding"] = _cleaned(ENCODING, model.encoding)
    errors["threshold_actions"] = action_errors(model.threshold_actions)
    reads = model.reads() if reads is None else reads
    if not reads:
        if technique is None or technique.family == "clustering":
            errors["source"] = ["Choose the rows to learn from."]
        return {name: found for name, found in errors.items() if found}
    columns = [str(column) for column in reads["columns"]]
    for name in encoding.get("log", ()):
        if name not in columns:
            errors["encoding"].append(
                f"The log scale is asked for “{name}”, which is none of the source's columns: "
                f"{', '.join(columns)}."
            )
    limit = parameters.get(technique.limit_parameter or "") if technique else None
    errors["results_storage"] = target_errors(model, reads, n_groups=limit or 1)
    if not errors["results_storage"]:
        errors["source"] = circle_errors(model, reads)
    return {name: found for name, found in errors.items() if found}


def target_errors(model: StatisticalModel, reads: Mapping[str, Any], *, n_groups: int) -> list[str]:
    """Return why the labels of up to ``n_groups`` groups cannot go to ``results_storage``."""
    if not model.results_storage:
        return []
    try:
        target = resolve_target(model.results_storage)
    except TargetError as error:
        return [str(error)]
    if dataset_id(reads) is not None:
        return [
            "The rows are those of an uploaded dataset, which has no field to write labels to. "
            "Leave this empty, and export the rows with their segments."
        ]
    try:
        rows = apps.get_model(reads["model"])
    except LookupError:
        return [f"The model “{reads['model']}” is not installed any more. Choose another one."]
    errors = []
    name = f"{target.model._meta.label}.{target.field.name}"
    if target.model._meta.concrete_model is not rows._meta.concrete_model:
        errors.append(
            f"The labels are of rows of {rows._meta.label}; {name} belongs to another model. "
            f"Choose a field of {rows._meta.label}."
        )
    needed = letters_length(n_groups)
    if target.max_length is not None and target.max_length < needed:
        errors.append(
            f"{name} holds {target.max_length} character{'s'[: target.max_length != 1]}, and the "
            f"labels of up to {n_groups} groups need {needed}. Lengthen the field or ask for fewer "
            "groups."
        )
    if target.field.name in reads["columns"]:
        errors.append(f"{name} is also a column of the source; labels are not learned from labels.")
    taken = _taken(model, target)
    if taken is not None:
        errors.append(f"{name} {taken}")
    if not errors and not _wrote(model):
        if _names_classes(model):
            if _holds_text(target):
                errors.append(
                    f"{name} holds values already, and they would be lost. Choose an empty field, "
                    "or empty this one first."
                )
        elif _holds_other_text(target):
            errors.append(
                f"{name} holds values that are no labels (A, B, ... ZZ), and they would be lost. "
                "Choose an empty field, or empty this one first."
            )
    return errors


def _cleaned(declared: Any, given: object) -> tuple[dict[str, Any], list[str]]:
    if not isinstance(given, dict):
        return {}, ["Write an object of names and values, such as {}."]
    try:
        return declared.clean(given), []
    except ParameterError as error:
        return {}, list(error.errors.values())


def _wrote(model: StatisticalModel) -> bool:
    """Return whether what the field holds comes from the fit that serves now."""
    current = model.current_fit
    return current is not None and current.results_storage == model.results_storage


def _taken(model: StatisticalModel, target: Target) -> str | None:
    """Return why ``target`` belongs to another model, as the rest of a sentence.

    A field is also taken by labels that were written before their model was given another field.
    """
    others = StatisticalModel.objects.exclude(pk=model.pk)  # of every technique
    for name, writes_to, held_in in others.values_list(
        "name", "results_storage", "current_fit__results_storage"
    ):
        if _is_field(target, writes_to):
            return (
                f"takes the labels of the statistical model “{name}” already. "
                "Choose a field of its own."
            )
        if _is_field(target, held_in):
            return (
                f"still holds the labels of the statistical model “{name}”, which once wrote "
                "there. Reset the inference of that model first, or choose another field."
            )
    return None


def _is_field(target: Target, storage: str | None) -> bool:
    if not storage:
        return False
    try:
        found = resolve_target(storage)
    except TargetError:
        return False
    return (found.field.model, found.field.name) == (target.field.model, target.field.name)


def _names_classes(model: StatisticalModel) -> bool:
    """Return whether labels are names of classes, which any text of people may look like."""
    technique = TECHNIQUES.get(model.technique)
    return technique is not None and technique.family == "classification"


def _holds_text(target: Target) -> bool:
    name = target.field.name
    rows = target.model._default_manager.exclude(**{name: ""})
    if target.field.null:
        rows = rows.exclude(**{f"{name}__isnull": True})
    return rows.exists()


def _holds_other_text(target: Target) -> bool:
    name = target.field.name
    rows = target.model._default_manager.exclude(**{f"{name}__regex": _LABEL})
    if target.field.null:
        rows = rows.exclude(**{f"{name}__isnull": True})
    return rows.exclude(**{name: ""}).exists()
