"""waiting: which rows a person is asked about, how many there are, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, FloatField, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Coalesce

from headwater.spam.item import made_field
from headwater.spam.models import SpamFilter
from headwater.spam.spammable import Spammable, judged_by_filter
from headwater.spam.zones import EVEN, Thresholds

UNREVISED = Q(v_is_revised=False) | Q(v_is_revised__isnull=True)
EDITED = Q(v_is_edited=True)
AUDIT = UNREVISED & Q(v_is_sampled=True, v_spam_probability__isnull=False)
UNJUDGED = UNREVISED & Q(v_spam_probability__isnull=True, v_is_spam__isnull=True)


def in_zone(zone: str, thresholds: Thresholds) -> Q:
    """Return the condition that the filter puts a row into ``zone``."""
    if zone == "ham":
        return Q(v_spam_probability__lt=thresholds.ham_below) & Q(
            v_spam_probability__lt=thresholds.spam_from
        )
    if zone == "spam":
        return Q(v_spam_probability__gte=thresholds.spam_from)
    return Q(
        v_spam_probability__gte=thresholds.ham_below, v_spam_probability__lt=thresholds.spam_from
    )


def doubtful(thresholds: Thresholds) -> Q:
    """Return the condition that the filter leaves a row to a person."""
    return UNREVISED & in_zone("unsure", thresholds)


def is_waiting(thresholds: Thresholds) -> Q:
    """Return the condition that a person is asked about a row."""
    return doubtful(thresholds) | EDITED | AUDIT | UNJUDGED


def in_order(rows: QuerySet[Any], thresholds: Thresholds) -> QuerySet[Any]:
    """Return ``rows`` in the order of the queue, with ``q_rank`` and ``q_distance``.

    First what the filter is least sure of, then what chance has drawn for an audit, then what it
    has not judged, then all others.
    """
    ordered: QuerySet[Any] = rows.annotate(
        q_rank=Case(
            When(doubtful(thresholds) | EDITED, then=Value(0)),
            When(AUDIT, then=Value(1)),
            When(UNJUDGED, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        ),
        q_distance=Coalesce(
            Abs(F("v_spam_probability") - Value(EVEN)), Value(1.0), output_field=FloatField()
        ),
    ).order_by("q_rank", "q_distance", "pk")
    return ordered


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows a person is asked about; one may wait for more than one reason."""

    total: int
    doubtful: int
    edited: int
    audit: int
    unjudged: int
    oldest: datetime | None
    """When the oldest was made, of those whose model says so."""


def waiting(spam_filter: SpamFilter) -> Waiting:
    """Return how many rows of the models of ``spam_filter`` wait for a person."""
    counted = [_counted(one, spam_filter) for one in judged_by_filter(spam_filter.name)]
    dates = [one["oldest"] for one in counted if one["oldest"] is not None]
    return Waiting(
        total=sum(one["total"] for one in counted),
        doubtful=sum(one["doubtful"] for one in counted),
        edited=sum(one["edited"] for one in counted),
        audit=sum(one["audit"] for one in counted),
        unjudged=sum(one["unjudged"] for one in counted),
        oldest=min(dates, default=None),
    )


def number_waiting(*, besides: SpamFilter | None = None) -> int:
    """Return how many rows wait for a person, of all filters, or all but one."""
    filters: Iterable[Any] = SpamFilter.objects.only("name", "ham_below", "spam_from")
    if besides is not None:
        filters = SpamFilter.objects.exclude(pk=besides.pk)
    numbers = [
        one.verdicts().filter(is_waiting(spam_filter)).count()
        for spam_filter in filters
        for one in judged_by_filter(spam_filter.name)
    ]
    return sum(numbers)


def _counted(spammable: Spammable, thresholds: Thresholds) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "total": Count("pk"),
        "doubtful": Count("pk", filter=doubtful(thresholds)),
        "edited": Count("pk", filter=EDITED),
        "audit": Count("pk", filter=AUDIT),
        "unjudged": Count("pk", filter=UNJUDGED),
    }
    field = made_field(spammable.model)
    if field:
        wanted["oldest"] = Min(field)
    rows = spammable.verdicts().filter(is_waiting(thresholds))
    return {"oldest": None, **rows.aggregate(**wanted)}
