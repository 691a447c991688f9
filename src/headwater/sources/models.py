"""Source: rows to learn from."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models

from headwater.sources.filters import filter_errors
from headwater.sources.kinds import NO_LABELS, ColumnError, ColumnInfo, LabelFields, resolve


class Source(models.Model):
    """Rows of one Django model: its columns, a filter, always keyed and ordered by primary key."""

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name="model"
    )
    columns = models.JSONField(
        default=list,
        help_text="Field lookups, such as “age” or “profile__age”.",
    )
    filter = models.JSONField(
        default=dict,
        blank=True,
        help_text="Lookups that a row must meet, such as {“is_active”: true}. Empty: all rows.",
    )

    labels: LabelFields = NO_LABELS
    """Text fields that hold labels and so may be columns; set it on an instance to say so."""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        model = self.content_type.model_class()
        name = model._meta.verbose_name if model else self.content_type.model
        return f"{name}: {', '.join(map(str, self.columns))}"

    def clean(self) -> None:
        """Refuse models, columns and filters that cannot be read, each with a sentence."""
        if self.content_type_id is None:
            return  # the field's own error says so
        try:
            model = self.model
        except ValidationError as error:
            raise ValidationError({"content_type": error.messages}) from None
        errors = {
            "columns": column_errors(model, self.columns, labels=self.labels),
            "filter": filter_errors(model, self.filter),
        }
        if any(errors.values()):
            raise ValidationError({name: found for name, found in errors.items() if found})

    @property
    def model(self) -> type[models.Model]:
        """The Django model whose rows are read."""
        model = self.content_type.model_class()
        if model is None:
            raise ValidationError(
                f"The model “{self.content_type.app_label}.{self.content_type.model}” is not "
                "installed any more. Choose another one."
            )
        return model

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; a model that is not installed any more keeps its name."""
        found = self.content_type.model_class()
        named = f"{self.content_type.app_label}.{self.content_type.model}"
        return {
            "model": found._meta.label if found else named,
            "columns": self.columns,
            "filter": self.filter,
        }

    @property
    def model_label(self) -> str:
        """“app_label.Model”."""
        return self.model._meta.label

    def column_infos(self) -> list[ColumnInfo]:
        """Return the columns with their kinds; raises ``ColumnError`` at the first bad one."""
        return [resolve(self.model, lookup, labels=self.labels) for lookup in self.columns]

    def queryset(self) -> models.QuerySet[Any]:
        """Return the filtered rows, ordered by primary key."""
        return self.model._default_manager.filter(**self.filter).order_by("pk")


def column_errors(
    model: type[models.Model], columns: object, *, labels: LabelFields = NO_LABELS
) -> list[str]:
    """Return a sentence for each of ``columns`` that ``model`` cannot be learned from."""
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        return ["Columns are a list of field lookups, such as [“age”, “profile__age”]."]
    if not columns:
        return ["Choose at least one column."]
    errors = [
        f"“{name}” is given more than once."
        for name in dict.fromkeys(columns)
        if columns.count(name) > 1
    ]
    for name in dict.fromkeys(columns):
        try:
            resolve(model, name, labels=labels)
        except ColumnError as error:
            errors.append(str(error))
    return errors
