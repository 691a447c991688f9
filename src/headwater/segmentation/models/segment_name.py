"""SegmentName: what somebody calls a segment."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from headwater.learning.models import StatisticalModel


class SegmentName(models.Model):
    """The name that somebody gave to the segment with a letter, in place of the suggested one.

    It belongs to the letter, so it stays over refits as the letter does.
    """

    model = models.ForeignKey(
        StatisticalModel, on_delete=models.CASCADE, related_name="segment_names"
    )
    letter = models.CharField(max_length=4)
    name = models.CharField(max_length=80)
    note = models.TextField(blank=True, max_length=2_000)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    named_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["model", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "letter"], name="headwater_one_name_per_segment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter}: {self.name}"
