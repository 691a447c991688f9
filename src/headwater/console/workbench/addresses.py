"""Addresses of what a run found."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from headwater.learning.models import Fit


def result_address(fit: Fit) -> str:
    """Return the page of what ``fit`` found."""
    try:
        return reverse("headwater:segmentation", args=[fit.pk])
    except NoReverseMatch:
        return reverse("headwater:fit", args=[fit.model_id, fit.pk])
