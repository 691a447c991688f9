"""Rows: what a classifier may learn from, of a Django model or of a dataset, and its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from headwater.classification.label import TYPES, usable_dates, usable_labels
from headwater.console.choices import (
    User,
    column_choices,
    content_type_of,
    model_choices,
    target_choices,
)
from headwater.sources.models import Dataset, Source

OF_DATASET = "dataset:"
"""What the value of a choice of a dataset begins with; its key follows."""
NO_ROWS = ""

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows and what can be chosen of them; all empty where there are none."""

    model: type[models.Model] | None = None
    dataset: Dataset | None = None
    columns: tuple[tuple[str, str], ...] = ()
    """(name, kind in words)."""
    labels: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    targets: tuple[tuple[str, str], ...] = ()
    """(storage, name) of fields that can take predicted labels."""

    def __bool__(self) -> bool:
        return self.model is not None or self.dataset is not None

    @property
    def numeric(self) -> list[str]:
        """Columns that can be put on a log scale."""
        return [name for name, kind in self.columns if kind == "number"]

    def put_on(self, source: Source) -> None:
        """Let ``source`` read these rows."""
        of_model = None if self.model is None else content_type_of(self.model._meta.label)
        source.content_type, source.dataset = of_model, self.dataset


def rows_choices(user: User) -> list[Any]:
    """Return what can be learned from, as choices: none, the datasets, the models by app."""
    datasets: Pairs = [
        (f"{OF_DATASET}{dataset.pk}", str(dataset))
        for dataset in Dataset.objects.visible_to(user).order_by("name")
    ]
    return [
        (NO_ROWS, "None: settings only, for spam filters"),
        *([("Datasets", datasets)] if datasets else []),
        *model_choices(user),
    ]


def value_of(source: Source | None) -> str:
    """Return the value of the choice that stands for the rows of ``source``."""
    if source is None:
        return NO_ROWS
    if source.dataset_id is not None:
        return f"{OF_DATASET}{source.dataset_id}"
    chosen = source.content_type
    return f"{chosen.app_label}.{chosen.model}" if chosen else NO_ROWS


def rows_of(user: User, value: str) -> Rows:
    """Return the rows that ``value`` stands for, if ``user`` may choose them."""
    if value.startswith(OF_DATASET):
        return _of_dataset(user, value.removeprefix(OF_DATASET))
    content_type = content_type_of(value) if value else None
    model = content_type.model_class() if content_type else None
    if model is None:
        return Rows()
    return Rows(
        model=model,
        columns=tuple((choice.value, choice.note) for choice in column_choices(user, model)),
        labels=tuple(usable_labels(model)),
        dates=tuple(usable_dates(model)),
        targets=tuple((choice.value, choice.label) for choice in target_choices(user, model)),
    )


def _of_dataset(user: User, key: str) -> Rows:
    visible = Dataset.objects.visible_to(user)
    dataset = visible.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    if dataset is None:
        return Rows()
    try:
        version = Source(dataset=dataset).version
    except ValidationError:  # nothing was uploaded yet
        return Rows(dataset=dataset)
    words = {"number": "number", "date": "date", "boolean": "yes or no", "text": "choices"}
    kinds = {one["name"]: words.get(one["type"], one["type"]) for one in version.columns}
    return Rows(
        dataset=dataset,
        columns=tuple(
            (name, "choices" if name in version.names_of("category") else kinds[name])
            for name in version.features
        ),
        labels=tuple(one["name"] for one in version.columns if one["type"] in TYPES),
        dates=tuple(one["name"] for one in version.columns if one["type"] == "date"),
    )
