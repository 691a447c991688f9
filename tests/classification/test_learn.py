"""A classifier learns what people said of rows, is judged, and says the class of every row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from headwater.classification.models import Classifier
from tests.testapp.models import Person


def test_every_row_gets_the_name_of_a_class(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    classifier = make_classifier()
    classifier.full_clean()
    fit = classifier.perform_inference()
    assert (fit.status, fit.error) == ("succeeded", "")
    assert fit.n_rows == 120
    assert fit.n_groups == 2
    written = dict(Person.objects.values_list("pk", "segment"))
    assert set(written.values()) == {"free", "pro"}
    for person in labelled:
        assert written[person.pk] == ("pro" if person.x > 5 else "free")
    # What people said is as it was.
    assert Person.objects.filter(plan__isnull=True).count() == 30


def test_the_accuracy_is_that_of_scikit_learn_in_the_same_parts(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    evaluation = {"folds": 5, "seed": 3, "calibration": "none"}
    fit = make_classifier(evaluation=evaluation).perform_inference()
    known = [person for person in Person.objects.order_by("pk") if person.plan]
    X = np.array([[person.x, person.y] for person in known])
    y = np.array([person.plan == "pro" for person in known])
    right = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=3).split(X, y):
        scaler = StandardScaler().fit(X[train])
        model = LogisticRegression().fit(scaler.transform(X[train]), y[train])
        right.append(model.score(scaler.transform(X[test]), y[test]))
    measured = fit.scores["metrics"]["accuracy"]
    assert measured["mean"] == pytest.approx(np.mean(right), abs=1e-12)
    assert measured["deviations"] == pytest.approx(2 * np.std(right), abs=1e-12)
    assert fit.scores["objective"] == measured["mean"]
    told = fit.summary["classification"]
    assert [one["n"] for one in told["classes"]] == [
        sum(p.plan == plan for p in known) for plan in ("free", "pro")
    ]
    assert sum(map(sum, told["confusion"]["matrix"])) == 90
