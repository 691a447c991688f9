"""The delivery's customers in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from headwater_demo.delivery.models import Customer


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = (
        "name", "average_order_value", "order_frequency", "preferred_cuisine_diversity",
        "peak_ordering_time", "seasonal_variation", "segment",
    )  # fmt: skip
    list_filter = ("segment",)
    search_fields = ("name",)
    readonly_fields = ("segment", "changed_at")
