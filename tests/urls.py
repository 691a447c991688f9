from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("feeds/", include("headwater.stockandflow.urls")),
    path("", include("headwater.console.urls")),
]
