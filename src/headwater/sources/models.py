"""Source: rows to learn from."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models


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

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        model = self.content_type.model_class()
        name = model._meta.verbose_name if model else self.content_type.model
        return f"{name}: {', '.join(self.columns)}"

    @property
    def model(self) -> type[models.Model]:
        """The Django model whose rows are read."""
        model = self.content_type.model_class()
        if model is None:
            raise ValidationError(f"The model “{self.content_type}” is not installed any more.")
        return model

    def queryset(self) -> models.QuerySet[Any]:
        """Return the filtered rows, ordered by primary key."""
        return self.model._default_manager.filter(**self.filter).order_by("pk")
