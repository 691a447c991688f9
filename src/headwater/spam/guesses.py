"""Guesses: the fields that spam filters write, which no other machine may learn from."""

from __future__ import annotations

from django.apps import apps

from headwater.sources.kinds import mark_guess
from headwater.spam.spammable import VERDICT_FIELDS, spammable_of


def mark_guesses() -> None:
    """Mark the fields of every verdict, and the label of each model that only names its filter."""
    from headwater.spam.models import VerdictFields

    for model in apps.get_models():
        one = spammable_of(model)
        names = set(VERDICT_FIELDS if issubclass(model, VerdictFields) else ())
        if one is not None:
            names.add(one.label_field)
        for field in model._meta.fields:
            if field.name in names:
                mark_guess(field)
