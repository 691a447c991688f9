"""Assign: the label of a new row, from what the current fit has learned."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.dispatch import Signal

from headwater.learning.errors import FitError, NotInferredError
from headwater.sources.kinds import LOOKUP_SEPARATOR
from headwater.sources.number import to_number

if TYPE_CHECKING:
    from headwater.engines.artifact import Pipeline
    from headwater.learning.models import StatisticalModel

Observation = Mapping[str, object] | models.Model

SECONDS_TRUSTED = 1.0
"""How long loaded parameters serve before the database is asked for a newer fit."""
_TIMES = (dt.date, dt.timedelta)


@dataclass(frozen=True, slots=True)
class _Serving:
    """The parameters of one fit, loaded."""

    fit_id: int
    digest: str
    asked_at: float
    pipeline: Pipeline
    label: Callable[[Mapping[str, Any]], str]
    getters: tuple[tuple[str, bool, tuple[str, ...]], ...]
    """(column, whether it is categorical, attributes to follow) of each column."""
    rows: str
    """“app_label.Model” of the rows that were learned from; empty for those of a dataset."""


_loaded: dict[tuple[str | None, int], _Serving] = {}
"""By database and model; replaced whole, so threads see one fit or the other."""

forgotten = Signal()
"""Sent by ``forget`` with ``model_id``, for rooms that keep parameters in a form of their own."""


def assign(model: StatisticalModel, observation: Observation) -> str:
    """Return the label of the group that ``observation`` belongs to.

    A mapping gives column -> value (None: not known), as the source's columns are called; a model
    instance is followed along them. Raises ``NotInferredError`` before the first fit, and
    ``EncodingError`` for a value that does not fit.
    """
    serving = _current(model)
    return serving.label(_values(serving, observation))


def predict(model: StatisticalModel, observations: Iterable[Observation]) -> list[str]:
    """Return the label of each of ``observations``, in their order."""
    serving = _current(model)
    return [serving.label(_values(serving, observation)) for observation in observations]


def encoded(
    model: StatisticalModel, observations: Iterable[Observation]
) -> tuple[Pipeline, list[Any]]:
    """Return the pipeline that serves and the numbers (d',) that it makes of each observation."""
    serving = _current(model)
    encode = serving.pipeline.encoder.encode_row
    return serving.pipeline, [encode(_values(serving, row)) for row in observations]


def serving(model: StatisticalModel) -> Pipeline | None:
    """Return the fitted pipeline that serves now; None before the first fit."""
    try:
        return _current(model).pipeline
    except NotInferredError:
        return None


def forget(model_id: int | None = None) -> None:
    """Drop loaded parameters of one model, or of all, from this process."""
    for key in list(_loaded):
        if model_id is None or key[1] == model_id:
            _loaded.pop(key, None)
    forgotten.send(sender=None, model_id=model_id)


def _current(model: StatisticalModel) -> _Serving:
    key = (model._state.db, model.pk)
    loaded = _loaded.get(key)
    now = time.monotonic()
    if loaded is not None and now - loaded.asked_at < SECONDS_TRUSTED:
        return loaded
    found = (
        type(model)
        ._default_manager.filter(pk=model.pk, current_fit__isnull=False)
        .values_list("current_fit_id", "current_fit__artifact_digest")
        .first()
    )
    if found is None:
        _loaded.pop(key, None)
        raise NotInferredError(
            f"“{model}” has no inference yet. Run one first: perform_inference(), or in the "
            "background request_inference()."
        )
    if loaded is not None and (loaded.fit_id, loaded.digest) == found:
        fresh = replace(loaded, asked_at=now)
    else:
        fresh = _load(found[0], now)
    _loaded[key] = fresh
    return fresh


def _load(fit_id: int, now: float) -> _Serving:
    from headwater.engines.artifact import unpack
    from headwater.learning.models import Fit

    fit = Fit.objects.only("artifact", "artifact_digest", "source").get(pk=fit_id)
    pipeline = unpack(fit.artifact or b"", fit.artifact_digest)
    return _Serving(
        fit_id=fit_id,
        digest=fit.artifact_digest,
        asked_at=now,
        pipeline=pipeline,
        label=_label_of(pipeline),
        getters=tuple(
            (
                name,
                pipeline.encoder.kinds_[name] == "categorical",
                tuple(name.split(LOOKUP_SEPARATOR)),
            )
            for name in pipeline.columns
        ),
        rows=_concrete(apps.get_model(fit.source["model"])) if "model" in fit.source else "",
    )


def _label_of(pipeline: Pipeline) -> Callable[[Mapping[str, Any]], str]:
    """Return the function that labels a row; one that says why, where no row can be labelled."""
    try:
        return pipeline.compile()
    except ValueError as error:
        sentence = str(error)

    def refuse(values: Mapping[str, Any]) -> str:
        raise FitError(sentence)

    return refuse


def _values(serving: _Serving, observation: Observation) -> Mapping[str, Any]:
    if isinstance(observation, models.Model):
        return _read_instance(serving, observation)
    for value in observation.values():
        if isinstance(value, _TIMES):
            return {
                name: to_number(given) if isinstance(given, _TIMES) else given
                for name, given in observation.items()
            }
    return observation


def _read_instance(serving: _Serving, row: models.Model) -> dict[str, Any]:
    if serving.rows not in {
        _concrete(kind)
        for kind in type(row).__mro__
        if issubclass(kind, models.Model) and kind is not models.Model and not kind._meta.abstract
    }:
        raise TypeError(
            f"The observation is a {row._meta.label}; this statistical model learned from "
            f"{serving.rows}. Give one of those, or a mapping of its columns."
        )
    values: dict[str, Any] = {}
    for name, is_categorical, path in serving.getters:
        value: Any = row
        for attribute in path:
            try:
                value = getattr(value, attribute, None)
            except ObjectDoesNotExist:  # a reverse relation to one row that is not there
                value = None
            if value is None:
                break
        if value is None:
            values[name] = None
        else:
            values[name] = str(_plain(value)) if is_categorical else to_number(value)
    return values


def _concrete(model: type[models.Model]) -> str:
    """Return the label of the model that has the table, which proxies share."""
    return (model._meta.concrete_model or model)._meta.label


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)  # a member of Choices
