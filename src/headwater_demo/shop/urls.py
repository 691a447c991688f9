"""Addresses of the shop's pages."""

from __future__ import annotations

from django.urls import path

from headwater_demo.shop.views import CustomerDetail, CustomerList

app_name = "shop"

urlpatterns = [
    path("", CustomerList.as_view(), name="customers"),
    path("<int:number>/", CustomerDetail.as_view(), name="customer"),
]
