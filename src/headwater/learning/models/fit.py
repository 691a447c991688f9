"""Fit: one inference on a statistical model. Membership: who was in which group."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from headwater.learning.models.statistical_model import StatisticalModel


class FitReason(models.TextChoices):
    """Why a fit was asked for."""

    ASKED = "asked", "Asked for"
    CODE = "code", "Asked for by code"
    THRESHOLD = "threshold", "The counter reached its threshold"
    SCHEDULE = "schedule", "By schedule"
    CHAIN = "chain", "A column that it learns from was learned anew"
    CUT = "cut", "The tree of a run before it was cut elsewhere"


class FitStatus(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


UNFINISHED = (FitStatus.QUEUED, FitStatus.RUNNING)

WORKER_LOST = (
    "The worker of this fit has shown no sign of life; it was stopped or lost its database. "
    "Nothing was written. Run the inference again."
)


class Fit(models.Model):
    """One inference on a statistical model. History: a finished fit is never changed."""

    model = models.ForeignKey(StatisticalModel, on_delete=models.CASCADE, related_name="fits")
    status = models.CharField(
        max_length=10, choices=FitStatus.choices, default=FitStatus.QUEUED, db_index=True
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=10, choices=FitReason.choices, default=FitReason.CODE)
    reason_detail = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    progress = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    technique = models.CharField(max_length=50)
    parameters = models.JSONField(default=dict)
    encoding = models.JSONField(default=dict)
    source = models.JSONField(default=dict)
    definition = models.JSONField(default=dict, blank=True)
    results_storage = models.CharField(max_length=200, blank=True)
    engine_meta_iterations = models.PositiveIntegerField(default=1)
    engine_iterations = models.PositiveIntegerField(default=1000)

    n_rows = models.PositiveBigIntegerField(null=True, blank=True)
    n_groups = models.PositiveIntegerField(null=True, blank=True)
    scores = models.JSONField(default=dict)
    trace = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    written = models.JSONField(default=dict)

    artifact = models.BinaryField(null=True, editable=False)
    artifact_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["model"],
                condition=Q(status__in=["queued", "running"]),
                name="headwater_one_unfinished_fit_per_model",
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} #{self.pk}"

    @property
    def lease_has_passed(self) -> bool:
        """Whether this fit says that it runs, and no worker stands behind it any more."""
        return (
            self.status == FitStatus.RUNNING
            and self.lease_expires_at is not None
            and self.lease_expires_at < timezone.now()
        )

    @property
    def effective_status(self) -> FitStatus:
        """The status as it is now: a running fit whose lease has passed reads as failed."""
        return FitStatus.FAILED if self.lease_has_passed else FitStatus(self.status)

    @property
    def effective_error(self) -> str:
        """The sentence that goes with ``effective_status``; empty where all is well."""
        return WORKER_LOST if self.lease_has_passed else self.error

    @property
    def is_unfinished(self) -> bool:
        """Whether the fit still waits or runs."""
        return self.effective_status in UNFINISHED

    @property
    def is_current(self) -> bool:
        """Whether this fit serves now."""
        return self.model.current_fit_id == self.pk

    @property
    def duration(self) -> timedelta | None:
        """Time from start to end, or until now; None before the start."""
        if self.started_at is None:
            return None
        return (self.finished_at or timezone.now()) - self.started_at


class Membership(models.Model):
    """The label of each row in one fit, packed; kept to compare fits and to keep letters stable."""

    fit = models.OneToOneField(Fit, on_delete=models.CASCADE, related_name="membership")
    packed = models.BinaryField()

    def __str__(self) -> str:
        return f"Membership of {self.fit}"
