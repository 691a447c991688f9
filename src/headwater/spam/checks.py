"""System checks of models whose rows are judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.db import models


@register()
def check_spammables(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Check that models that name a filter name fields that hold a text and a label."""
    return [
        message
        for model in apps.get_models()
        if getattr(model, "SPAM_FILTER", None) and not model._meta.proxy
        for message in spammable_errors(model)
    ]


def spammable_errors(model: type[models.Model]) -> list[CheckMessage]:
    """Return what is wrong with the three names of ``model``."""
    from headwater.spam.validate import label_field_errors, text_field_errors

    given = getattr(model, "SPAMMABLE_FIELD", None)
    label = getattr(model, "SPAM_LABEL_FIELD", None)
    name = model._meta.label
    messages: list[CheckMessage] = []
    if not isinstance(model.SPAM_FILTER, str):  # type: ignore[attr-defined]
        messages.append(
            Error(
                f"{name}.SPAM_FILTER is no name.",
                hint="Write the name of the spam filter, such as “Comment Spam Filter”.",
                obj=model,
                id="headwater.E501",
            )
        )
    fields = (given,) if isinstance(given, str) else given
    if not fields or not all(isinstance(one, str) for one in fields):
        messages.append(
            Error(
                f"{name} names a spam filter and no field with the text that it judges.",
                hint="Write SPAMMABLE_FIELD = “text”, or several names as a tuple.",
                obj=model,
                id="headwater.E502",
            )
        )
    else:
        messages += [
            Error(
                f"{name}.SPAMMABLE_FIELD does not fit: {sentence}",
                hint="SPAMMABLE_FIELD names a CharField or TextField of the model, or several.",
                obj=model,
                id="headwater.E503",
            )
            for one in fields
            for sentence in text_field_errors(model, one)
        ]
    if not isinstance(label, str) or not label:
        messages.append(
            Error(
                f"{name} names a spam filter and no field that takes its verdict.",
                hint="Write SPAM_LABEL_FIELD = “is_spam”, and is_spam = BooleanField(null=True).",
                obj=model,
                id="headwater.E504",
            )
        )
        return messages
    return messages + [
        Error(
            f"{name}.SPAM_LABEL_FIELD does not fit: {sentence}",
            hint="It names a BooleanField(null=True): NULL means that nobody has judged yet.",
            obj=model,
            id="headwater.E505",
        )
        for sentence in label_field_errors(model, label)
    ]
