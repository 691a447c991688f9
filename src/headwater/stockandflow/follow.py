"""Follow: make the values of a field stocks from now on, without a line of code."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from headwater.engines.periods import DAILY, PERIODS
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.slug import MAX_SLUG
from headwater.stockandflow.discover import all_partitions, stated
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.models import FollowedField


def follow_field(
    model: type[models.Model],
    field: str,
    *,
    name: str = "",
    every: str = DAILY,
    created_by: Any = None,
) -> FollowedField:
    """Make the values of ``field`` stocks, counted once in each period of ``every``.

    A field that is followed already is returned as it is. Where it was followed before, the books
    go on. Raises DefinitionError for a field that is not there, or that code follows already.
    """
    model = model._meta.concrete_model or model
    label = model._meta.label
    try:
        model._meta.get_field(field)
    except FieldDoesNotExist:
        raise DefinitionError(f"{label} has no field “{field}” to follow.") from None
    if every not in PERIODS:
        raise DefinitionError(f"{every!r} is no period. There are {', '.join(PERIODS)}.")
    partition = partition_of(model, field)
    if partition is not None and partition in stated().partitions:
        raise DefinitionError(
            f"“{field}” of {label} is divided into stocks by {partition.what[0].lower()}"
            f"{partition.what[1:]} already, which stands in code."
        )
    try:
        with transaction.atomic():
            return FollowedField.objects.create(
                slug=_free_slug(model, field),
                name=name or f"{model._meta.verbose_name_plural} by {field}",
                model=label,
                field=field,
                every=every,
                created_by=created_by,
            )
    except IntegrityError:
        found = FollowedField.objects.filter(model=label, field=field).first()
        if found is None:
            raise
        return found


def unfollow(followed: FollowedField) -> None:
    """Stop counting; records, events and the ledger stay, and go on where it is followed again."""
    followed.delete()


def partition_of(model: type[models.Model], field: str) -> Partition | None:
    """Return the partition that divides the objects of ``model`` by ``field``, if there is one."""
    concrete = model._meta.concrete_model
    for one in all_partitions():
        if one.field_name == field and one.model._meta.concrete_model is concrete:
            return one
    return None


def _free_slug(model: type[models.Model], field: str) -> str:
    """Return the slug of the field: always the same one, so that its books go on."""
    options = model._meta
    short = slugify(f"{options.model_name}-{field}".replace("_", "-"))[:MAX_SLUG]
    whole = slugify(f"{options.app_label}-{options.model_name}-{field}".replace("_", "-"))
    taken = {one.slug for one in all_partitions()}
    taken |= {process.slug for process in stated().processes}
    return short if short not in taken else whole[:MAX_SLUG]
