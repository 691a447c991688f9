"""Addresses of the room “Data”: uploads and datasets."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
