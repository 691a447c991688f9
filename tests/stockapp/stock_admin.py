"""The stock admin of the tests' project."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from headwater.stockandflow.admin_site import StockAndFlowAdminSite
from tests.stockapp.models import Notice, Subscriber


class SubscriberOptions:
    """A mix-in."""

    list_display = ("name", "country")
    search_fields = ("name",)
    list_filter = ("is_active",)
    actions = ("promote", "archive")

    @admin.action(description="Make them pay")
    def promote(self, request: Any, queryset: Any) -> None:
        """Move them out of the stock, and then go on with them."""
        queryset.update(stage="paying")
        Notice.objects.create(text=", ".join(one.name for one in queryset.order_by("name")))

    @admin.action(description="Archive", permissions=["change"])
    def archive(self, request: Any, queryset: Any) -> None:
        queryset.update(is_active=False)


class TicketOptions(admin.ModelAdmin):
    """The whole options of an ordinary admin."""

    list_display = ("title", "status")
    fields = ("title", "status")
    allows_change = True


stock_admin = StockAndFlowAdminSite(
    options={Subscriber: SubscriberOptions, "stockapp.Ticket": TicketOptions}
)
