"""What there is to learn from now, before a filter has learned."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Count

from headwater.console.filters.learned import ReadRows
from headwater.spam.models import SpamFilter
from headwater.spam.spammable import spammable_of
from headwater.spam.state import OwnRows, own_rows


def rows_to_learn_from(spam_filter: SpamFilter) -> list[ReadRows]:
    """Return how many labelled rows of each class there are, by model; guesses do not count."""
    found = [_own(one) for one in own_rows(spam_filter)]
    for label in spam_filter.pretraining:
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            continue  # not installed any more; training says so
        counts = _counts(model._default_manager.order_by(), "is_spam")
        name = str(model._meta.verbose_name_plural)
        found.append(ReadRows(label, name, True, *counts))
    return found


def _own(one: OwnRows) -> ReadRows:
    model = one.rows_model
    spammable = spammable_of(model) if one.has_verdicts else None
    if spammable is not None:
        revised = spammable.verdicts().filter(v_is_revised=True, v_is_edited=False)
        counts = _counts(revised.order_by(), "v_is_spam")
    else:
        counts = _counts(model._default_manager.order_by(), one.label_field)
    return ReadRows(one.model, str(model._meta.verbose_name_plural), False, *counts)


def _counts(rows: Any, label: str) -> tuple[int, int]:
    by_label = dict(rows.values_list(label).annotate(n=Count("pk")).values_list(label, "n"))
    return by_label.get(False, 0), by_label.get(True, 0)
