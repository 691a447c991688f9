"""Products for a group of users: ``Product.objects.filter_for_group(user_info.cluster_1)``."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class ProductQuerySet(models.QuerySet[Any]):
    """Products; which of them a group gets to see is asked in one query."""

    def filter_for_group(self, group: str | None) -> ProductQuerySet:
        """Return the products for everybody and those for ``group``; None is no group."""
        everybody = Q(groups__isnull=True)
        if not group:
            return self.filter(everybody)
        # A product names a group once, so the join gives no product twice.
        return self.filter(everybody | Q(groups__letter=group))
