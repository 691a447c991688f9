"""The columns that an observed node reads: in their order, of one model or of several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from headwater.console.choices import User, column_choices
from headwater.networks.state import split
from headwater.sources.models import Source
from headwater.sources.reach import unviewable


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list that keeps its order."""

    label: str
    """“app_label.Model.lookup”."""
    lookup: str
    rows_of: str
    """The name of its model in plain words."""


def shown_columns(labels: Iterable[str]) -> list[Column]:
    """Return columns with their words; those of models that are gone keep their names."""
    return [_shown(label) for label in labels if label.count(".") >= 2]


def _shown(label: str) -> Column:
    of, lookup = split(label)
    model = model_of(of)
    return Column(label, lookup, str(model._meta.verbose_name) if model else of)


def model_of(label: str) -> type[models.Model] | None:
    """Return the model of “app_label.Model”; None if there is none."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def further_columns(
    user: User, model: type[models.Model] | None, taken: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Return (label, lookup, note) of the columns of ``model`` that are not ``taken`` yet."""
    if model is None:
        return []
    named = model._meta.label
    return [
        (f"{named}.{choice.value}", choice.value, choice.note)
        for choice in column_choices(user, model)
        if f"{named}.{choice.value}" not in taken
    ]


def moved(labels: Sequence[str], index: int, by: int) -> list[str]:
    """Return ``labels`` with the one at ``index`` moved ``by`` places; as they are at an end."""
    changed = list(labels)
    to = index + by
    if 0 <= index < len(changed) and 0 <= to < len(changed):
        changed.insert(to, changed.pop(index))
    return changed


def by_model(labels: Iterable[str]) -> dict[str, list[str]]:
    """Return “app_label.Model” -> lookups, both in order."""
    found: dict[str, list[str]] = {}
    for label in labels:
        of, lookup = split(label)
        found.setdefault(of, []).append(lookup)
    return found


def hidden_from(
    user: User, labels: Iterable[str], condition: dict[str, object]
) -> list[tuple[str, str]]:
    """Return (“columns” or “filter”, sentence) for what ``user`` may not view."""
    from django.contrib.contenttypes.models import ContentType

    found = []
    for of, lookups in by_model(labels).items():
        model = model_of(of)
        if model is None:
            continue
        source = Source(
            content_type=ContentType.objects.get_for_model(model, for_concrete_model=False),
            columns=lookups,
            filter=condition,
        )
        for place, sentences in unviewable(source, user).items():
            found += [("filter" if place == "filter" else "columns", one) for one in sentences]
    return found
