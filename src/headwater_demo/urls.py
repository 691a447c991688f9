"""The pages of the demo: two pretended products, two admin sites, and the console over them."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from headwater_demo.stock_admin import stock_admin

urlpatterns = [
    path("admin/", admin.site.urls),
    path("stock-admin/", stock_admin.urls),
    path("smartdjango/", include("headwater_demo.smartdjango.urls")),
    path("shop/", include("headwater_demo.shop.urls")),
    path("restaurant/", include("headwater_demo.restaurant.urls")),
    path("delivery/", include("headwater_demo.delivery.urls")),
    path("feeds/", include("headwater.stockandflow.urls")),
    path("", include("headwater.console.urls")),
]
