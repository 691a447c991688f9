"""Tracked: a queryset whose update() and bulk methods record events too."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet


class TrackedQuerySet(QuerySet[Any, Any]):
    """x"""
