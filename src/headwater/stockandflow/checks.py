"""System checks of what the project's ``stocks.py`` modules state. Nothing asks the database."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models, router
from django.db.models.constants import LOOKUP_SEP

from headwater.engines.periods import PERIODS
from headwater.stockandflow.definitions import FacetUse, Flow, ModelTracker, Partition, Stock
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.definitions.subject import objects_of
from headwater.stockandflow.discover import Stated, stated
from headwater.stockandflow.errors import StockAndFlowError

TAG = "headwater"
_MISFITS = (FieldError, FieldDoesNotExist, ValueError, TypeError, LookupError, AttributeError)
"""What Django raises for querysets and expressions that cannot be."""


@register(TAG)
def check_stocks(**kwargs: Any) -> list[CheckMessage]:
    """Return what is wrong with the project's stocks, flows, partitions and schedule."""
    try:
        found = stated()
    except StockAndFlowError as error:
        return [_error("E301", str(error), "Correct it in that stocks.py.")]
    return [
        *_slugs(found),
        *(message for stock in found.stocks for message in _stock(stock)),
        *(message for one in found.partitions for message in _partition(one)),
        *(message for flow in found.flows for message in _events(flow)),
        *(message for one in found.trackers for message in _tracker(one)),
        *_schedule(found),
    ]


def _slugs(found: Stated) -> Iterator[CheckMessage]:
    """Records are kept by slug: two things with one slug would share their records."""
    flows = {id(flow): flow for flow in found.flows}
    flows |= {id(flow): flow for tracker in found.trackers for flow in tracker.flows}
    for slug in {one.slug for one in found.stocks} & {one.slug for one in found.partitions}:
        yield _error(
            "E302",
            f"“{slug}” is the slug of a stock and of a partition.",
            "Give each a slug of its own: addresses and feeds find both by it.",
        )
    alone = [
        p.slug for p in found.partitions if not any(p in x.partitions for x in found.processes)
    ]
    named: dict[str, Iterable[str]] = {
        "stock": (stock.slug for stock in found.stocks),
        "partition": (one.slug for one in found.partitions),
        "flow": (flow.slug for flow in flows.values()),
        "process": [*(process.slug for process in found.processes), *alone],
    }
    for kind, slugs in named.items():
        for slug, times in Counter(slugs).items():
            if times > 1:
                hint = "Give each a slug of its own."
                if kind == "process" and slug in alone:
                    hint = "A partition that no process names has a page under its own slug."
                yield _error("E302", f"There are {times} with the slug “{slug}”: {kind}.", hint)


def _stock(stock: Stock) -> Iterator[CheckMessage]:
    try:
        rows = stock.objects()
        rows.query.get_compiler(rows.db)
    except StockAndFlowError as error:
        yield _error("E303", str(error))
        return
    except _MISFITS as error:
        yield _error("E303", f"{stock.what} has a queryset that cannot be: {error}.")
        return
    yield from _every(stock.what, stock.every)
    for use in stock.facet_uses:
        yield from _facet(stock.what, stock.model, use)


def _partition(partition: Partition) -> Iterator[CheckMessage]:
    what = partition.what
    try:
        unknown = _unknown(partition)
        if unknown is not None:
            yield unknown
            return
        rows = partition.objects()
        rows.query.get_compiler(rows.db).as_sql()
    except StockAndFlowError as error:
        yield _error("E304", str(error))
        return
    except _MISFITS as error:
        yield _error("E304", f"{what} cannot be divided so: {error}.")
        return
    kind = rows.query.annotations["headwater_value"].output_field
    if isinstance(kind, (models.FloatField, models.DecimalField, models.JSONField)):
        yield _error(
            "E305",
            f"{what} divides by a {type(kind).__name__}: nearly each object would be a stock of "
            "its own.",
            "Name ranges: Case(When(…, then=Value(“low”)), default=Value(“high”)).",
        )
    yield from _every(what, partition.every)
    for use in partition.facet_uses:
        yield from _facet(what, partition.model, use)
    for flow in partition.flows:
        yield from _ends(partition, flow)
    yield from _event_model(what, partition.flow_event_model, partition.model)
    records = router.db_for_write(_records())
    if router.db_for_read(partition.model) != records:
        yield _error(
            "E306",
            f"{what} is of {partition.model._meta.label}, which is in the database "
            f"“{router.db_for_read(partition.model)}”; the books are in “{records}”.",
            "Route headwater_stockandflow to the database of the objects.",
        )


def _unknown(partition: Partition) -> CheckMessage | None:
    """Return what is wrong with a partition by the name of what is not there, or not once."""
    by = partition.by
    if not isinstance(by, str):
        return None
    label = partition.model._meta.label
    here: Any = partition.model
    for part in by.split(LOOKUP_SEP):
        fields = {field.name: field for field in here._meta.get_fields()}
        if part not in fields:
            annotated = objects_of(partition.what, partition.subject).query.annotations
            if here is not partition.model or part in annotated:
                return None  # a transform, or an annotation: whether it can be, compiling tells
            close = difflib.get_close_matches(part, [*fields, *annotated], n=1)
            return _error(
                "E304",
                f"{partition.what} divides by “{by}”, which {label} does not have.",
                f"Did you mean “{close[0]}”?" if close else f"It has {', '.join(sorted(fields))}.",
            )
        field = fields[part]
        if field.one_to_many or field.many_to_many:
            return _error(
                "E304",
                f"{partition.what} divides by “{by}”, of which an object of {label} may have "
                "several: it would be in several stocks at once.",
                "Divide by what each object has once, or name what counts with Case(When(…)).",
            )
        if not field.is_relation:
            return None
        here = field.related_model
    return None


def _ends(partition: Partition, flow: Flow) -> Iterator[CheckMessage]:
    """A state that the partition's names do not have is probably written wrongly."""
    if not any(flow.takes(one, other) for one in flow.source_keys for other in flow.sink_keys):
        yield Warning(
            f"The flow “{flow.slug}” of the partition “{partition.slug}” leads from a stock to "
            "itself, so no move is ever of it.",
            hint="Give it sources and sinks that differ.",
            id="headwater.W308",
        )
    known = partition.state_names()
    if not known:
        return
    for end in dict.fromkeys((*flow.source_keys, *flow.sink_keys)):
        if end not in known and end != OUTSIDE:
            close = difflib.get_close_matches(end, list(known), n=1)
            yield Warning(
                f"The flow “{flow.slug}” of the partition “{partition.slug}” names “{end}”, which "
                "is none of its states.",
                hint=f"Did you mean “{close[0]}”?" if close else f"There are {', '.join(known)}.",
                id="headwater.W307",
            )
    for name, given in (("sources", flow.sources), ("sinks", flow.sinks)):
        for one in given:
            if isinstance(one, Stock) and one.partition != partition.slug:
                yield _error(
                    "E307",
                    f"The flow “{flow.slug}” of the partition “{partition.slug}” has the stock "
                    f"“{one.slug}” among its {name}, which is no state of it.",
                    "Give values of the partition.",
                )


def _facet(what: str, model: type[models.Model], use: FacetUse) -> Iterator[CheckMessage]:
    try:
        rows = model._default_manager.values(use.lookup)
        rows.query.get_compiler(rows.db).as_sql()
    except _MISFITS as error:
        yield _error(
            "E308",
            f"{what} is split by the facet “{use.facet.slug}”, whose lookup “{use.lookup}” does "
            f"not lead anywhere from {model._meta.label}: {error}.",
            "A tuple (facet, “field_prefix”) leads to a related object first.",
        )


def _events(flow: Flow) -> Iterator[CheckMessage]:
    stocks = [end for end in (*flow.sources, *flow.sinks) if isinstance(end, Stock)]
    model = stocks[0].model if stocks else None
    yield from _event_model(f"The flow “{flow.slug}”", flow.flow_event_model, model)


def _event_model(
    what: str, given: Any, subject: type[models.Model] | None
) -> Iterator[CheckMessage]:
    from django.apps import apps

    from headwater.stockandflow.models import FlowEvent

    if given is None or given is FlowEvent:
        return
    try:
        model: Any = apps.get_model(given) if isinstance(given, str) else given
    except (LookupError, ValueError):
        yield _error("E309", f"{what} has the event model “{given}”, which is not installed.")
        return
    if not _is_event_model(model):
        yield _error(
            "E309",
            f"{what} has {model!r} as its event model.",
            "Give a subclass of FlowEventModel with a foreign key “subject”.",
        )
        return
    try:
        key: Any = model._meta.get_field("subject")
    except FieldDoesNotExist:
        yield _error(
            "E309",
            f"The event model {model._meta.label} of {what[0].lower()}{what[1:]} has no field "
            "“subject”.",
            "Add subject = SubjectKey(“app.Model”), from headwater.stockandflow.models.",
        )
        return
    if not key.many_to_one:
        yield _error("E309", f"“subject” of {model._meta.label} is no foreign key.")
        return
    if key.remote_field.on_delete is not models.DO_NOTHING or key.db_constraint:
        yield _error(
            "E310",
            f"“subject” of {model._meta.label} would be deleted, or be refused, with its object. "
            "The books need the event of an object that is gone.",
            "Use SubjectKey(“app.Model”): a foreign key with on_delete=DO_NOTHING and "
            "db_constraint=False.",
        )
    of = key.remote_field.model
    if subject is not None and of._meta.concrete_model is not subject._meta.concrete_model:
        yield _error(
            "E311",
            f"{what} is of {subject._meta.label}, and the subject of its event model "
            f"{model._meta.label} is {of._meta.label}.",
            "Use an event model of the same objects.",
        )


def _is_event_model(model: object) -> bool:
    from headwater.stockandflow.models import FlowEventModel

    return isinstance(model, type) and issubclass(model, FlowEventModel)


def _tracker(tracker: ModelTracker) -> Iterator[CheckMessage]:
    if tracker.partition is not None:
        return
    for name in tracker.fields_to_track:
        try:
            tracker.model._meta.get_field(name)
        except FieldDoesNotExist:
            names = [field.name for field in tracker.model._meta.get_fields()]
            close = difflib.get_close_matches(name, names, n=1)
            yield _error(
                "E312",
                f"A tracker of {tracker.model._meta.label} tracks “{name}”, which is no field of "
                "it.",
                f"Did you mean “{close[0]}”?" if close else None,
            )
    for flow in tracker.flows:
        yield from _event_model(f"The flow “{flow.slug}”", flow.flow_event_model, tracker.model)


def _schedule(found: Stated) -> Iterator[CheckMessage]:
    for job in found.schedule:
        match job:
            case (str(often), call) if often in PERIODS and callable(call):
                continue
            case _:
                yield _error(
                    "E313",
                    f"The schedule has {job!r}.",
                    "Give pairs such as (DAILY, count_stocks). Periods are in "
                    f"headwater.stockandflow.periods: {', '.join(PERIODS)}.",
                )
    for cause in found.causes:
        if not callable(cause):
            yield _error("E314", f"“causes” has {cause!r}, which cannot be called.")


def _every(what: str, every: str | None) -> Iterator[CheckMessage]:
    if every is not None and every not in PERIODS:
        yield _error(
            "E315",
            f"{what} is to be counted every {every!r}.",
            f"There are {', '.join(PERIODS)}; None: only where code asks for it.",
        )


def _records() -> type[models.Model]:
    from headwater.stockandflow.models import StockRecord

    return StockRecord


def _error(number: str, sentence: str, hint: str | None = None) -> Error:
    return Error(sentence, hint=hint, id=f"headwater.{number}")
