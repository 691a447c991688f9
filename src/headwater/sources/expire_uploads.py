"""expire_uploads: throw away files that were uploaded and never made a dataset of."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from headwater.sources.models import Upload


def expire_uploads(days: float) -> int:
    """Delete the uploads that are older than ``days``, with their files; return how many."""
    before = timezone.now() - timedelta(days=days)
    n = 0
    for upload in Upload.objects.filter(created_at__lt=before).iterator():
        upload.delete()
        n += 1
    return n
