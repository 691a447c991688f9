"""Addresses of the room “Segments”: what a run found, and what is done with it."""

from __future__ import annotations

from django.urls import URLPattern, path

from headwater.console.views.segment_result import CutFragment, PictureFragment, RunDetail
from headwater.console.views.segment_result_compare import CompareSegments
from headwater.console.views.segment_result_exports import RowsExport, SummaryExport
from headwater.console.views.segment_result_json import PointsTable, SegmentJson
from headwater.console.views.segment_result_lists import (
    SegmentListDetail,
    SegmentListExport,
    SegmentLists,
)
from headwater.console.views.segment_result_rfm import RfmFragment
from headwater.console.views.segment_verbs import KeepCut, RenameSegment
from headwater.console.views.segment_verbs_assign import AssignRows
from headwater.console.views.segment_verbs_stability import Stability
from headwater.console.views.segment_verbs_wording import EditWording
from headwater.console.views.segment_verbs_write import SaveList, WriteSegments

urlpatterns: list[URLPattern] = [
    path("segments/compare/", CompareSegments.as_view(), name="segment-compare"),
    path("segments/lists/", SegmentLists.as_view(), name="segment-lists"),
    path("segments/lists/<int:pk>/", SegmentListDetail.as_view(), name="segment-list"),
    path(
        "segments/lists/<int:pk>/rows.<slug:kind>",
        SegmentListExport.as_view(),
        name="segment-list-file",
    ),
    path("segments/<int:pk>/", RunDetail.as_view(), name="segmentation"),
    path("segments/<int:pk>/cut/", CutFragment.as_view(), name="segmentation-cut"),
    path("segments/<int:pk>/stability/", Stability.as_view(), name="segmentation-stability"),
    path("segments/<int:pk>/assign/", AssignRows.as_view(), name="segmentation-assign"),
    path("segments/<int:pk>/write/", WriteSegments.as_view(), name="segmentation-write"),
    path("segments/<int:pk>/list/", SaveList.as_view(), name="segmentation-list"),
    path("segments/<int:pk>/wording/", EditWording.as_view(), name="segmentation-wording"),
    path("segments/<int:pk>/keep/", KeepCut.as_view(), name="segmentation-keep"),
    path("segments/<int:pk>/picture/", PictureFragment.as_view(), name="segmentation-picture"),
    path("segments/<int:pk>/points/", PointsTable.as_view(), name="segmentation-points"),
    path("segments/<int:pk>/rfm/", RfmFragment.as_view(), name="segmentation-rfm"),
    path("segments/<int:pk>/rows.<slug:kind>", RowsExport.as_view(), name="segmentation-rows"),
    path(
        "segments/<int:pk>/summary.<slug:kind>",
        SummaryExport.as_view(),
        name="segmentation-summary",
    ),
    path("segments/<int:pk>/<slug:letter>.json", SegmentJson.as_view(), name="segment-json"),
    path("segments/<int:pk>/<slug:letter>/name/", RenameSegment.as_view(), name="segment-rename"),
]
