"""The workbench: rows, technique and parameters on one page, filled with what suits the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Dataset
from headwater.sources.open_sample import open_sample

ANALYSE = reverse("headwater:analyse")


def fields_of(response: Any) -> dict[str, Any]:
    """Return what the form of a page holds, as a browser would send it."""
    form = response.context["form"]
    held: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value is None or value is False or value == "":
            continue
        held[name] = list(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return held


@pytest.fixture
def spices(analyst: User) -> Dataset:
    """The sample of eight spices, opened by the analyst."""
    return open_sample("spices", analyst)


def test_opening_a_sample_fills_the_form_and_one_click_runs_it(
    page: Client, analyst: User, spices: Dataset, django_capture_on_commit_callbacks: Any
) -> None:
    response = page.get(ANALYSE, {"dataset": spices.pk})

    held = fields_of(response)
    assert held["technique"] == "k_means"
    assert held["p_n_clusters"] == "3"
    assert held["columns"] == spices.current.features
    assert held["engine_meta_iterations"] == "10"
    assert held["p_random_state"] == "42"
    assert held["name"] == "K-means on Spices"

    with django_capture_on_commit_callbacks(execute=True):
        response = page.post(ANALYSE, held)

    fit = Fit.objects.get()
    assert fit.status == "succeeded", fit.error
    assert response["Location"] in (
        reverse("headwater:analysis", args=[fit.model_id]),
        reverse("headwater:segmentation", args=[fit.pk]),
    )
    assert fit.model.owner == analyst
    assert fit.n_groups == 3
    assert fit.source["dataset"] == spices.pk
    assert fit.requested_by == analyst
