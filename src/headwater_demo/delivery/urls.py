"""Addresses of the delivery's pages."""

from __future__ import annotations

from django.urls import path

from headwater_demo.delivery.views import AnalysisProgress, Keep, RunAnalysis, SegmentList

app_name = "delivery"

urlpatterns = [
    path("", SegmentList.as_view(), name="segments"),
    path("keep/", Keep.as_view(), name="keep"),
    path("<slug:key>/run/", RunAnalysis.as_view(), name="run"),
    path("<slug:key>/progress/", AnalysisProgress.as_view(), name="progress"),
]
