"""Schedule: fit again each model whose time has come, once in each period."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import close_old_connections, router, transaction
from django.db.models import Q
from django.utils import timezone

from headwater.learning.chain import in_order
from headwater.learning.errors import AlreadyRunning
from headwater.learning.models import (
    Fit,
    FitReason,
    FitStatus,
    Recalculation,
    StatisticalModel,
    StatisticalModelQuerySet,
)
from headwater.learning.periods import LENGTHS, next_start, period_start
from headwater.learning.request import open_fit, request_fit

logger = logging.getLogger("headwater.learning")


@dataclass(frozen=True, slots=True)
class Looked:
    """What the schedule did about one model that was due."""

    model: str
    counter: int
    threshold: int | None
    fit: Fit | None
    """The fit that was queued or run; None where there was none."""
    sentence: str
    failed: bool = False


def run_due_fits(*, now: dt.datetime | None = None, here: bool = False) -> list[Looked]:
    """Queue a fit of each model that is due, inputs before what learns from them.

    ``here`` runs them in this process, one after the other. A model with a threshold is fitted
    only where its counter has reached it, and its counter is reset; where it has not, the next
    period asks again. Each model is taken once in a period, whoever else looks at the same time,
    and once after any number of missed periods. An error of one model does not keep others from
    being looked at; it is logged, and told.
    """
    looked = []
    for model in in_order(due_models(now=now)):
        try:
            found = _look(model, now or timezone.now(), here=here)
        except Exception as error:
            logger.exception("The schedule met an error at “%s”.", model)
            sentence = f"“{model}” met an error: {error}"
            found = Looked(model.name, model.counter, model.counter_threshold, None, sentence, True)
        if found is not None:
            logger.log(logging.ERROR if found.failed else logging.INFO, found.sentence)
            looked.append(found)
    return looked


def watch(seconds: float, *, here: bool = False) -> Iterator[list[Looked]]:
    """Look again and again with ``seconds`` between, for good; yield what came of each look."""
    while True:
        close_old_connections()
        yield run_due_fits(here=here)
        close_old_connections()
        time.sleep(seconds)


def due_models(*, now: dt.datetime | None = None) -> list[StatisticalModel]:
    """Return the models that are due, by name; manual ones never are."""
    moment = now or timezone.now()
    models = StatisticalModel.objects.exclude(recalculate=Recalculation.MANUAL)
    models = models.select_related("source__content_type").order_by("name")
    return [model for model in models if is_due(model, now=moment)]


def is_due(model: StatisticalModel, *, now: dt.datetime | None = None) -> bool:
    """Return whether the schedule has not looked at ``model`` in the period that ``now`` is in.

    Where it never has, a fit that was asked for in this period stands for it. A moment far ahead
    of ``now`` was set by a clock that was wrong, and does not count.
    """
    moment = now or timezone.now()
    start = _start(model, moment)
    if start is None:
        return False
    last = model.scheduled_at
    if last is None:
        served = model.fits.filter(status=FitStatus.SUCCEEDED, requested_at__gte=start)
        return not served.filter(requested_at__lte=moment).exists()
    return last < start or last > moment + LENGTHS[Recalculation(model.recalculate)]


def next_look(model: StatisticalModel, *, now: dt.datetime | None = None) -> dt.datetime | None:
    """Return when the schedule looks at ``model`` next: ``now`` where it is due, None if never."""
    moment = now or timezone.now()
    if is_due(model, now=moment):
        return moment
    zone = timezone.get_default_timezone()
    return next_start(model.recalculate, model.recalculate_at, moment, zone)


def _look(model: StatisticalModel, now: dt.datetime, *, here: bool) -> Looked | None:
    """Take the model for this period and do what is to be done; None where another has it."""
    ask: Any = open_fit if here else request_fit
    counted, threshold = model.counter, model.counter_threshold
    rows: StatisticalModelQuerySet = StatisticalModel.objects.filter(pk=model.pk)
    fit: Fit | None = None
    try:
        with transaction.atomic(using=router.db_for_write(StatisticalModel)):
            if not _take(model, now):
                return None
            if threshold is not None:
                counted = rows.values_list("counter", flat=True).get()
                if counted < threshold:
                    return _said(model, counted, f"its threshold is {threshold}: not recalculated")
                rows.update(counter=0)
            fit = ask(model, reason=FitReason.SCHEDULE, detail=_detail(model, counted))
    except AlreadyRunning as refused:  # it stays due, and the next look asks again
        return _said(model, counted, f"not recalculated now: {refused}")
    if not here:
        return _said(model, counted, f"recalculated: fit {fit.pk} is queued", fit)
    from headwater.learning.fit import run_fit  # the numbers, for this process only

    fit = run_fit(fit)
    if fit.status == FitStatus.SUCCEEDED:
        return _said(model, counted, f"recalculated by fit {fit.pk}", fit)
    what = f"fit {fit.pk} {fit.get_status_display().lower()}. {fit.error}"
    return _said(model, counted, what.strip(), fit, failed=True)


def _take(model: StatisticalModel, now: dt.datetime) -> bool:
    """Mark ``model`` as looked at in this period; False where somebody has done it before.

    The UPDATE only finds a row that is still due, so of two processes one gets it.
    """
    start = _start(model, now)
    if start is None:
        return False
    wrong = now + LENGTHS[Recalculation(model.recalculate)]
    return bool(
        StatisticalModel.objects.filter(
            Q(scheduled_at__isnull=True) | Q(scheduled_at__lt=start) | Q(scheduled_at__gt=wrong),
            pk=model.pk,
            recalculate=model.recalculate,
        ).update(scheduled_at=now)
    )


def _start(model: StatisticalModel, now: dt.datetime) -> dt.datetime | None:
    zone = timezone.get_default_timezone()
    return period_start(model.recalculate, model.recalculate_at, now, zone)


def _detail(model: StatisticalModel, counted: int) -> str:
    often = Recalculation(model.recalculate).label.lower()
    if model.counter_threshold is None:
        return often
    return f"{often}; the counter was at {counted:,}, of {model.counter_threshold:,}"


def _said(
    model: StatisticalModel, counted: int, what: str, fit: Fit | None = None, failed: bool = False
) -> Looked:
    end = "" if what.endswith(".") else "."
    sentence = f"“{model}” had a counter of {counted:,}; {what}{end}"
    return Looked(model.name, counted, model.counter_threshold, fit, sentence, failed)
