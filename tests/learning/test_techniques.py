"""Each technique of the catalog that divides or describes rows, from rows to a kept result."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import FitStatus
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

GROUPING: dict[str, dict[str, Any]] = {
    "k_means": {"n_clusters": 2},
    "hierarchical": {"n_clusters": 2},
    "dbscan": {"eps": 0.4, "min_samples": 5},
    "hdbscan": {},
    "variational_mixture": {"family": "student_t"},
}


def test_all_techniques_are_tried() -> None:
    own = {key for key, one in TECHNIQUES.items() if one.family in ("clustering", "decomposition")}
    assert own == {*GROUPING, "pca"}


@pytest.mark.parametrize("technique", GROUPING)
def test_groups_are_told_of(make_people: Make, make_model: Make, technique: str) -> None:
    make_people(120)
    Person.objects.create(name="Far away", x=40.0, y=-40.0)
    model = make_model(technique=technique, parameters=GROUPING[technique])
    model.source.name_column, model.source.known_column = "name", "is_active"
    model.source.save()
    fit = model.perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    told = fit.summary
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    people = list(Person.objects.order_by("pk"))
    X = np.array([[person.x, person.y] for person in people])
    labels = np.array([person.group or "" for person in people])
    inside = labels != ""
    assert told["outside"]["n"] == int((~inside).sum())
    assert [told["names"][str(key)] for key in told["outside"]["ids"]] == [
        person.name for person in people if not person.group
    ]
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    expected = silhouette_score(scaled[inside], labels[inside])
    assert told["quality"]["silhouette"] == pytest.approx(expected, rel=1e-9)
    for letter in model.letters:
        of_group = X[labels == letter].mean(axis=0)
        [group] = [one for one in told["groups"] if one["letter"] == letter]
        if "outliers" not in told:  # heavy tails leave theirs out of the means
            assert group["columns"]["x"]["mean"] == pytest.approx(of_group[0])
        assert told["examples"][letter]["typical"] in [person.pk for person in people]
    assert told["overall"]["columns"]["y"]["mean"] == pytest.approx(X[:, 1].mean())
    known = [str(person.is_active) for person in people]
    assert told["known"]["ari"] == pytest.approx(
        adjusted_rand_score(np.array(known)[inside], labels[inside])
    )


def test_rows_in_no_group_have_no_label(make_people: Make, make_model: Make) -> None:
    make_people(60)
    far = Person.objects.create(name="Far away", x=40.0, y=-40.0)
    model = make_model(technique="dbscan", parameters={"eps": 0.5, "min_samples": 5})
    model.perform_inference()
    far.refresh_from_db()
    assert far.group is None
    assert model.assign({"x": 40.0, "y": -40.0}) == ""
    assert model.assign({"x": 0.0, "y": 0.0}) == "A"
    assert model.predict([{"x": 0.0, "y": 0.0}, {"x": 99.0, "y": 0.0}]) == ["A", ""]


def test_the_tree_has_letters_at_each_cut(make_people: Make, make_model: Make) -> None:
    make_people(40)
    model = make_model(technique="hierarchical", parameters={"n_clusters": 3})
    told = model.perform_inference().summary
    assert len(told["tree"]["leaves"]) == 40
    assert told["tree"]["truncated"] is False
    assert [cut["k"] for cut in told["cuts"]][:3] == [1, 2, 3]
    assert {"A", "B", "C"} <= set(told["tree"]["letters"])


def test_components_are_told_of(make_people: Make, make_model: Make) -> None:
    make_people(50)
    model = make_model(technique="pca", parameters={"n_components": 2}, results_storage="")
    fit = model.perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    told = fit.summary["decomposition"]
    assert fit.n_groups is None
    assert sum(told["explained"]) == pytest.approx(1.0)
    assert set(told["loadings"]) == {"x", "y"}
    assert told["suggested"]["suggested"] == (1 if told["explained"][0] >= 0.8 else 2)
    assert len(told["points"]) == 50
    assert not Person.objects.exclude(group=None).exists()
