"""Each classification technique learns what scikit-learn does, called directly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn import svm
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from threadpoolctl import threadpool_limits

from headwater.engines.catalog import TECHNIQUES
from tests.engines.classification.real import CASES, EVERY, Case, load, trained

Reference = Callable[[], Any]

REFERENCES: dict[str, list[tuple[dict[str, Any], Reference]]] = {
    "svc": [
        ({}, svm.SVC),
        ({"kernel": "linear", "C": 0.5}, lambda: svm.SVC(kernel="linear", C=0.5)),
        (
            {"kernel": "poly", "degree": 2, "coef0": 1.0, "class_weight": "balanced"},
            lambda: svm.SVC(kernel="poly", degree=2, coef0=1.0, class_weight="balanced"),
        ),
        (
            {"kernel": "sigmoid", "gamma": 0.001, "coef0": -1.0, "shrinking": False},
            lambda: svm.SVC(kernel="sigmoid", gamma=0.001, coef0=-1.0, shrinking=False),
        ),
    ],
    "linear_svc": [
        ({"C": 0.1, "tol": 1e-3}, lambda: svm.LinearSVC(C=0.1, tol=1e-3, random_state=0)),
        (
            {"class_weight": "balanced", "C": 0.01},
            lambda: svm.LinearSVC(C=0.01, class_weight="balanced", random_state=0),
        ),
    ],
    "logistic_regression": [
        ({"C": 0.3}, lambda: LogisticRegression(C=0.3, max_iter=1000)),
        (
            {"class_weight": "balanced", "C": 0.01},
            lambda: LogisticRegression(class_weight="balanced", C=0.01, max_iter=1000),
        ),
    ],
    "multinomial_nb": [
        ({}, MultinomialNB),
        ({"alpha": 0.1, "fit_prior": False}, lambda: MultinomialNB(alpha=0.1, fit_prior=False)),
    ],
    "complement_nb": [
        ({}, ComplementNB),
        ({"alpha": 0.5, "norm": True}, lambda: ComplementNB(alpha=0.5, norm=True)),
    ],
    "bernoulli_nb": [
        ({}, BernoulliNB),
        ({"binarize": 1.5, "alpha": 0.2}, lambda: BernoulliNB(binarize=1.5, alpha=0.2)),
    ],
    "random_forest": [
        (
            {"n_estimators": 30, "max_features": "all"},
            lambda: RandomForestClassifier(30, max_features=None, random_state=0),
        ),
        (
            {"n_estimators": 20, "max_depth": 4, "criterion": "entropy", "min_samples_leaf": 3},
            lambda: RandomForestClassifier(
                20, max_depth=4, criterion="entropy", min_samples_leaf=3, random_state=0
            ),
        ),
    ],
    "gradient_boosting": [
        (
            {"max_iter": 20, "early_stopping": False},
            lambda: HistGradientBoostingClassifier(
                max_iter=20, early_stopping=False, random_state=0
            ),
        ),
        (
            {"max_iter": 8, "max_leaf_nodes": 5, "l2_regularization": 1.0},
            lambda: HistGradientBoostingClassifier(
                max_iter=8,
                max_leaf_nodes=5,
                l2_regularization=1.0,
                early_stopping=False,
                random_state=0,
            ),
        ),
    ],
}
SETTINGS = [
    pytest.param(key, given, make, id=f"{key}-{at}")
    for key, cases in REFERENCES.items()
    for at, (given, make) in enumerate(cases)
]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    with threadpool_limits(limits=1):
        yield


def reference_scores(reference: Any, X: Any) -> Any:
    """What scikit-learn says, in the form of the house's scores; None for a forest."""
    if hasattr(reference, "decision_function"):
        return reference.decision_function(X)
    if isinstance(reference, RandomForestClassifier):
        return None
    logs = reference.predict_joint_log_proba(X)
    return logs[:, 1] - logs[:, 0] if logs.shape[1] == 2 else logs


def test_every_technique_is_tried() -> None:
    assert list(REFERENCES) == EVERY


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("key", "given", "make"), SETTINGS)
def test_it_learns_what_scikit_learn_learns(
    key: str, given: dict[str, Any], make: Reference, case: Case
) -> None:
    data = load(case)
    ours = trained(key, data, given)
    reference = make().fit(data.X, data.y)
    assert ours.n_classes_ == len(reference.classes_)
    expected = reference_scores(reference, data.unseen)
    scores = ours.scores(data.unseen)
    if expected is not None:
        np.testing.assert_allclose(scores, expected, rtol=1e-9, atol=1e-9)
    predicted = ours.predict(data.unseen)
    assert predicted.dtype == np.int64
    by_score = scores > 0 if scores.ndim == 1 else scores.argmax(axis=1)
    assert predicted.tolist() == by_score.astype(int).tolist()
    if key != "svc" or data.n_classes == 2:  # libsvm breaks equal votes by the order of classes
        assert predicted.tolist() == reference.predict(data.unseen).tolist()
    if hasattr(reference, "predict_proba") and key != "svc":
        np.testing.assert_allclose(
            ours.predict_proba(data.unseen), reference.predict_proba(data.unseen), atol=1e-12
        )
    assert hasattr(ours, "predict_proba") == (key not in ("svc", "linear_svc"))
    group = ours.compile()
    rows = np.asarray(data.unseen)[:20]
    assert [group(row) for row in rows] == predicted[:20].tolist()


@pytest.mark.parametrize("key", [key for key in EVERY if key != "gradient_boosting"])
@pytest.mark.parametrize("case", CASES)
def test_sparse_rows_are_learned_from_as_scikit_learn_does(key: str, case: Case) -> None:
    data = load(case)
    given, make = REFERENCES[key][0]
    X, unseen = csr_matrix(data.X), csr_matrix(data.unseen)
    ours = TECHNIQUES[key].build(given, restarts=1, iterations=1000, threads=1).fit(X, data.y)
    reference = make().fit(X, data.y)
    expected = reference_scores(reference, unseen)
    if expected is not None:
        np.testing.assert_allclose(ours.scores(unseen), expected, rtol=1e-8, atol=1e-8)
    else:
        np.testing.assert_allclose(ours.predict_proba(unseen), reference.predict_proba(unseen))
    np.testing.assert_allclose(ours.scores(data.unseen), ours.scores(unseen), atol=1e-9)


def test_boosting_takes_sparse_rows_as_dense_ones() -> None:
    data = load("digits")
    given = {"max_iter": 5}
    dense = trained("gradient_boosting", data, given)
    sparse = TECHNIQUES["gradient_boosting"].build(given, restarts=1, iterations=1, threads=1)
    sparse.fit(csr_matrix(data.X), data.y)
    np.testing.assert_array_equal(sparse.scores(csr_matrix(data.unseen)), dense.scores(data.unseen))


@pytest.mark.parametrize("case", ["breast_cancer", "iris"])
def test_probabilities_of_a_support_vector_machine_are_calibrated(case: Case) -> None:
    data = load(case)
    ours = trained("svc", data, {"probability": True, "random_state": 3})
    folds = StratifiedKFold(5, shuffle=True, random_state=3)
    reference = CalibratedClassifierCV(svm.SVC(), cv=folds, ensemble=False).fit(data.X, data.y)
    np.testing.assert_allclose(
        ours.predict_proba(data.unseen), reference.predict_proba(data.unseen), atol=1e-9
    )


def test_pairs_of_classes_are_told_where_they_are_asked_for() -> None:
    data = load("digits")
    ours = trained("svc", data, {"decision_function_shape": "ovo"})
    reference = svm.SVC(decision_function_shape="ovo").fit(data.X, data.y)
    expected = reference.decision_function(data.unseen)
    np.testing.assert_allclose(ours.decision_function(data.unseen), expected, atol=1e-9)
    assert ours.scores(data.unseen).shape == (len(data.unseen), 10)
    by_class = trained("svc", data, {}).decision_function(data.unseen)
    np.testing.assert_array_equal(by_class, ours.scores(data.unseen))


def test_equal_votes_go_to_the_surer_class() -> None:
    data = load("digits")
    few, y = data.X[:60], data.y[:60]
    ours = TECHNIQUES["svc"].build({"kernel": "linear"}, restarts=1, iterations=1).fit(few, y)
    found = ours.predict(data.unseen).tolist()
    surer = svm.SVC(kernel="linear", break_ties=True).fit(few, y)
    assert found == surer.predict(data.unseen).tolist()
    assert found != svm.SVC(kernel="linear").fit(few, y).predict(data.unseen).tolist()


@pytest.mark.parametrize("key", EVERY)
def test_weights_of_rows_count(key: str) -> None:
    data = load("breast_cancer").first_columns(3)  # weighed columns are slow to sort for boosting
    weight = np.random.default_rng(1).uniform(0.2, 3.0, size=len(data.y))
    given, make = REFERENCES[key][0]
    ours = TECHNIQUES[key].build(given, restarts=1, iterations=1000, threads=1)
    ours.fit(data.X, data.y, sample_weight=weight)
    reference = make().fit(data.X, data.y, sample_weight=weight)
    expected = reference_scores(reference, data.unseen)
    if expected is None:
        np.testing.assert_allclose(
            ours.predict_proba(data.unseen), reference.predict_proba(data.unseen), atol=1e-12
        )
    else:
        np.testing.assert_allclose(ours.scores(data.unseen), expected, rtol=1e-9, atol=1e-9)
    assert not np.array_equal(
        ours.scores(data.unseen), trained(key, data, given).scores(data.unseen)
    )
