"""Addresses of the room “Data”: uploads and datasets."""

from __future__ import annotations

from django.urls import URLPattern, path

from headwater.console.views.datasets import DatasetDetail, DatasetList, OpenSample
from headwater.console.views.datasets_change import (
    DatasetName,
    DatasetRoles,
    DeleteDataset,
    ShareDataset,
)
from headwater.console.views.uploads import UploadFile
from headwater.console.views.uploads_preview import DiscardUpload, MakeDataset, UploadPreview

urlpatterns: list[URLPattern] = [
    path("data/", DatasetList.as_view(), name="data"),
    path("data/upload/", UploadFile.as_view(), name="upload"),
    path("data/uploads/<int:pk>/", UploadPreview.as_view(), name="upload-preview"),
    path("data/uploads/<int:pk>/make/", MakeDataset.as_view(), name="upload-make"),
    path("data/uploads/<int:pk>/discard/", DiscardUpload.as_view(), name="upload-discard"),
    path("data/samples/<slug:key>/", OpenSample.as_view(), name="sample-open"),
    path("data/<int:pk>/", DatasetDetail.as_view(), name="dataset"),
    path("data/<int:pk>/roles/", DatasetRoles.as_view(), name="dataset-roles"),
    path("data/<int:pk>/name/", DatasetName.as_view(), name="dataset-name"),
    path("data/<int:pk>/share/", ShareDataset.as_view(), name="dataset-share"),
    path("data/<int:pk>/delete/", DeleteDataset.as_view(), name="dataset-delete"),
]
