"""Addresses of classifiers: made and changed; their results stand among the models."""

from __future__ import annotations

from django.urls import URLPattern, path

from headwater.console.views.classifiers import CreateClassifier, EditClassifier

urlpatterns: list[URLPattern] = [
    path("models/new/classifier/", CreateClassifier.as_view(), name="classifier-create"),
    path("models/<int:pk>/classifier/", EditClassifier.as_view(), name="classifier-edit"),
]
