"""State: what a filter reads and how it learns, as plain values, such as a fit keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification.declared import EVALUATION
from headwater.engines.parameters import ParameterError
from headwater.spam.spammable import Spammable, judged_by_filter, spammable_of

if TYPE_CHECKING:
    from headwater.spam.models import SpamFilter

DEFAULT_CLASSIFIER = "linear_svc"
"""Technique of a filter that names no classifier: a linear support vector machine."""
DEFAULT_PARAMETERS: dict[str, Any] = {"C": 1.0}
"""Its settings, besides its defaults."""


@dataclass(frozen=True, slots=True)
class OwnRows:
    """Rows of one model that people labelled."""

    model: str
    """“app_label.Model”."""
    text_fields: tuple[str, ...]
    label_field: str
    has_verdicts: bool
    """Whether a row counts only once a person revised it; else each that has a label counts."""

    @property
    def rows_model(self) -> type[models.Model]:
        """The model; raises LookupError where it is not installed any more."""
        return apps.get_model(self.model)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> OwnRows:
        """Return what ``as_json`` gave."""
        return cls(**{**values, "text_fields": tuple(values["text_fields"])})

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "text_fields": list(self.text_fields)}


def reads(spam_filter: SpamFilter) -> dict[str, Any]:
    """Return what is read: the first model with its text fields; ``also`` lists further ones.

    Own rows come first, then pre-training rows (``pretraining`` is true of those).
    """
    found: list[dict[str, Any]] = [
        {
            "model": one.model,
            "columns": list(one.text_fields),
            "filter": {},
            "label": one.label_field,
        }
        for one in own_rows(spam_filter)
    ]
    found += [
        {
            "model": label,
            "columns": ["content"],
            "filter": {},
            "label": "is_spam",
            "pretraining": True,
        }
        for label in _listed(spam_filter.pretraining)
    ]
    if not found:
        return {}
    return {**found[0], "also": found[1:]} if len(found) > 1 else found[0]


def definition(spam_filter: SpamFilter) -> dict[str, Any]:
    """Return what else a fit keeps: the classifier with its settings, whose rows, how it is judged.

    ``classifier`` has ``name`` (empty: the default one), ``technique`` and ``parameters``.
    """
    return {
        "classifier": classifier_of(spam_filter),
        "own": [one.as_json() for one in own_rows(spam_filter)],
        "pretraining": _listed(spam_filter.pretraining),
        "pretraining_weight": spam_filter.pretraining_weight,
        "pretraining_fades": spam_filter.pretraining_fades,
        "evaluation": _filled(EVALUATION, spam_filter.evaluation),
        "ham_below": spam_filter.ham_below,
        "spam_from": spam_filter.spam_from,
    }


def classifier_of(spam_filter: SpamFilter) -> dict[str, Any]:
    """Return ``name``, ``technique`` and ``parameters`` of what learns from the numbers."""
    chosen = spam_filter.classifier
    name, technique, given = (
        ("", DEFAULT_CLASSIFIER, DEFAULT_PARAMETERS)
        if chosen is None
        else (chosen.name, chosen.technique, chosen.parameters)
    )
    known = TECHNIQUES.get(technique)
    parameters = given if known is None else _filled(known.parameters, given)
    return {"name": name, "technique": technique, "parameters": parameters}


def own_rows(spam_filter: SpamFilter) -> list[OwnRows]:
    """Return whose rows teach the filter: of ``rows``, else of the models that name it."""
    if spam_filter.rows_id is None:
        return [_named(one) for one in judged_models(spam_filter.name)]
    model = spam_filter.rows.model_class() if spam_filter.rows is not None else None
    if model is None:
        return []  # its app is gone, which the filter's check says
    own = spammable_of(model)
    columns = tuple(_listed(spam_filter.text_columns))
    label = spam_filter.label_column
    by_verdict = own is not None and label in ("", own.label_field)
    return [
        OwnRows(
            model._meta.label,
            columns or (own.text_fields if own is not None else ()),
            label or (own.label_field if own is not None else ""),
            by_verdict,
        )
    ]


def judged_models(name: str) -> list[Spammable]:
    """Return the models whose rows the filter ``name`` judges; children of one go with it."""
    found = judged_by_filter(name)
    return [one for one in found if not _parents(one.model) & {other.model for other in found}]


def _parents(model: type[models.Model]) -> set[type[models.Model]]:
    return set(model._meta.get_parent_list())


def _named(one: Spammable) -> OwnRows:
    return OwnRows(one.model._meta.label, one.text_fields, one.label_field, True)


def _listed(names: Any) -> list[str]:
    """Return ``names`` as a list of texts; what is none, the filter's check refuses."""
    given: Iterable[Any] = names if isinstance(names, (list, tuple)) else ()
    return [str(name) for name in given]


def _filled(declared: Any, given: Any) -> Any:
    """Return ``given`` with the defaults beside it; as it is where it does not fit."""
    try:
        return declared.clean(given)
    except ParameterError:
        return given
