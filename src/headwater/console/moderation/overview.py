"""cards: each filter, with what waits for people and how often it errs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from headwater.console.moderation.desk import decided_today
from headwater.spam.error_rates import Estimated, estimated_rates
from headwater.spam.item import made_field
from headwater.spam.models import SpamFilter
from headwater.spam.spammable import Spammable, judged_by_filter, spammables
from headwater.spam.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True)
class Card:
    """One filter as the overview shows it."""

    spam_filter: SpamFilter
    models: tuple[str, ...]
    waiting: Waiting
    by_people: int
    """Decisions of people today."""
    by_filter: int | None
    """Rows made today that the filter judged; None where no model says when a row was made."""
    estimated: Estimated


def cards() -> list[Card]:
    """Return a card of each filter that some model names, those with most waiting first."""
    filters: Iterable[Any] = SpamFilter.objects.select_related("current_fit").order_by("name")
    found = [_card(one, judged) for one in filters if (judged := judged_by_filter(one.name))]
    return sorted(found, key=lambda card: -card.waiting.total)


def without_filter() -> list[tuple[str, str]]:
    """Return (model, name of its filter) of the models whose filter does not exist."""
    names = set(SpamFilter.objects.values_list("name", flat=True))
    return [
        (str(one.model._meta.verbose_name_plural), one.filter_name)
        for one in spammables()
        if one.filter_name not in names
    ]


def _card(spam_filter: SpamFilter, judged: list[Spammable]) -> Card:
    return Card(
        spam_filter,
        tuple(str(one.model._meta.verbose_name_plural) for one in judged),
        waiting(spam_filter),
        decided_today(spam_filter),
        _by_filter(judged),
        estimated_rates(spam_filter),
    )


def _by_filter(judged: list[Spammable]) -> int | None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    dated = [(one, field) for one in judged if (field := made_field(one.model))]
    if not dated:
        return None
    return sum(
        one.verdicts()
        .filter(**{f"{field}__gte": midnight, "v_spam_probability__isnull": False})
        .count()
        for one, field in dated
    )
