"""Addresses of analyses and of what their runs found."""

from __future__ import annotations

from django.urls import reverse

from headwater.console.workbench.techniques import FAMILIES, technique_keys
from headwater.learning.models import Fit, StatisticalModel


def result_address(fit: Fit) -> str:
    """Return the page of what ``fit`` found: in this room, or among the models for a network."""
    if fit.technique in technique_keys():
        return reverse("headwater:segmentation", args=[fit.pk])
    return reverse("headwater:fit", args=[fit.model_id, fit.pk])


def lives_in_room(model: StatisticalModel) -> bool:
    """Return whether the room “Segments” alone shows ``model``: of a dataset, or components."""
    of_dataset = model.source is not None and model.source.is_dataset
    family = model.specific.family
    return family == "decomposition" or (of_dataset and family in FAMILIES)
