"""Customers in Django's admin, and in that of stocks and flows."""

from __future__ import annotations

import csv

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from headwater_demo.shop.models import Customer, CustomerMonth

WRITTEN = ("number", "country", "segment", "activity", "last_order", "orders", "revenue")


class MonthInline(admin.TabularInline):
    model = CustomerMonth
    extra = 0


@admin.action(permissions=["view"], description="Write the selected customers to a CSV file")
def write_csv(
    options: admin.ModelAdmin, request: HttpRequest, customers: QuerySet[Customer]
) -> HttpResponse:
    """Return the file: whom to write to, for instance, to win them back."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="customers.csv"'
    writer = csv.writer(response)
    writer.writerow(WRITTEN)
    writer.writerows(customers.order_by("number").values_list(*WRITTEN))
    return response


class CustomerOptions:
    """How customers are listed, and what can be done with those that are selected."""

    list_display = ("number", "country", "segment", "activity", "recency_days", "orders", "revenue")
    search_fields = ("number", "country")
    readonly_fields = ("segment", "activity", "last_active")
    actions = (write_csv,)


@admin.register(Customer)
class CustomerAdmin(CustomerOptions, admin.ModelAdmin):
    list_filter = ("segment", "activity", "country")
    inlines = (MonthInline,)
