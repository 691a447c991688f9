"""Addresses of the restaurant's pages."""

from __future__ import annotations

from django.urls import path

from headwater_demo.restaurant.views import AnalysisProgress, Menu, RunAnalysis

app_name = "restaurant"

urlpatterns = [
    path("", Menu.as_view(), name="menu"),
    path("<slug:key>/run/", RunAnalysis.as_view(), name="run"),
    path("<slug:key>/progress/", AnalysisProgress.as_view(), name="progress"),
]
