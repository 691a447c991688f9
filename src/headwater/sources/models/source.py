"""Source: rows to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from headwater.sources.filters import filter_errors
from headwater.sources.kinds import NO_LABELS, ColumnInfo, LabelFields, resolve
from headwater.sources.models.dataset import Dataset, DatasetVersion
from headwater.sources.source_errors import column_errors, dataset_errors, text_errors

if TYPE_CHECKING:
    from headwater.engines.table import Table


class SourceQuerySet(models.QuerySet["Source"]):
    def known_to(self, user: Any) -> SourceQuerySet:
        """Sources of Django models, and of those datasets that ``user`` may see."""
        datasets = Dataset.objects.visible_to(user).values("pk")
        return self.filter(Q(dataset__isnull=True) | Q(dataset__in=datasets))


class Source(models.Model):
    """Rows to learn from, with their columns: of a Django model or of a dataset.

    Rows of a Django model may be filtered; they are always keyed and ordered by primary key. Rows
    of a dataset are those of its current version, unless ``pinned`` names one.
    """

    content_type = models.ForeignKey(
        ContentType,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="model",
    )
    dataset = models.ForeignKey(
        Dataset, null=True, blank=True, on_delete=models.CASCADE, related_name="sources"
    )
    columns = models.JSONField(
        default=list,
        help_text="Field lookups, such as “age” or “profile__age”; of a dataset its columns.",
    )
    filter = models.JSONField(
        default=dict,
        blank=True,
        help_text="Lookups that a row must meet, such as {“is_active”: true}. Empty: all rows.",
    )
    name_column = models.CharField(
        max_length=200,
        blank=True,
        help_text="What rows are called in pictures and lists. Empty: by their key.",
    )
    known_column = models.CharField(
        max_length=200,
        blank=True,
        help_text="Labels that are known already, only to compare with. Empty: none.",
    )

    labels: LabelFields = NO_LABELS
    """Text fields that hold labels and so may be columns; set it on an instance to say so."""
    pinned: DatasetVersion | None = None
    """The version of the dataset that is read; None: the current one."""

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content_type__isnull=False) ^ Q(dataset__isnull=False),
                name="headwater_source_is_of_a_model_or_a_dataset",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rows_name}: {', '.join(map(str, self.columns))}"

    def clean(self) -> None:
        """Refuse models, columns and filters that cannot be read, each with a sentence."""
        if self.dataset_id is not None:
            self._clean_dataset()
            return
        if self.content_type_id is None:
            raise ValidationError({"content_type": ["Choose the rows to learn from."]})
        try:
            model = self.model
        except ValidationError as error:
            raise ValidationError({"content_type": error.messages}) from None
        errors = {
            "columns": column_errors(model, self.columns, labels=self.labels),
            "filter": filter_errors(model, self.filter),
            "name_column": text_errors(model, self.name_column),
            "known_column": text_errors(model, self.known_column),
        }
        if any(errors.values()):
            raise ValidationError({name: found for name, found in errors.items() if found})

    def _clean_dataset(self) -> None:
        errors = {}
        if self.content_type_id is not None:
            errors["content_type"] = ["Rows are of a Django model or of a dataset, not of both."]
        if self.filter:
            errors["filter"] = ["Rows of a dataset cannot be filtered; leave this empty."]
        try:
            version = self.version
        except ValidationError as error:
            raise ValidationError({"dataset": error.messages}) from None
        errors |= dataset_errors(version, self.columns, self.name_column, self.known_column)
        if errors:
            raise ValidationError(errors)

    @property
    def model(self) -> type[models.Model]:
        """The Django model whose rows are read."""
        if self.content_type is None:
            raise ValidationError("The rows are those of a dataset, not of a Django model.")
        model = self.content_type.model_class()
        if model is None:
            raise ValidationError(
                f"The model “{self.content_type.app_label}.{self.content_type.model}” is not "
                "installed any more. Choose another one."
            )
        return model

    @property
    def version(self) -> DatasetVersion:
        """The version of the dataset whose rows are read."""
        version = self.pinned or (self.dataset.current if self.dataset is not None else None)
        if version is None:
            raise ValidationError("The dataset has no rows yet. Upload its file again.")
        return version

    @property
    def is_dataset(self) -> bool:
        """Whether the rows are those of a dataset."""
        return self.dataset_id is not None

    @property
    def rows_name(self) -> str:
        """What the rows are called in plain words: a dataset's name, a model's verbose name."""
        if self.dataset is not None:
            return self.dataset.name
        if self.content_type is None:
            return "Nothing"
        model = self.content_type.model_class()
        return str(model._meta.verbose_name if model else self.content_type.model)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; a model that is not installed any more keeps its name."""
        beside = {
            key: value
            for key, value in (("name", self.name_column), ("known", self.known_column))
            if value
        }
        if self.dataset is not None:
            version = self.pinned or self.dataset.current
            return {
                "dataset": self.dataset_id,
                "version": version.number if version is not None else None,
                "columns": self.columns,
                "filter": {},
                **beside,
            }
        if self.content_type is None:
            return {}
        found = self.content_type.model_class()
        named = f"{self.content_type.app_label}.{self.content_type.model}"
        return {
            "model": found._meta.label if found else named,
            "columns": self.columns,
            "filter": self.filter,
            **beside,
        }

    @property
    def model_label(self) -> str:
        """“app_label.Model”."""
        return self.model._meta.label

    def column_infos(self) -> list[ColumnInfo]:
        """Return a model's columns with their kinds; raises ``ColumnError`` for a bad one."""
        return [resolve(self.model, lookup, labels=self.labels) for lookup in self.columns]

    def queryset(self) -> models.QuerySet[Any]:
        """Return the filtered rows of the model, ordered by primary key."""
        return self.model._default_manager.filter(**self.filter).order_by("pk")

    def read(self) -> Table:
        """Return the columns of all rows with their keys; see ``sources.rows``."""
        from headwater.sources.rows import read_source

        return read_source(self)

    def read_names(self, ids: Sequence[Any]) -> list[str]:
        """Return what the rows with these keys are called; the key itself where nothing is."""
        from headwater.sources.rows import read_texts

        return [
            str(key) if text is None else text
            for key, text in zip(ids, read_texts(self, self.name_column, ids), strict=True)
        ]

    def read_known(self, ids: Sequence[Any]) -> list[str | None] | None:
        """Return the known label of each of these rows; None where no column holds labels."""
        from headwater.sources.rows import read_texts

        return read_texts(self, self.known_column, ids) if self.known_column else None
