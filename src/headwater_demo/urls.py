"""The pages of the demo site: two pretended products, the admin, and the console over them."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("smartdjango/", include("headwater_demo.smartdjango.urls")),
    path("shop/", include("headwater_demo.shop.urls")),
    path("feeds/", include("headwater.stockandflow.urls")),
    path("", include("headwater.console.urls")),
]
