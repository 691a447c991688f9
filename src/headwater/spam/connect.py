"""Connect: rows of models that only name their filter are judged around their saving."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save

from headwater.spam.spammable import spammable_of


def connect_models() -> None:
    """Listen to the saves of every model that names a filter and has no ``IsSpammable`` base."""
    for model in apps.get_models():  # proxies too: their rows are saved in their name
        one = spammable_of(model)
        if one is None or one.has_own_fields:
            continue
        uid = f"headwater_spam:{model._meta.label}"
        pre_save.connect(_before, sender=model, dispatch_uid=uid)
        post_save.connect(_after, sender=model, dispatch_uid=uid)
        post_delete.connect(_gone, sender=model, dispatch_uid=uid)


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
