"""Customers in Django's admin."""

from django.contrib import admin

from headwater_demo.shop.models import Customer, CustomerMonth


class MonthInline(admin.TabularInline):
    model = CustomerMonth
    extra = 0


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ("number", "country", "segment", "activity", "recency_days", "orders", "revenue")
    list_filter = ("segment", "activity", "country")
    search_fields = ("number", "country")
    readonly_fields = ("segment", "activity", "last_active")
    inlines = (MonthInline,)
