"""Addresses of SmartDjango."""

from __future__ import annotations

from django.urls import path

from headwater_demo.smartdjango.views import Home

app_name = "smartdjango"

urlpatterns = [path("", Home.as_view(), name="home")]
