"""Upload: a file that somebody sent and that is not a dataset yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from headwater.sources.models.dataset import Dataset
from headwater.sources.storage import dataset_storage, raw_name


class Upload(models.Model):
    """A file as it came, kept until its reading is right or it is thrown away.

    Its owner alone sees it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    file = models.FileField(storage=dataset_storage, upload_to=raw_name, max_length=200)
    file_name = models.CharField(max_length=255)
    n_bytes = models.PositiveBigIntegerField()
    reading = models.JSONField(default=dict, blank=True)
    """How to read it, as corrected; empty: as detected."""
    columns = models.JSONField(default=dict, blank=True)
    """name -> {"type", "role"} of columns whose guess was corrected."""
    replaces = models.ForeignKey(
        Dataset, null=True, blank=True, on_delete=models.CASCADE, related_name="uploads"
    )
    """The dataset that it becomes a new version of; None: a new one."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
