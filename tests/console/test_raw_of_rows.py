"""The raw result tells nothing of rows to who may not see them, whatever the technique."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from headwater.console.views.models import raw_of


@pytest.mark.parametrize(
    ("technique", "parameters"),
    [
        ("k_means", {"n_clusters": 2}),
        ("hierarchical", {"n_clusters": 2}),
        ("dbscan", {"eps": 0.2, "min_samples": 4}),
        ("pca", {"n_components": 1}),
    ],
)
def test_an_owner_without_the_view_permission_sees_no_row(
    make_people: Callable[..., Any],
    make_model: Callable[..., Any],
    make_user: Callable[..., User],
    technique: str,
    parameters: dict[str, Any],
) -> None:
    people = make_people(60)
    source = {"columns": ("x", "y"), "name_column": "name"}
    model = make_model(technique=technique, parameters=parameters, of=source, results_storage="")
    fit = model.perform_inference()
    assert fit.status == "succeeded", fit.error
    model.owner = make_user("owner")
    model.save()
    fit.model = model

    raw = raw_of(fit, model.owner)

    summary = json.loads(raw)["summary"]
    assert "Person " in json.dumps(fit.summary)
    assert "Person " not in raw
    extremes = {repr(getattr(one, name)) for one in people for name in ("x", "y")}
    told = json.dumps(summary)
    assert not [value for value in extremes if value in told]
    if technique == "dbscan":
        assert summary["outside"]["n"] == fit.summary["outside"]["n"] > 0
        assert "hidden from you" in summary["outside"]["ids"]
    if technique != "pca":
        assert "hidden from you" in summary["examples"]
        assert "mean" in summary["groups"][0]["columns"]["x"]
