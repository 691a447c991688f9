"""The admin of the tests' project, with an action of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from tests.stockapp.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin[Subscriber]):
    """With an action for those who may change subscribers."""

    list_display = ("name", "stage", "country")
    search_fields = ("name",)
    actions = ("wake",)

    @admin.action(description="Wake %(verbose_name_plural)s", permissions=["change"])
    def wake(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Give each a score of 7."""
        queryset.update(score=7)
