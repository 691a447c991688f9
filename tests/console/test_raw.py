"""What is shown raw of a fit names no row to those who may not see rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from headwater.console.raw import without_pictures, without_rows
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("technique", ["k_means", "hierarchical", "dbscan", "pca"])
def test_no_row_is_named(
    make_people: Callable[..., Any], make_model: Callable[..., Any], technique: str
) -> None:
    make_people(40)
    Person.objects.create(name="Person far", x=90.0, y=90.0)
    model = make_model(
        technique=technique,
        parameters={},
        results_storage="" if technique == "pca" else "dmf:testapp.Person.group",
    )
    model.source.name_column = "name"
    model.source.save()
    summary = model.perform_inference().summary
    assert "Person far" in json.dumps(summary)
    shown = without_pictures(without_rows(summary, "Hidden from you."))
    text = json.dumps(shown)
    assert "Person" not in text
    assert "minimum" not in text
    assert "Hidden from you." in text


def test_what_only_pictures_need_is_left_out(
    make_people: Callable[..., Any], make_model: Callable[..., Any]
) -> None:
    make_people(300)
    model = make_model(technique="hierarchical", parameters={"n_clusters": 3})
    summary = model.perform_inference().summary
    shown = without_pictures(summary)
    assert len(json.dumps(shown)) < len(json.dumps(summary)) / 3
    assert shown["groups"] == summary["groups"]
    assert shown["scatter"]["points"] == "300 points, see the table of the picture"
