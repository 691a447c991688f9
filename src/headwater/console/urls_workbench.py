"""Addresses of the room “Segments”: runs on a dataset or a model, and how to choose."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
