"""Addresses of the room “Segments”: runs on a dataset or a model, and how to choose."""

from __future__ import annotations

from django.urls import URLPattern, path

from headwater.console.views.analyse import Analyse, ChangeAnalysis
from headwater.console.views.analyses import (
    AnalysisDetail,
    AnalysisList,
    AnalysisProgress,
    CancelAnalysis,
    RunAnalysis,
)
from headwater.console.views.analyses_runs import RunList
from headwater.console.views.studies import CancelStudy, StudyPart

urlpatterns: list[URLPattern] = [
    path("segments/", AnalysisList.as_view(), name="segments"),
    path("segments/runs/", RunList.as_view(), name="segment-runs"),
    path("segments/analyse/", Analyse.as_view(), name="analyse"),
    path("segments/analyses/<int:pk>/", AnalysisDetail.as_view(), name="analysis"),
    path("segments/analyses/<int:pk>/change/", ChangeAnalysis.as_view(), name="analyse-edit"),
    path("segments/analyses/<int:pk>/run/", RunAnalysis.as_view(), name="analysis-run"),
    path("segments/analyses/<int:pk>/cancel/", CancelAnalysis.as_view(), name="analysis-cancel"),
    path(
        "segments/analyses/<int:pk>/progress/",
        AnalysisProgress.as_view(),
        name="analysis-progress",
    ),
    path("segments/studies/<int:pk>/", StudyPart.as_view(), name="study"),
    path("segments/studies/<int:pk>/cancel/", CancelStudy.as_view(), name="study-cancel"),
]
