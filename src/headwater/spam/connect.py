"""Connect: rows of models that only name their filter are judged around their saving."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save

from headwater.spam.spammable import spammables


def connect_models() -> None:
    """Listen to the saves of every model that names a filter and has no ``IsSpammable`` base."""
    for one in spammables():
        if one.has_own_fields:
            continue
        uid = f"headwater_spam:{one.model._meta.label}"
        pre_save.connect(_before, sender=one.model, dispatch_uid=uid)
        post_save.connect(_after, sender=one.model, dispatch_uid=uid)
        post_delete.connect(_gone, sender=one.model, dispatch_uid=uid)


def _before(instance: models.Model, raw: bool, **options: Any) -> None:
    from headwater.spam.judge import judge_beside

    if not raw:
        judge_beside(instance, **options)


def _after(instance: models.Model, raw: bool, using: str, **options: Any) -> None:
    from headwater.spam.judge import keep_beside

    if not raw:
        keep_beside(instance, using=using)


def _gone(instance: models.Model, using: str, **options: Any) -> None:
    from headwater.spam.judge import drop_beside

    drop_beside(instance, using=using)
