"""Reach: the models whose rows a source reads, and those of them that a user may not view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from headwater.sources.kinds import LOOKUP_SEPARATOR, find_field
from headwater.sources.models import Dataset, Source


def models_reached(source: Source) -> set[type[models.Model]]:
    """Return the model of ``source`` and each related one that a column or a lookup crosses to."""
    if source.is_dataset:
        return set()
    reached = {source.model}
    for _, lookup in _lookups(source):
        reached.update(crossed(source.model, lookup))
    return reached


def unviewable(source: Source, user: Any) -> dict[str, list[str]]:
    """Return field name -> sentences on what ``source`` reads and ``user`` may not view.

    A filter on rows answers questions about them, so it takes the permission to view them too.
    """
    if source.dataset is not None:
        if Dataset.objects.visible_to(user).filter(pk=source.dataset.pk).exists():
            return {}
        return {"dataset": ["There is no such dataset, or it is not shared with you."]}
    if not may_view(user, source.model):
        return {"content_type": [f"You may not view rows of {_named(source.model)}."]}
    errors: dict[str, list[str]] = {}
    for place, lookup in _lookups(source):
        hidden = [model for model in crossed(source.model, lookup) if not may_view(user, model)]
        if hidden:
            what = "filter" if place == "filter" else "column"
            errors.setdefault(place, []).append(
                f"The {what} “{lookup}” reads rows of {' and '.join(map(_named, hidden))}, which "
                "you may not view. Leave it out, or ask for the permission to view them."
            )
    return errors


def may_view(user: Any, model: type[models.Model]) -> bool:
    """Return whether ``user`` may view the rows of ``model``."""
    return bool(user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"))


def crossed(model: type[models.Model], lookup: str) -> list[type[models.Model]]:
    """Return the related models whose rows ``lookup`` reads, in the order of its path.

    A relation that is only compared, such as “city” or “city__isnull”, is a column of the row
    itself and crosses to nothing, unless the other row keeps it.
    """
    found: list[type[models.Model]] = []
    here: Any = model
    parts = lookup.split(LOOKUP_SEPARATOR)
    for position, part in enumerate(parts):
        field = find_field(here, part)
        if field is None or not field.is_relation or field.related_model is None:
            break
        target: Any = field.related_model
        following = parts[position + 1] if position + 1 < len(parts) else None
        is_kept_here = getattr(field, "column", None) is not None
        if is_kept_here and (following is None or find_field(target, following) is None):
            break
        found.append(target)
        here = target
    return found


def _lookups(source: Source) -> Iterator[tuple[str, str]]:
    """Yield each lookup with the field of ``source`` that it stands in; misfits are left out."""
    if isinstance(source.columns, list):
        yield from (("columns", name) for name in source.columns if isinstance(name, str))
    if isinstance(source.filter, Mapping):
        yield from (("filter", str(lookup)) for lookup in source.filter)
    yield from (
        (place, lookup)
        for place, lookup in (
            ("name_column", source.name_column),
            ("known_column", source.known_column),
        )
        if lookup
    )


def _named(model: type[models.Model]) -> str:
    return f"{model._meta.verbose_name} ({model._meta.label})"
