"""System check: the columns with known labels, which classifiers learn, are still there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError


@register(Tags.database)
def check_labels(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **options: Any,
) -> list[CheckMessage]:
    """Check that what classifiers learn can be learned still; only where databases are named."""
    from django.core.exceptions import ValidationError

    from headwater.classification.label import label_errors
    from headwater.classification.models import Classifier
    from headwater.engines.catalog import TECHNIQUES

    keys = [key for key, one in TECHNIQUES.items() if one.family == Classifier.family]
    messages: list[CheckMessage] = []
    for using in databases or []:
        found = Classifier.objects.using(using).filter(technique__in=keys, source__isnull=False)
        try:
            classifiers = list(found.select_related("source__content_type", "source__dataset"))
        except DatabaseError:  # not migrated yet
            continue
        for classifier in classifiers:
            source = classifier.source
            if source is None:
                continue
            try:
                errors = label_errors(source, classifier.results_storage)
            except ValidationError as error:  # its model or its rows are gone
                errors = list(error.messages)
            messages += [
                Warning(
                    f"The classifier “{classifier}” cannot be run: {sentence}",
                    hint="Change it in the console or the admin.",
                    id="headwater.W601",
                )
                for sentence in errors
            ]
    return messages
