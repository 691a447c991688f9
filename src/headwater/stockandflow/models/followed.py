"""FollowedField: a field whose values somebody wants to follow as stocks, by a click."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.slug import MAX_SLUG
from headwater.stockandflow.models.records import Period


class FollowedField(models.Model):
    """A field of a project's model whose values are stocks from now on."""

    slug = models.SlugField(max_length=MAX_SLUG, unique=True)
    name = models.CharField(max_length=200)
    model = models.CharField(max_length=200, help_text="app_label.Model")
    field = models.CharField(max_length=100)
    every = models.CharField(max_length=10, choices=Period.choices, default=Period.DAILY)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["model", "field"], name="followed_field_once")
        ]

    def __str__(self) -> str:
        return self.name

    def partition(self) -> Partition | None:
        """Return its partition; None where the model or the field is not there any more."""
        try:
            model = apps.get_model(self.model)
            model._meta.get_field(self.field)
        except (LookupError, ValueError, FieldDoesNotExist):
            return None
        return Partition(self.slug, model, self.field, name=self.name, every=self.every)
