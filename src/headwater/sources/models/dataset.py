"""Dataset: rows that somebody uploaded, with their versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from headwater.sources.reads import dataset_id
from headwater.sources.source_errors import FEATURES
from headwater.sources.storage import dataset_storage, parquet_name


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def visible_to(self, user: Any) -> DatasetQuerySet:
        """Datasets that ``user`` may see: the own ones and those shared with a group of theirs.

        What somebody uploads is theirs: no permission opens it, and no superuser's either.
        """
        if not user.is_authenticated:
            return self.none()
        shared = Dataset.shared_with.through.objects.filter(
            group__in=Group.objects.filter(user=user.pk)
        ).values("dataset")
        return self.filter(Q(owner=user.pk) | Q(pk__in=shared))


class Dataset(models.Model):
    """Rows that somebody uploaded, or a built-in sample that somebody opened."""

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    shared_with = models.ManyToManyField(
        Group, blank=True, related_name="+", help_text="Groups whose members may read it."
    )
    sample = models.CharField(max_length=50, blank=True, editable=False)
    """Key of the built-in sample that it was made from; empty for a file."""
    current = models.ForeignKey(
        "DatasetVersion",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def belongs_to(self, user: Any) -> bool:
        """Return whether ``user`` may replace, share and delete it."""
        return bool(user.is_authenticated and self.owner_id == user.pk)


class DatasetVersion(models.Model):
    """The rows of a dataset as they came with one file; never changed but for roles of columns."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.FileField(storage=dataset_storage, upload_to=parquet_name, max_length=200)
    file_name = models.CharField(max_length=255, help_text="The file's name when it was uploaded.")
    n_rows = models.PositiveBigIntegerField()
    n_bytes = models.PositiveBigIntegerField(help_text="Size of the uploaded file.")
    reading = models.JSONField(default=dict, help_text="How the file was read.")
    columns = models.JSONField(default=list, help_text="Name, type and role of each column.")
    profile = models.JSONField(default=dict, help_text="What each column holds, in figures.")
    notes = models.JSONField(default=list, help_text="What was made of odd values, in sentences.")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "number"], name="headwater_one_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset}, version {self.number}"

    def names_of(self, *roles: str) -> list[str]:
        """Return the names of the columns that have one of ``roles``."""
        return [column["name"] for column in self.columns if column["role"] in roles]

    @property
    def features(self) -> list[str]:
        """Columns that can be learned from."""
        return self.names_of(*FEATURES)

    def column(self, name: str) -> dict[str, str] | None:
        """Return the column called ``name``, if there is one."""
        return next((column for column in self.columns if column["name"] == name), None)


def version_read(reads: Mapping[str, Any]) -> DatasetVersion | None:
    """Return the version that ``reads`` (``Source.as_json``) tells of; None if there is none."""
    pk, number = dataset_id(reads), reads.get("version")
    if pk is None or number is None:
        return None
    versions = DatasetVersion.objects.select_related("dataset")
    return versions.filter(dataset=pk, number=number).first()
