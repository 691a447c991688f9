"""Addresses of the room “Segments”: what a run found, and what is done with it."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
