"""A table of visits with three numbers and a label."""

from __future__ import annotations

from django.db import models


class Visit(models.Model):
    """Some visit; made and dropped by the benchmarks, so there are no migrations."""

    seconds = models.FloatField()
    pages = models.FloatField()
    spent = models.FloatField()
    label = models.CharField(max_length=4, null=True)  # noqa: DJ001 (results are NULL before a fit)

    def __str__(self) -> str:
        return f"Visit {self.pk}"


class Member(models.Model):
    """Somebody who is in one stage, with three facets."""

    stage = models.CharField(max_length=10)
    score = models.IntegerField()
    country = models.CharField(max_length=10)
    plan = models.CharField(max_length=10)
    source = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"Member {self.pk}"
