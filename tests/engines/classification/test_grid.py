"""A search over a grid: what may be written, and the best by cross validation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification.folds import stratified
from headwater.engines.classification.grid import Grid, parse_grid, search
from headwater.engines.classification.learner import Learner
from headwater.engines.parameters import Parameter, ParameterError, Parameters
from headwater.engines.progress import Step
from tests.engines.classification.sklearn_peers import ProbabilityPeer, rows

SVC = Parameters(
    [
        Parameter("C", "Strictness", "number", 1.0, "", minimum=0, exclusive_minimum=True),
        Parameter("degree", "Degree", "integer", 3, "", minimum=1, maximum=10),
        Parameter("kernel", "Kernel", "choice", "rbf", "", choices=(("linear", "L"), ("rbf", "R"))),
    ]
)


def test_every_combination_in_the_order_written() -> None:
    grid = parse_grid('{"kernel": ["linear", "rbf"], "C": [0.1, "1", 1, 10]}', SVC)
    assert grid is not None
    assert grid.names == ("kernel", "C")
    assert grid.settings == (
        {"kernel": "linear", "C": 0.1},
        {"kernel": "linear", "C": 1.0},
        {"kernel": "linear", "C": 10.0},
        {"kernel": "rbf", "C": 0.1},
        {"kernel": "rbf", "C": 1.0},
        {"kernel": "rbf", "C": 10.0},
    )
    assert parse_grid(None, SVC) is None
    assert parse_grid("  ", SVC) is None


def test_the_declared_example_fits_the_catalog() -> None:
    grid = parse_grid(
        '{"C": [0.1, 1, 10], "kernel": ["linear", "rbf"]}', TECHNIQUES["svc"].parameters
    )
    assert grid is not None
    assert len(grid) == 6


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not written as JSON: Expecting property name"),
        ("[1, 2]", "takes lists by name, such as {"),
        ("{}", "takes lists by name, such as {"),
        ('{"C": 1}', "takes a list of values for “C”"),
        ('{"C": []}', "takes a list of values for “C”"),
        ('{"gamma": [1]}', "There is no parameter “gamma”; there are C, degree, kernel."),
        ('{"C": [0]}', "“Strictness” (C) was 0.0; it takes a number"),
        ('{"C": [NaN]}', "“Strictness” (C) was nan; it takes a number"),
        ('{"degree": [2.5]}', "“Degree” (degree) was 2.5; it takes a whole number"),
        ('{"kernel": ["poly", ["rbf"]]}', "“Kernel” (kernel) was ['rbf']; it takes one of"),
        ('{"C": [1], "C": [2]}', "names “C” twice"),
        (json.dumps({"C": list(range(1, 20)), "degree": list(range(1, 8))}), "133 combinations"),
    ],
)
def test_what_does_not_fit_is_told(text: str, sentence: str) -> None:
    with pytest.raises(ParameterError) as caught:
        parse_grid(text, SVC)
    assert sentence in caught.value.errors["search"]


def test_no_text_is_too_long_or_too_deep() -> None:
    with pytest.raises(ParameterError, match="12,010 characters long; it takes at most 10,000"):
        parse_grid('{"C": [' + "1," * 6000 + "1]}", SVC)
    with pytest.raises(ParameterError, match="takes lists by name"):
        parse_grid("[" * 9000, SVC)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ParameterError) as caught:
        parse_grid('{"C": [-1, 1], "degree": [99], "gamma": [1]}', SVC, name="grid")
    told = caught.value.errors["grid"]
    assert all(word in told for word in ("-1.0", "99", "“gamma”"))


def learner(setting: Mapping[str, Any]) -> Learner:
    return Learner(
        StandardScaler,
        lambda: ProbabilityPeer(LogisticRegression(**setting)),
        calibration="none",
    )


@pytest.mark.parametrize(
    ("metric", "scoring"), [("f1", "f1"), ("log_loss", "neg_log_loss"), ("roc_auc", "roc_auc")]
)
def test_the_best_is_that_of_scikit_learns_search(metric: str, scoring: str) -> None:
    X, y = rows(200)
    values = [0.0003, 0.01, 1.0]
    told = search(learner, X, y, stratified(y, 4, 2), [{"C": c} for c in values], metric=metric)
    peer = GridSearchCV(
        make_pipeline(StandardScaler(), LogisticRegression()),
        {"logisticregression__C": values},
        cv=StratifiedKFold(4, shuffle=True, random_state=2),
        scoring=scoring,
    ).fit(X, y)
    assert told.setting == {"C": peer.best_params_["logisticregression__C"]}
    sign = -1 if metric == "log_loss" else 1
    for at, each in enumerate(told.tried):
        measured = each.metrics[metric]
        assert measured.mean == pytest.approx(sign * peer.cv_results_["mean_test_score"][at])
        assert measured.deviations == pytest.approx(2 * peer.cv_results_["std_test_score"][at])
    table = json.loads(json.dumps(told.as_json()))
    assert table["names"] == ["C"]
    assert table["tried"][table["best"]]["setting"] == told.setting


def test_of_equals_the_first_is_taken() -> None:
    X, y = rows(60)
    same = Grid(("max_iter",), ({"max_iter": 300}, {"max_iter": 200}, {"max_iter": 400}))
    told = search(learner, X, y, stratified(y, 3, 0), same, metric="accuracy")
    assert told.best == 0


def test_a_setting_that_fails_is_told_and_the_others_go_on() -> None:
    X, y = rows(60)
    settings = [{"C": -1.0}, {"C": 1.0}]
    told = search(learner, X, y, stratified(y, 3, 0), settings, metric="accuracy")
    assert told.best == 1
    assert "'C' parameter" in (told.tried[0].failed or "")
    assert told.as_json()["tried"][0]["metrics"] == {}
    with pytest.raises(ValueError, match="'C' parameter"):
        search(learner, X, y, stratified(y, 3, 0), settings[:1], metric="accuracy")


def test_progress_counts_through_all_of_it_and_may_end_it() -> None:
    X, y = rows(60)
    steps: list[Step] = []

    def stop(step: Step) -> None:
        steps.append(step)
        if step.restart == 5:
            raise ValueError("not wanted any more")

    settings = [{"C": 1.0}, {"C": 2.0}]
    with pytest.raises(ValueError, match="not wanted any more"):
        search(learner, X, y, stratified(y, 3, 0), settings, metric="accuracy", callback=stop)
    assert {step.restarts for step in steps} == {6}
    assert [step.restart for step in steps] == [1, 2, 3, 3, 4, 5]
    assert {step.phase for step in steps} == {"search"}


def test_an_unknown_metric_is_refused() -> None:
    X, y = rows(20)
    with pytest.raises(ValueError, match="“metric” was 'kappa'"):
        search(learner, X, y, stratified(y, 2, 0), [{"C": 1.0}], metric="kappa")
    with pytest.raises(ValueError, match="no settings"):
        search(learner, X, y, stratified(y, 2, 0), [], metric="f1")
    assert np.isfinite(X).all()
