"""Reception: what the site does with a text that was judged: accept it, hold it, or refuse it."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Any, cast

from django.db.models import Q, QuerySet

from headwater.spam.models import IsSpammable, SpamFilter
from headwater.spam.zones import zone_of


class Reception(StrEnum):
    """What becomes of a text."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"


_OF_ZONE = MappingProxyType(
    {"ham": Reception.ACCEPTED, "unsure": Reception.HELD, "spam": Reception.REFUSED}
)


def filter_of(model: type[IsSpammable]) -> SpamFilter:
    """Return the filter that ``model`` names; where there is none, a new one, not stored."""
    found = SpamFilter.objects.filter(name=model.SPAM_FILTER).first()
    return cast("SpamFilter", found) if found is not None else SpamFilter()


def reception_of(row: IsSpammable) -> Reception:
    """Return what becomes of ``row``: as a person said, else as the filter thinks.

    What nobody has judged, because the filter is missing, new or out of order, is held; so is
    what was edited after a person had read it.
    """
    if row.is_edited:
        return Reception.HELD
    if row.is_revised:
        return Reception.REFUSED if row.is_spam else Reception.ACCEPTED
    return _OF_ZONE[zone_of(row.spam_probability, filter_of(type(row)))]


def accepted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of ``rows`` that everybody may read; reads the filter first."""
    below = filter_of(rows.model).ham_below
    return rows.filter(
        Q(is_revised=True, is_spam=False) | Q(is_revised=False, spam_probability__lt=below),
        is_edited=False,
    )


def held(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of ``rows`` that wait for a person; reads the filter first."""
    spam_filter = filter_of(rows.model)
    unsure = Q(spam_probability=None) | Q(
        spam_probability__gte=spam_filter.ham_below, spam_probability__lt=spam_filter.spam_from
    )
    return rows.filter(Q(is_edited=True) | (Q(is_revised=False) & unsure))
