"""The menu and its orders in Django's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from headwater_demo.restaurant.models import MenuItem, OrderData


@admin.register(MenuItem)
class MenuItemAdmin(admin.ModelAdmin):
    list_display = (
        "name", "cuisine_type", "price", "prep_time", "calories", "spice_level", "segment",
        "portions", "rating",
    )  # fmt: skip
    list_filter = ("segment", "cuisine_type", "spice_level")
    search_fields = ("name",)
    readonly_fields = ("segment", "changed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MenuItem]:
        """Return the items with the figures of their orders."""
        found: Any = super().get_queryset(request)
        return found.with_figures()

    @admin.display(description="portions", ordering="portions")
    def portions(self, item: Any) -> str:
        """How many portions were ordered."""
        return f"{item.portions:,}"

    @admin.display(description="mean rating", ordering="rating")
    def rating(self, item: Any) -> str:
        """The mean of its ratings."""
        return "–" if item.rating is None else f"{item.rating:.2f}"


@admin.register(OrderData)
class OrderDataAdmin(admin.ModelAdmin):
    list_display = (
        "order_time", "menu_item", "quantity_ordered", "customer_rating", "customer_age_group",
        "season",
    )  # fmt: skip
    list_filter = ("season", "customer_age_group", "menu_item")
    list_select_related = ("menu_item",)
    date_hierarchy = "order_time"
    autocomplete_fields = ("menu_item",)
    readonly_fields = ("season",)
