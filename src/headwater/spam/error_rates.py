"""estimated_rates: how often a filter errs, from what people decided on what chance had drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from headwater.spam.models import Decision, SpamFilter, Verb
from headwater.spam.revise import DECIDED
from headwater.spam.spammable import judged_by_filter
from headwater.spam.waiting import UNREVISED, in_zone
from headwater.words import counted

if TYPE_CHECKING:
    from headwater.engines.classification.rates import Decided, ErrorRates, Stratum

DAYS = 90
"""Decisions that are older say too little of the filter as it is now."""
LEAST = 20
"""Audited items from which rates are told."""
SEED = 20260
"""The same labels give the same intervals."""

_ZONES: tuple[tuple[Decided, str], ...] = (("ham", "accepted"), ("spam", "refused"))


@dataclass(frozen=True, slots=True)
class Estimated:
    """The error rates of a filter, or why they cannot be told yet."""

    rates: ErrorRates | None
    audited: int
    """Items that chance had drawn and a person decided on, in the last ``DAYS`` days."""
    sentence: str


def estimated_rates(spam_filter: SpamFilter) -> Estimated:
    """Return how often ``spam_filter`` refuses what is honest and accepts spam.

    What chance has drawn for an audit stands for all that was accepted, or refused, without a
    person; what people looked up by themselves stands for itself alone. What waits is left out.
    """
    labels = _labels(spam_filter)
    audited = sum(
        number
        for (zone, sampled, _), number in labels.items()
        if sampled and zone in ("ham", "spam")
    )
    if audited < LEAST:
        so_far = counted(audited, "was", "were") if audited else "none was"
        return Estimated(
            None,
            audited,
            f"How often the filter errs can be told from {LEAST} audited items on; in the last "
            f"{DAYS} days {so_far} decided.",
        )
    import numpy as np

    from headwater.engines.classification.rates import error_rates

    rates = error_rates(_strata(spam_filter, labels), np.random.default_rng(SEED))
    return Estimated(rates, audited, rates.sentence)


def _labels(spam_filter: SpamFilter) -> dict[tuple[str, bool, str], int]:
    """Return how many rows people decided on: by zone, whether drawn by chance, and verb."""
    standing = Decision.objects.filter(
        spam_filter=spam_filter,
        verb__in=DECIDED,
        undone_by=None,
        at__gte=timezone.now() - timedelta(days=DAYS),
    )
    later = Decision.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        pk__gt=OuterRef("pk"),
        verb__in=DECIDED,
        undone_by=None,
    )
    counts = (
        standing.filter(~Exists(later))
        .order_by()
        .values_list("zone", "was_sampled", "verb")
        .annotate(n=Count("pk"))
    )
    return {(zone, sampled, verb): n for zone, sampled, verb, n in counts}


def _strata(spam_filter: SpamFilter, labels: dict[tuple[str, bool, str], int]) -> list[Stratum]:
    from headwater.engines.classification.rates import Stratum

    strata = []
    for zone, name in _ZONES:
        drawn = _labelled(labels, zone, sampled=True)
        unseen = sum(
            one.verdicts().filter(UNREVISED & in_zone(zone, spam_filter)).count()
            for one in judged_by_filter(spam_filter.name)
        )
        strata.append(Stratum(f"{name} without a person", zone, unseen + drawn[0], *drawn))
        looked_up = _labelled(labels, zone, sampled=False)
        strata.append(Stratum(f"{name}, then looked up", zone, looked_up[0], *looked_up))
    doubtful = [_labelled(labels, "unsure", sampled=sampled) for sampled in (False, True)]
    n, spam = (sum(one[i] for one in doubtful) for i in (0, 1))
    return [*strata, Stratum("left to people", "person", n, n, spam)]


def _labelled(
    labels: dict[tuple[str, bool, str], int], zone: str, *, sampled: bool
) -> tuple[int, int]:
    """Return (how many were labelled, how many of them spam)."""
    spam = labels.get((zone, sampled, Verb.SPAM), 0)
    return spam + labels.get((zone, sampled, Verb.HAM), 0), spam
