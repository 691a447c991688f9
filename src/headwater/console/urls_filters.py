"""Addresses of spam filters, in the room “Moderation”."""

from __future__ import annotations

from django.urls import URLPattern, path

from headwater.console.views.filters import FilterDetail, FilterList, FilterRun
from headwater.console.views.filters_change import CreateFilter, EditFilter
from headwater.console.views.filters_texts import PretrainingRows, TryText
from headwater.console.views.filters_verbs import (
    CancelFilter,
    DeleteFilter,
    FilterProgress,
    JudgeUnjudged,
    ServeVersion,
    SetThresholds,
    TrainFilter,
)

OF_FILTER = "moderation/filters/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("moderation/filters/", FilterList.as_view(), name="filters"),
    path("moderation/filters/new/", CreateFilter.as_view(), name="filter-create"),
    path(OF_FILTER, FilterDetail.as_view(), name="filter"),
    path(f"{OF_FILTER}edit/", EditFilter.as_view(), name="filter-edit"),
    path(f"{OF_FILTER}delete/", DeleteFilter.as_view(), name="filter-delete"),
    path(f"{OF_FILTER}train/", TrainFilter.as_view(), name="filter-train"),
    path(f"{OF_FILTER}cancel/", CancelFilter.as_view(), name="filter-cancel"),
    path(f"{OF_FILTER}progress/", FilterProgress.as_view(), name="filter-progress"),
    path(f"{OF_FILTER}judge/", JudgeUnjudged.as_view(), name="filter-judge"),
    path(f"{OF_FILTER}thresholds/", SetThresholds.as_view(), name="filter-thresholds"),
    path(f"{OF_FILTER}try/", TryText.as_view(), name="filter-try"),
    path(f"{OF_FILTER}runs/<int:fit_pk>/", FilterRun.as_view(), name="filter-run"),
    path(f"{OF_FILTER}runs/<int:fit_pk>/serve/", ServeVersion.as_view(), name="filter-serve"),
    path(
        f"{OF_FILTER}pretraining/<str:label>/", PretrainingRows.as_view(), name="filter-pretraining"
    ),
]
