"""StatisticalModel: what to learn. Fit: one inference on it. Membership: who was in which group."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from headwater.engines.catalog import TECHNIQUES
from headwater.sources.models import Source


class StatisticalModelQuerySet(models.QuerySet["StatisticalModel"]):
    def visible_to(self, user: object) -> StatisticalModelQuerySet:
        """Models that ``user`` may see: all with the view permission, else the user's own."""
        if user.has_perm("headwater_learning.view_statisticalmodel"):  # type: ignore[attr-defined]
            return self
        return self.filter(owner=user)


class StatisticalModel(models.Model):
    """What to learn: technique, parameters, source, and the field that takes the labels."""

    name = models.CharField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    technique = models.CharField(
        max_length=50, choices=lambda: [(key, t.label) for key, t in TECHNIQUES.items()]
    )
    parameters = models.JSONField(default=dict, blank=True)
    encoding = models.JSONField(default=dict, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="statistical_models")
    results_storage = models.CharField(
        max_length=200,
        blank=True,
        help_text="Field that takes the labels: dmf:app_label.Model.field. Empty: none.",
    )
    engine_meta_iterations = models.PositiveIntegerField("restarts", default=1)
    engine_iterations = models.PositiveIntegerField("iterations at most", default=1000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    current_fit = models.ForeignKey(
        "Fit", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StatisticalModelQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("run_inference", "Can run inference")]

    def __str__(self) -> str:
        return self.name


class FitStatus(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


UNFINISHED = (FitStatus.QUEUED, FitStatus.RUNNING)


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


class Membership(models.Model):
    """The label of each row in one fit, packed; kept to compare fits and to keep letters stable."""

    fit = models.OneToOneField(Fit, on_delete=models.CASCADE, related_name="membership")
    packed = models.BinaryField()
