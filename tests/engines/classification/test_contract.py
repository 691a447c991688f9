"""What every classification technique keeps to, beside the numbers that it learns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone

from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification import gradient_boosting, trees
from headwater.engines.progress import Step
from tests.engines.classification.real import EVERY, load, trained

QUICK: dict[str, dict[str, Any]] = {
    "random_forest": {"n_estimators": 5},
    "gradient_boosting": {"max_iter": 5},
}
LINEAR: list[tuple[str, dict[str, Any]]] = [
    ("svc", {"kernel": "linear"}),
    ("linear_svc", {}),
    ("logistic_regression", {}),
    ("multinomial_nb", {}),
    ("complement_nb", {"norm": True}),
    ("bernoulli_nb", {"alpha": 0.3}),
]


def made(key: str, **given: Any) -> Any:
    return TECHNIQUES[key].build(QUICK.get(key, {}) | given, restarts=1, iterations=1000, threads=1)


def presence() -> Any:
    """Real rows of zeros and ones: which dots of a digit are dark."""
    data = load("digits")
    two = np.isin(data.y, (3, 8))
    return (data.X[two] > 7).astype(float), (data.y[two] == 8).astype(np.int64)


@pytest.mark.parametrize(("key", "given"), LINEAR)
def test_scores_are_the_sum_that_linear_gives(key: str, given: dict[str, Any]) -> None:
    X, y = presence()
    for rows in (X, csr_matrix(X)):
        model = made(key, **given).fit(rows, y)
        weights, constant = model.linear()
        assert weights.shape == (X.shape[1],)
        np.testing.assert_allclose(model.scores(rows), X @ weights + constant, atol=1e-9)
        assert len(set(model.predict(X))) == 2


def test_what_is_not_a_sum_gives_none() -> None:
    X, y = presence()
    data = load("digits")
    for key in ("svc", "random_forest", "gradient_boosting"):
        assert made(key).fit(X, y).linear() is None
    for key, given in LINEAR:
        assert trained(key, data, given).linear() is None
    assert made("bernoulli_nb").fit(X * 2, y).linear() is None


@pytest.mark.parametrize("key", EVERY)
def test_numbers_are_told_and_the_data_are_left_as_they_were(key: str) -> None:
    data = load("iris")
    X, y = data.X.copy(), data.y.copy()
    steps: list[Step] = []
    model = made(key)
    assert model.fit(X, y, callback=steps.append) is model
    np.testing.assert_array_equal(X, data.X)
    assert [step.iteration for step in steps] == [0, model.n_iter_]
    assert model.classes_.tolist() == [0, 1, 2]
    assert model.scores(data.unseen).shape == (len(data.unseen), 3)
    assert model.notes_ == []
    assert model.converged_
    again = clone(model).fit(X, y)
    np.testing.assert_array_equal(again.scores(data.unseen), model.scores(data.unseen))

    def stop(step: Step) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        made(key).fit(X, y, callback=stop)


@pytest.mark.parametrize("key", EVERY)
def test_what_cannot_be_learned_from_gets_a_sentence(key: str) -> None:
    data = load("iris")
    X, y = data.X, data.y
    nan = X.copy()
    nan[7, 2] = np.nan
    holes = csr_matrix(X)
    holes.data[holes.indptr[9]] = np.inf
    for rows, classes, weight, sentence in [
        (nan, y, None, r"A number of row 7 \(counted from 0\) is missing \(NaN\) or infinite"),
        (holes, y, None, r"A number of row 9 \(counted from 0\)"),
        (X, np.zeros(len(X), dtype=int), None, "All 100 rows are of one class"),
        (X, y * 2, None, "no rows of the class 1. Number"),
        (X, y + 10**12, None, "no rows of the class 100. Number"),
        (X, y - 1, None, "A class was -1"),
        (X, y.astype(float), None, "of the kind float64; they are whole numbers from 0"),
        (X, y[:5], None, r"100 rows and classes of the shape \(5,\)"),
        (X, y, np.ones(3), r"100 rows and weights of the shape \(3,\)"),
        (X, y, -np.ones(100), "must be numbers of at least 0"),
        (X, y, (y > 0).astype(float), "All rows of a class weigh nothing"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            made(key).fit(rows, classes, sample_weight=weight)
    model = made(key).fit(X, y)
    with pytest.raises(ValueError, match="A number of row 7"):
        model.predict(nan)
    with pytest.raises(ValueError, match="3 features"):
        model.predict(X[:, :3])


@pytest.mark.parametrize("key", EVERY)
def test_numbers_below_zero_are_refused_by_those_that_count(key: str) -> None:
    data = load("iris")
    model = made(key)
    X = data.X - data.X.mean()
    assert model.needs_non_negative == (key in ("multinomial_nb", "complement_nb"))
    if not model.needs_non_negative:
        model.fit(X, data.y)
        return
    for rows in (X, csr_matrix(X)):
        with pytest.raises(ValueError, match="compares counts, and the smallest number was -3"):
            model.fit(rows, data.y)


@pytest.mark.parametrize("key", EVERY)
def test_a_class_of_a_single_row_is_noted(key: str) -> None:
    data = load("iris")
    X, y = np.vstack((data.X, [[9.0, 1.0, 1.0, 9.0]])), np.append(data.y, 3)
    model = made(key).fit(X, y)
    assert model.notes_[0] == "There is only a single row to learn one class from."
    assert model.scores(X).shape == (len(X), 4)


def test_what_holds_rows_out_needs_two_of_each_class() -> None:
    data = load("iris")
    X, y = np.vstack((data.X, data.X[:1])), np.append(data.y, 3)
    with pytest.raises(ValueError, match="a class has a single row"):
        made("svc", probability=True).fit(X, y)
    with pytest.raises(ValueError, match="101 rows of 4 classes are too few"):
        made("gradient_boosting", early_stopping=True).fit(X, y)
    stopped = made("gradient_boosting", early_stopping=True, max_iter=200).fit(data.X, data.y)
    assert stopped.n_iter_ < 200


@pytest.mark.parametrize("key", ["linear_svc", "logistic_regression"])
def test_a_search_that_did_not_settle_is_noted(key: str) -> None:
    data = load("breast_cancer")
    model = TECHNIQUES[key].build({"tol": 1e-9, "C": 100.0}, restarts=1, iterations=2)
    model.fit(data.X, data.y)
    assert not model.converged_
    assert model.notes_[0].startswith("The search had not settled after 2 iterations.")


def test_sparse_rows_that_would_not_fit_dense_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = load("digits")
    monkeypatch.setattr(gradient_boosting, "DENSE", 1000)
    with pytest.raises(ValueError, match="300 rows of 64 columns are more than 1,000"):
        made("gradient_boosting").fit(csr_matrix(data.X), data.y)


def test_rows_are_scored_in_parts_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from headwater.engines.classification import random_forest, svc

    data = load("digits")
    for key, module in (
        ("svc", svc),
        ("random_forest", random_forest),
        ("gradient_boosting", gradient_boosting),
    ):
        model = made(key).fit(data.X, data.y)
        at_once = model.scores(data.unseen)
        monkeypatch.setattr(module, "AT_ONCE", 700)
        np.testing.assert_allclose(model.scores(data.unseen), at_once, atol=1e-12)


def test_a_forest_whose_trees_agree_has_scores_and_refuses_what_it_cannot_hold() -> None:
    data = load("iris")
    two = data.y < 2
    model = made("random_forest").fit(data.X[two], data.y[two])
    assert np.isin([0.0, 1.0], model.predict_proba(data.X[two])[:, 1]).all()
    scores = model.scores(data.X[two])
    assert np.abs(scores).max() == pytest.approx(np.log(5.5 / 0.5))
    with pytest.raises(ValueError, match="too large for the trees"):
        model.predict(data.X[:1] * 1e300)


def test_what_is_absent_cannot_count_as_present_in_sparse_rows() -> None:
    X, y = presence()
    with pytest.raises(ValueError, match="was -1, and the rows are sparse"):
        made("bernoulli_nb", binarize=-1.0).fit(csr_matrix(X), y)


def test_the_weight_of_classes_is_one_of_two() -> None:
    data = load("iris")
    model = made("svc").set_params(class_weight="heavy")
    with pytest.raises(ValueError, match="class_weight was 'heavy'"):
        model.fit(data.X, data.y)


@pytest.mark.parametrize("key", ["random_forest", "gradient_boosting"])
def test_few_rows_are_scored_as_many_are(key: str) -> None:
    data = load("digits")
    model = made(key).fit(data.X, data.y)
    assert len(data.unseen) > trees.FEW_ROWS
    many = model.scores(data.unseen)
    one_by_one = np.concatenate([model.scores(row[np.newaxis]) for row in data.unseen])
    np.testing.assert_allclose(one_by_one, many, rtol=1e-12, atol=1e-12)
