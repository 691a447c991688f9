"""ScheduledRun, PendingCall: what the schedule did, and calls that are still to be made."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from headwater.stockandflow.definitions.slug import MAX_SLUG, MAX_STATE
from headwater.stockandflow.models.records import Period


class RunStatus(models.TextChoices):
    """What became of a run."""

    RUNNING = "running", "running"
    SUCCEEDED = "succeeded", "succeeded"
    FAILED = "failed", "failed"


class ScheduledRun(models.Model):
    """One job of the schedule in one period."""

    job = models.CharField(max_length=200, help_text="module.function")
    period = models.CharField(max_length=10, choices=Period.choices)
    period_start = models.DateTimeField()
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.RUNNING)
    attempts = models.PositiveIntegerField(default=1)
    lease_expires_at = models.DateTimeField()
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    missed = models.PositiveIntegerField(
        default=0, help_text="Periods before this one in which it did not run."
    )
    result = models.TextField(blank=True)

    class Meta:
        ordering = ["-period_start", "job"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "period", "period_start"], name="scheduled_run_once_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.job}, {self.period_start:%Y-%m-%d %H:%M}"


class PendingCall(models.Model):
    """An event callable that has not succeeded yet. It is deleted when it has."""

    flow = models.CharField(max_length=MAX_SLUG)
    partition = models.CharField(max_length=MAX_SLUG, blank=True, default="")
    call = models.CharField(max_length=200, help_text="module.function, one of the flow's")
    model = models.CharField(max_length=200, help_text="app_label.Model of the object")
    object_id = models.CharField(max_length=255)
    source = models.CharField(max_length=MAX_STATE, blank=True)
    sink = models.CharField(max_length=MAX_STATE, blank=True)
    occurred_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_index=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.call} for {self.object_id}"
