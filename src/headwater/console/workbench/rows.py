"""Rows: what an analysis learns from, of a dataset or of a Django model, for one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count

from headwater.console.choices import User, column_choices, content_type_of, model_choices
from headwater.console.rights import may_add, may_analyse
from headwater.console.workbench.columns import Column, column_of
from headwater.learning.models import StatisticalModel
from headwater.sources.kinds import is_secret
from headwater.sources.models import Dataset, DatasetVersion, Source
from headwater.sources.open_sample import sample_of
from headwater.sources.reach import may_view
from headwater.sources.samples.sample import Sample

DATASET = "dataset:"
COUNTED = 100_000
"""Missing values of a Django model are counted up to so many rows."""
FIRST_COLUMNS = 6
"""Columns of a Django model that are chosen at first, at most."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that a person may learn from."""

    value: str
    """“dataset:12” or “shop.customer”, as a form names them."""
    name: str
    n_rows: int
    columns: tuple[Column, ...]
    texts: tuple[str, ...]
    """Columns whose values may be shown as names of rows, or compared with as known labels."""
    at_first: tuple[str, ...]
    """Columns that are chosen where nobody has chosen yet."""
    name_column: str = ""
    known_column: str = ""
    version: DatasetVersion | None = None
    model: type[models.Model] | None = None

    @property
    def sample(self) -> Sample | None:
        """The built-in sample that the dataset was made from, if it was."""
        return sample_of(self.version.dataset) if self.version is not None else None

    def column(self, name: str) -> Column | None:
        """Return the column called ``name``, if it is one to learn from."""
        return next((column for column in self.columns if column.name == name), None)

    def source(self) -> Source:
        """Return a new source of these rows; nothing is chosen of it yet."""
        if self.version is not None:
            return Source(dataset=self.version.dataset)
        return Source(content_type=content_type_of(self.value))


def value_of(source: Source | None) -> str:
    """Return how a form names the rows of ``source``."""
    if source is None:
        return ""
    if source.dataset_id is not None:
        return f"{DATASET}{source.dataset_id}"
    chosen = source.content_type
    return f"{chosen.app_label}.{chosen.model}" if chosen else ""


def rows_choices(user: User, own: StatisticalModel | None = None) -> list[Any]:
    """Return what ``user`` may analyse, as grouped choices; what ``own`` reads is among them."""
    choices: list[Any] = [("", "Choose …")]
    datasets = [
        (f"{DATASET}{dataset.pk}", dataset.name)
        for dataset in Dataset.objects.visible_to(user).exclude(current=None)
        if may_analyse(user, dataset)
    ]
    if datasets:
        choices.append(("Datasets", datasets))
    if may_add(user) or own is not None:
        choices += model_choices(user)
    return choices


def rows_of(value: str, user: User, own: StatisticalModel | None = None) -> Rows | None:
    """Return the rows that a form names ``value``; None where ``user`` may not analyse them.

    ``own`` is the analysis that is changed: its rows take no right to make new ones.
    """
    if value.startswith(DATASET):
        return _of_dataset(value.removeprefix(DATASET), user)
    content_type = content_type_of(value)
    model = content_type.model_class() if content_type else None
    if model is None or not may_view(user, model):
        return None
    if own is None and not may_add(user):
        return None
    return _of_model(model, user, _read_before(own, model))


def _of_dataset(key: str, user: User) -> Rows | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    datasets = Dataset.objects.visible_to(user).select_related("current__dataset", "owner")
    dataset = datasets.filter(pk=int(key)).first()
    if dataset is None or dataset.current is None or not may_analyse(user, dataset):
        return None
    version = dataset.current
    columns = tuple(
        column_of(described, version.profile)
        for described in version.columns
        if described["name"] in version.features
    )
    labels, names = version.names_of("label"), version.names_of("name")
    return Rows(
        value=f"{DATASET}{dataset.pk}",
        name=dataset.name,
        n_rows=version.n_rows,
        columns=columns,
        texts=tuple(column["name"] for column in version.columns),
        at_first=tuple(version.features),
        name_column=names[0] if names else "",
        known_column=labels[0] if labels else "",
        version=version,
    )


def _read_before(own: StatisticalModel | None, model: type[models.Model]) -> list[str]:
    """Return the columns that ``own`` reads of ``model`` now."""
    source = own.source if own is not None else None
    if source is None or source.content_type is None:
        return []
    return list(source.columns) if source.content_type.model_class() is model else []


def _of_model(model: type[models.Model], user: User, before: Iterable[str] = ()) -> Rows:
    """Return the rows of ``model``; columns read ``before`` stay, for whoever judges them."""
    n_rows = model._default_manager.count()
    choices = column_choices(user, model)
    missing = _n_missing(model, [choice.value for choice in choices]) if n_rows <= COUNTED else {}
    columns = tuple(
        Column(choice.value, choice.note, n_missing=missing.get(choice.value))  # type: ignore[arg-type]
        for choice in choices
    )
    known = {column.name for column in columns}
    columns += tuple(Column(name, "number") for name in before if name not in known)
    # A number that no two rows share is a name rather than a quantity.
    named = {field.name for field in model._meta.concrete_fields if field.unique}
    own = [
        c.name for c in columns if c.kind == "number" and "__" not in c.name and c.name not in named
    ]
    texts = tuple(field.name for field in model._meta.concrete_fields if _is_text(field))
    names = [name for name in ("name", "title", "label", "username", "slug") if name in texts]
    return Rows(
        value=model._meta.label_lower,
        name=str(model._meta.verbose_name_plural),
        n_rows=n_rows,
        columns=columns,
        texts=texts,
        at_first=tuple(own[:FIRST_COLUMNS]),
        name_column=names[0] if names else "",
        model=model,
    )


def _is_text(field: models.Field[Any, Any]) -> bool:
    texts = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
    return isinstance(field, texts) and not field.is_relation and not is_secret(field)


def _n_missing(model: type[models.Model], names: list[str]) -> dict[str, int]:
    """Return name -> how many rows have no value there, of columns of the table itself."""
    nullable = [
        field.name for field in model._meta.concrete_fields if field.name in names and field.null
    ]
    if not nullable:
        return {}
    known = model._default_manager.order_by().aggregate(
        n=Count("*"), **{f"known_{i}": Count(name) for i, name in enumerate(nullable)}
    )
    return {name: known["n"] - known[f"known_{i}"] for i, name in enumerate(nullable)}
