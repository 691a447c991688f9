"""Wording: how the insights of a dataset's segments are put, where somebody changed it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Wording(models.Model):
    """Templates of insights, recommendations and messages for the segments of the same rows."""

    rows = models.CharField(
        max_length=200, unique=True, help_text="As “shop.Customer”, or “dataset:12”."
    )
    rules = models.JSONField(default=list, help_text="Rules in the form of the built-in ones.")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rows"]

    def __str__(self) -> str:
        return f"Wording for {self.rows}"
