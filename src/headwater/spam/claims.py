"""claim, release: one person at a time looks at a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, router, transaction
from django.db.models import Q
from django.utils import timezone

from headwater.spam.models import Claim

MINUTES = 5
"""How long a person keeps a row without a sign of life."""


def claim(row: models.Model, by: Any) -> bool:
    """Take ``row`` for ``by``, or keep it longer; return whether it is theirs.

    It is not where somebody else has it and has not let its time run out. Of all who ask at once
    exactly one gets it: the row of the claim is unique.
    """
    return claim_key(ContentType.objects.get_for_model(row), str(row.pk), by)


def claim_key(content_type: ContentType, key: str, by: Any) -> bool:
    """Do as ``claim`` does, for the row that is called ``key``."""
    now = timezone.now()
    until = now + timedelta(minutes=MINUTES)
    mine = Claim.objects.filter(content_type=content_type, object_id=key)
    if mine.filter(Q(by=by) | Q(until__lte=now)).update(by=by, until=until):
        return True
    try:
        with transaction.atomic(using=router.db_for_write(Claim)):
            Claim.objects.create(content_type=content_type, object_id=key, by=by, until=until)
    except IntegrityError:
        return False
    return True


def release(row: models.Model, by: Any) -> None:
    """Let others have ``row``, if ``by`` had it."""
    release_keys(ContentType.objects.get_for_model(row), [str(row.pk)], by)


def release_keys(content_type: ContentType, keys: Iterable[str], by: Any) -> None:
    """Let others have the rows that are called ``keys``, as far as ``by`` had them."""
    Claim.objects.filter(content_type=content_type, object_id__in=list(keys), by=by).delete()


def held_by_others(content_type: ContentType, keys: Iterable[str], by: Any) -> dict[str, Claim]:
    """Return the claims of others than ``by`` on rows, by the name of the row."""
    others = Claim.objects.filter(
        content_type=content_type, object_id__in=list(keys), until__gt=timezone.now()
    ).select_related("by")
    if by is not None:
        others = others.exclude(by=by)
    return {one.object_id: one for one in others}
