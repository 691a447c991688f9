"""When a model runs, and why it ran, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from headwater.console.words import listed
from headwater.learning.actions import actions_of
from headwater.learning.chain import inputs
from headwater.learning.models import (
    RECALCULATE,
    Fit,
    FitReason,
    Recalculation,
    StatisticalModel,
)
from headwater.learning.schedule import next_look


@dataclass(frozen=True, slots=True)
class Automation:
    """What the page of a model shows of it."""

    sentence: str
    """When it runs."""
    counter: int
    threshold: int | None
    share: float | None
    """How far the counter is towards the threshold; None without one."""
    next: str
    """When the schedule looks next; empty without a schedule."""
    learns_from: str
    """Names of the models whose labels it learns from; empty where there are none."""


def automation_of(model: StatisticalModel, now: dt.datetime | None = None) -> Automation:
    """Return how ``model`` is automated."""
    threshold = model.counter_threshold
    share = None if threshold is None else min(1.0, model.counter / max(1, threshold))
    reads = model.specific.reads()
    return Automation(
        sentence=_sentence(model),
        counter=model.counter,
        threshold=threshold,
        share=share,
        next=_next(model, now or timezone.now()),
        learns_from=listed([f"“{one.name}”" for one in inputs(reads) if one.pk != model.pk]),
    )


def why(fit: Fit) -> str:
    """Return why ``fit`` was asked for: “the counter reached 10”."""
    detail = fit.reason_detail
    if fit.reason == FitReason.ASKED:
        return f"asked for by {fit.requested_by or 'somebody whose account is gone'}"
    if fit.reason == FitReason.SCHEDULE:
        return f"by schedule, {detail}" if detail else "by schedule"
    told = detail or FitReason(fit.reason).label
    return told[:1].lower() + told[1:]


def _sentence(model: StatisticalModel) -> str:
    threshold = model.counter_threshold
    whens = []
    if threshold is not None and RECALCULATE in actions_of(model.threshold_actions):
        whens.append(f"as soon as the counter reaches {threshold:,}")
    if model.recalculate != Recalculation.MANUAL:
        often = Recalculation(model.recalculate).label.lower()
        only = f" if the counter has reached {threshold:,} by then" if threshold else ""
        whens.append(f"{often}{_at(model)}{only}")
    if not whens:
        return "It runs only when somebody asks."
    return f"It runs by itself {listed(whens, last='and')}."


def _at(model: StatisticalModel) -> str:
    at = model.recalculate_at or dt.time()
    if model.recalculate == Recalculation.HOURLY:
        return f" at minute {at.minute}"
    day = " on Mondays" if model.recalculate == Recalculation.WEEKLY else ""
    return f"{day} from {at:%H:%M}"


def _next(model: StatisticalModel, now: dt.datetime) -> str:
    moment = next_look(model, now=now)
    if moment is None:
        return ""
    if moment == now:
        return "due now, with the next manage.py run_due_fits"
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return date_format(local, "j F Y, H:i e")
