"""FeedToken: the right of another program to read the line of a stock."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from headwater.stockandflow.definitions.slug import MAX_SLUG, MAX_STATE


class FeedToken(models.Model):
    """A token for the feed of one stock, or of all stocks of one partition.

    Only its digest is kept; the token itself is shown once.
    """

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    partition = models.CharField(max_length=MAX_SLUG, blank=True, default="")
    stock = models.CharField(
        max_length=MAX_STATE, blank=True, default="", help_text="Empty: all of the partition."
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
