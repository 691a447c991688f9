"""Chain: models that learn from the labels of other models, and the order that follows."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.apps import apps

from headwater.learning.actions import actions_of
from headwater.learning.errors import FitError
from headwater.learning.models import (
    RECALCULATE,
    Fit,
    FitReason,
    FitStatus,
    Recalculation,
    StatisticalModel,
)
from headwater.learning.request import request_fit
from headwater.learning.targets import TargetError, resolve_target
from headwater.sources.kinds import LOOKUP_SEPARATOR, LabelFields, find_field

logger = logging.getLogger("headwater.learning")

FieldName = tuple[str, str]
"""(“app_label.Model”, field)."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A statistical model that writes labels, and where: mostly one field."""

    pk: int
    name: str
    fields: frozenset[FieldName]


def label_fields() -> LabelFields:
    """Return the fields that hold labels of any statistical model, or are about to."""
    return frozenset(name for writer in _writers() for name in writer.fields)


def fields_read(reads: Mapping[str, Any]) -> dict[FieldName, str]:
    """Return each field that ``reads`` (as ``StatisticalModel.reads`` has it) -> the lookup.

    A filter reads too: which rows meet it may hang on a label.
    """
    found: dict[FieldName, str] = {}
    for model, lookup in _lookups(reads):
        *_, last = [None, *_fields_along(model, lookup)]
        if last is not None and not last.is_relation:
            found.setdefault(_named(last), f"{model._meta.label}.{lookup}")
    return found


def fields_passed(reads: Mapping[str, Any]) -> frozenset[FieldName]:
    """Return each field on the way of a column or a filter, the relations that lead on as well."""
    return frozenset(
        _named(getattr(field, "field", field))  # of a reverse relation, the field that keeps it
        for model, lookup in _lookups(reads)
        for field in _fields_along(model, lookup)
    )


def inputs(reads: Mapping[str, Any]) -> list[Writer]:
    """Return the models whose labels ``reads`` takes in, by name."""
    read = fields_read(reads)
    return [writer for writer in _writers() if not writer.fields.isdisjoint(read)] if read else []


def is_automated(model: StatisticalModel) -> bool:
    """Return whether ``model`` may be fitted without anybody's asking."""
    by_threshold = model.counter_threshold is not None and RECALCULATE in actions_of(
        model.threshold_actions
    )
    return by_threshold or model.recalculate != Recalculation.MANUAL


def circle_errors(model: StatisticalModel, reads: Mapping[str, Any]) -> list[str]:
    """Return a sentence if ``model`` would learn from its own labels, in however many steps."""
    own = _fields(model.results_storage)
    if not own:
        return []
    name = f"“{model.name}”" if model.name else "This model"
    found = _way_round(own, model.pk, name, reads)
    if found is None:
        return []
    return [
        f"{name} would learn from its own labels: {'; '.join(found)}. Leave one of these columns "
        "out, or write the labels elsewhere."
    ]


def in_order(models: Iterable[StatisticalModel]) -> list[StatisticalModel]:
    """Return ``models`` so that each stands behind those whose labels it learns from.

    Others than ``models`` may stand between two of them. Models of the same standing keep their
    order.
    """
    wanted = {model.pk: model for model in models}
    if len(wanted) < 2:
        return list(wanted.values())
    known = wanted | {model.pk: model for model in _all_models() if model.pk not in wanted}
    writers = _writers()
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for model in known.values():
        read = fields_read(model.specific.reads())
        before = [one.pk for one in writers if not one.fields.isdisjoint(read)]
        sorter.add(model.pk, *(pk for pk in before if pk != model.pk))
    try:
        order = list(sorter.static_order())
    except CycleError:  # two people saved at once what each alone would have been allowed
        logger.warning("Some statistical models learn from one another in a circle.")
        return list(wanted.values())
    return [wanted[pk] for pk in order if pk in wanted]


def learned_anew(fit: Fit) -> list[str]:
    """Return the names of the models whose labels ``fit`` read and that have changed since."""
    return learned_anew_of([fit]).get(fit.pk, [])


def learned_anew_of(fits: Iterable[Fit]) -> dict[int, list[str]]:
    """Return fit id -> names of the models whose labels it read and that have changed since.

    Labels have changed where a later fit wrote other ones than there were. Two queries, for any
    number of fits; fits that nothing has happened to are left out.
    """
    writers = _writers()
    read: dict[int, tuple[datetime, list[Writer]]] = {}
    for fit in fits:
        fields = fields_read(fit.source or {})
        others = [w for w in writers if w.pk != fit.model_id and not w.fields.isdisjoint(fields)]
        if fit.started_at is not None and others:
            read[fit.pk] = fit.started_at, others
    if not read:
        return {}
    later = Fit.objects.filter(
        model__in={writer.pk for _, others in read.values() for writer in others},
        status=FitStatus.SUCCEEDED,
        finished_at__gt=min(started for started, _ in read.values()),
    ).values_list("model_id", "finished_at", "written")
    changes = [(pk, end) for pk, end, written in later if end and _changed_labels(written)]
    found = {
        pk: [
            writer.name
            for writer in others
            if any(of == writer.pk and ended > started for of, ended in changes)
        ]
        for pk, (started, others) in read.items()
    }
    return {pk: names for pk, names in found.items() if names}


def request_dependents(fit: Fit) -> list[Fit]:
    """Queue a fit of each automated model that learns from the labels that ``fit`` has changed.

    Inputs come before what learns from them. A model whose fit waits already needs no other one;
    one whose fit runs is queued again when that ends (``request_anew``).
    """
    if not _changed_labels(fit.written):
        return []
    written = _fields(fit.results_storage)
    dependent = [
        model
        for model in _all_models()
        if model.pk != fit.model_id
        and is_automated(model)
        and not written.isdisjoint(fields_read(model.specific.reads()))
    ]
    requested = [_request(model, [str(fit.model)]) for model in in_order(dependent)]
    return [one for one in requested if one is not None]


def request_anew(fit: Fit) -> Fit | None:
    """Queue another fit of the model of ``fit``, where what it read has changed meanwhile."""
    model = fit.model
    if not is_automated(model):
        return None
    names = learned_anew(fit)
    return _request(model, names) if names else None


def _request(model: StatisticalModel, names: list[str]) -> Fit | None:
    named = " and ".join(f"“{name}”" for name in names)
    try:
        return request_fit(
            model, reason=FitReason.CHAIN, detail=f"the labels of {named} have changed"[:300]
        )
    except FitError as refused:  # one waits or runs, or the model is gone
        logger.info("“%s” is not queued after %s: %s", model, named, refused)
        return None


def _changed_labels(written: Mapping[str, int] | None) -> bool:
    written = written or {}
    return bool(written.get("updated") or written.get("cleared"))


def _way_round(
    own: frozenset[FieldName], pk: int | None, name: str, reads: Mapping[str, Any]
) -> list[str] | None:
    """Return the steps from a model back to its own labels; None where there is no such way."""
    others = [writer for writer in _writers() if writer.pk != pk]
    seen: set[int] = set()

    def walk(here: str, read: dict[FieldName, str]) -> list[str] | None:
        for field in sorted(own & read.keys()):
            return [f"{here} reads {read[field]}, which holds the labels of {name}"]
        for writer in others:
            shared = sorted(writer.fields & read.keys())
            if not shared or writer.pk in seen:
                continue
            seen.add(writer.pk)
            model = StatisticalModel.objects.filter(pk=writer.pk).first()
            if model is None:
                continue
            further = walk(f"“{writer.name}”", fields_read(model.specific.reads()))
            if further is not None:
                step = f"{here} reads {read[shared[0]]}, which holds the labels of “{writer.name}”"
                return [step, *further]
        return None

    return walk(name, fields_read(reads))


def _all_models() -> Iterator[StatisticalModel]:
    models = StatisticalModel.objects.select_related("source__content_type")
    return iter(models.order_by("name"))


def _writers() -> list[Writer]:
    """Return the models that write labels; also fields that hold labels written before count."""
    rows = StatisticalModel.objects.order_by("name").values_list(
        "pk", "name", "results_storage", "current_fit__results_storage"
    )
    writers = [Writer(pk, name, _fields(now) | _fields(held)) for pk, name, now, held in rows]
    return [writer for writer in writers if writer.fields]


def _fields(storage: str | None) -> frozenset[FieldName]:
    if not storage:
        return frozenset()
    try:
        target = resolve_target(storage)
    except TargetError:  # gone
        return frozenset()
    return frozenset({_named(target.field)})


def _lookups(reads: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    for part in (reads, *reads.get("also", ())):
        try:
            model = apps.get_model(str(part.get("model", "")))
        except (LookupError, ValueError):
            continue  # not installed any more
        for lookup in (*part.get("columns", ()), *(part.get("filter") or ())):
            yield model, str(lookup)


def _fields_along(model: Any, lookup: str) -> Iterator[Any]:
    """Yield the fields and relations that ``lookup`` follows, up to any “__in” or “__isnull”."""
    here = model
    for part in lookup.split(LOOKUP_SEPARATOR):
        found = find_field(here, part) if here is not None else None
        if found is None:
            return
        yield found
        here = found.related_model if found.is_relation else None


def _named(field: Any) -> FieldName:
    return field.model._meta.label, field.name
