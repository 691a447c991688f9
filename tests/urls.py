from django.contrib import admin
from django.urls import include, path

from tests.stockapp.stock_admin import stock_admin

urlpatterns = [
    path("admin/", admin.site.urls),
    path("stock-admin/", stock_admin.urls),
    path("feeds/", include("headwater.stockandflow.urls")),
    path("", include("headwater.console.urls")),
]
