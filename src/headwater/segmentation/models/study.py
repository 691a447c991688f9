"""Study: a computation that helps to choose or to judge, run in the background."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from headwater.learning.models import Fit


class StudyKind(models.TextChoices):
    CHOICE = "choice", "How many segments"
    DISTANCES = "distances", "How near neighbours are"
    STABILITY = "stability", "How stable each segment is"


class StudyStatus(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


UNFINISHED_STUDIES = (StudyStatus.QUEUED, StudyStatus.RUNNING)

STUDY_LOST = (
    "The worker of this study has shown no sign of life; it was stopped or lost its database. "
    "Ask for the study again."
)


class StudyQuerySet(models.QuerySet["Study"]):
    def visible_to(self, user: Any) -> StudyQuerySet:
        """Studies that ``user`` asked for; nobody else sees them."""
        return self.filter(owner=user.pk) if user.is_authenticated else self.none()


class Study(models.Model):
    """Scores over a range of numbers of segments, distances of neighbours, or a bootstrap.

    What it studies is either the rows that ``source`` and ``encoding`` tell of, or a ``fit``.
    """

    kind = models.CharField(max_length=10, choices=StudyKind.choices)
    fit = models.ForeignKey(
        Fit, null=True, blank=True, on_delete=models.CASCADE, related_name="studies"
    )
    source = models.JSONField(default=dict, help_text="As Source.as_json.")
    encoding = models.JSONField(default=dict)
    parameters = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    status = models.CharField(
        max_length=10, choices=StudyStatus.choices, default=StudyStatus.QUEUED
    )
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    progress = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def lease_has_passed(self) -> bool:
        """Whether this study says that it runs, and no worker stands behind it any more."""
        return (
            self.status == StudyStatus.RUNNING
            and self.lease_expires_at is not None
            and self.lease_expires_at < timezone.now()
        )

    @property
    def effective_status(self) -> StudyStatus:
        """The status as it is now: a running study whose lease has passed reads as failed."""
        return StudyStatus.FAILED if self.lease_has_passed else StudyStatus(self.status)

    @property
    def effective_error(self) -> str:
        """The sentence that goes with ``effective_status``; empty where all is well."""
        return STUDY_LOST if self.lease_has_passed else self.error

    @property
    def is_unfinished(self) -> bool:
        """Whether the study still waits or runs."""
        return self.effective_status in UNFINISHED_STUDIES
