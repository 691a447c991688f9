"""Cross validation: scikit-learn's numbers, and nothing that leaks into what is judged."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits, load_iris
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.model_selection import cross_validate as peer_cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from headwater.engines.classification.cross_validate import cross_validate, take
from headwater.engines.classification.declared import EVALUATION, FALLING_METRICS, METRICS
from headwater.engines.classification.folds import stratified, time_ordered
from headwater.engines.classification.learner import Learner
from headwater.engines.classification.metrics import NAMES, measure
from headwater.engines.encoding import Encoder
from headwater.engines.progress import Step
from headwater.engines.table import Table
from tests.engines.classification.sklearn_peers import Peer, ProbabilityPeer, rows

MACRO = {
    "accuracy": "accuracy",
    "average_precision": "average_precision",
    "f1": "f1_macro",
    "log_loss": "neg_log_loss",
    "precision": "precision_macro",
    "recall": "recall_macro",
    "roc_auc": "roc_auc_ovr",
}
BINARY = {**MACRO, "f1": "f1", "precision": "precision", "recall": "recall", "roc_auc": "roc_auc"}


@pytest.mark.parametrize("classes", [2, 3])
def test_metrics_are_those_of_the_scikit_learn_pipeline(classes: int) -> None:
    X, y = rows(240, classes=classes)
    model = LogisticRegression()
    ours = cross_validate(
        lambda: Learner(StandardScaler, lambda: ProbabilityPeer(model), calibration="none"),
        X,
        y,
        stratified(y, 6, 4),
    )
    peer = peer_cross_validate(
        make_pipeline(StandardScaler(), model),
        X,
        y,
        cv=StratifiedKFold(6, shuffle=True, random_state=4),
        scoring=BINARY if classes == 2 else MACRO,
    )
    for name in NAMES:
        sign = -1 if name in FALLING_METRICS else 1
        each = sign * peer[f"test_{name}"]
        np.testing.assert_allclose([fold.metrics[name] for fold in ours.folds], each, atol=1e-12)
        assert ours.metrics[name].mean == pytest.approx(each.mean())
        assert ours.metrics[name].deviations == pytest.approx(2 * each.std())
        assert ours.metrics[name].n_folds == 6


def test_calibration_lies_in_the_fold_as_in_a_scikit_learn_pipeline() -> None:
    X, y = rows(240)
    inner = StratifiedKFold(5, shuffle=True, random_state=9)
    peer = peer_cross_validate(
        make_pipeline(
            StandardScaler(),
            CalibratedClassifierCV(LinearSVC(), method="sigmoid", ensemble=False, cv=inner),
        ),
        X,
        y,
        cv=StratifiedKFold(5, shuffle=True, random_state=1),
        scoring=BINARY,
    )
    ours = cross_validate(
        lambda: Learner(StandardScaler, lambda: Peer(LinearSVC()), seed=9),
        X,
        y,
        stratified(y, 5, 1),
    )
    for name in NAMES:
        sign = -1 if name in FALLING_METRICS else 1
        np.testing.assert_allclose(
            [fold.metrics[name] for fold in ours.folds], sign * peer[f"test_{name}"], atol=1e-5
        )


class Spy(CountVectorizer):
    """A vectoriser that keeps which texts it learned its words from."""

    seen: list[set[str]]

    def fit(self, raw_documents: Any, y: Any = None) -> Self:
        self.seen.append(set(raw_documents))
        return super().fit(raw_documents, y)


def texts(n: int) -> tuple[list[str], np.ndarray]:
    y = np.arange(n) % 2
    return [f"own{i} {'buy cheap' if y[i] else 'thank you'} word{i % 7}" for i in range(n)], y


def test_no_word_of_a_judged_text_is_learned() -> None:
    documents, y = texts(60)
    seen: list[set[str]] = []

    class Watched(Spy):
        pass

    Watched.seen = seen
    folds = stratified(y, 5, 0)
    cross_validate(lambda: Learner(Watched, lambda: Peer(LinearSVC())), documents, y, folds)
    assert len(seen) == 5
    for fold, learned_from in zip(folds, seen, strict=True):
        assert learned_from == {documents[row] for row in fold.train}
        assert not learned_from & {documents[row] for row in fold.test}


def test_a_random_label_is_not_learned_from_the_judged_rows() -> None:
    """With a word of its own in every text, anything that leaked would be known by heart."""
    rng = np.random.default_rng(11)
    y = rng.permutation(np.arange(200) % 2)
    documents = [f"own{i} word{rng.integers(5)}" for i in range(200)]
    judged = cross_validate(
        lambda: Learner(CountVectorizer, lambda: Peer(LinearSVC())),
        documents,
        y,
        stratified(y, 10, 0),
    )
    accuracy = judged.metrics["accuracy"].mean
    assert accuracy is not None
    assert 0.35 < accuracy < 0.65
    assert judged.metrics["log_loss"].mean == pytest.approx(np.log(2), abs=0.05)


class Recorder:
    """Keeps what reaches the fit."""

    def __init__(self, kept: list[dict[str, Any]]) -> None:
        self.kept = kept

    def fit(self, data: Any, y: Any, **options: Any) -> None:
        self.kept.append({"rows": list(data), "y": y.tolist(), **options})

    def scores(self, data: Any) -> Any:
        return np.zeros(len(data))

    def predict_proba(self, data: Any) -> Any:
        return np.full((len(data), 2), 0.5)


def test_weights_and_rows_that_always_train_reach_the_fit() -> None:
    y = np.arange(20) % 2
    always = np.arange(20) < 6
    weight = np.arange(20) + 0.5
    kept: list[dict[str, Any]] = []
    folds = stratified(y, 3, 0, always_train=always)
    judged = cross_validate(
        lambda: Recorder(kept),
        list(range(20)),
        y,
        folds,
        sample_weight=weight,
        always_train=always,
    )
    for fold, told in zip(folds, kept, strict=True):
        assert told["rows"] == fold.train.tolist()
        assert told["y"] == y[fold.train].tolist()
        np.testing.assert_array_equal(told["sample_weight"], weight[fold.train])
        np.testing.assert_array_equal(told["always_train"], always[fold.train])
        assert told["always_train"].sum() == 6
    assert judged.rows.tolist() == list(range(6, 20))
    assert [each.n_test for each in judged.folds] == [len(fold.test) for fold in folds]


def test_weights_change_what_is_learned() -> None:
    X, y = rows(200)
    weight = np.where(y == 1, 20.0, 1.0)

    def recall(sample_weight: Any) -> float:
        judged = cross_validate(
            lambda: Learner(
                StandardScaler, lambda: ProbabilityPeer(LogisticRegression()), calibration="none"
            ),
            X,
            y,
            stratified(y, 4, 0),
            sample_weight=sample_weight,
        )
        return judged.metrics["recall"].mean or 0.0

    assert recall(weight) > recall(None) + 0.05


def test_each_row_is_told_by_what_was_not_learned_from_it() -> None:
    X, y = rows(90, classes=3)
    folds = stratified(y, 3, 0)
    judged = cross_validate(
        lambda: Learner(StandardScaler, lambda: Peer(LinearSVC()), seed=2), X, y, folds
    )
    for at, fold in enumerate(folds):
        again = Learner(StandardScaler, lambda: Peer(LinearSVC()), seed=2).fit(
            X[fold.train], y[fold.train]
        )
        np.testing.assert_array_equal(judged.scores[fold.test], again.scores(X[fold.test]))
        np.testing.assert_array_equal(
            judged.probabilities[fold.test], again.predict_proba(X[fold.test])
        )
        assert (judged.fold[fold.test] == at).all()
    np.testing.assert_array_equal(judged.predicted, judged.probabilities.argmax(axis=1))


def test_a_callback_may_end_it_between_the_parts() -> None:
    X, y = rows(100)
    steps: list[Step] = []

    class StoppedError(Exception):
        pass

    def stop(step: Step) -> None:
        steps.append(step)
        if step.iteration == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        cross_validate(
            lambda: Learner(StandardScaler, lambda: Peer(LinearSVC())),
            X,
            y,
            stratified(y, 5, 0),
            callback=stop,
        )
    assert [(step.restart, step.restarts, step.iteration) for step in steps] == [
        (1, 5, 0),
        (2, 5, 1),
        (3, 5, 2),
    ]
    assert 0.5 < steps[2].objective <= 1


def test_a_class_looked_for_stands_against_all_others() -> None:
    rng = np.random.default_rng(8)
    for classes in (2, 4):
        y = rng.integers(classes, size=200)
        probabilities = rng.dirichlet(np.ones(classes), size=200)
        predicted = probabilities.argmax(axis=1)
        scores = np.log(probabilities)
        if classes == 2:
            scores = scores[:, 1] - scores[:, 0]
        told = measure(y, predicted, scores, probabilities, n_classes=classes, positive=0)
        against = probabilities[:, 0]
        other = measure(
            (y == 0).astype(int),
            (predicted == 0).astype(int),
            np.log(against / (1 - against)),
            np.column_stack((1 - against, against)),
            n_classes=2,
        )
        for name in ("average_precision", "f1", "precision", "recall", "roc_auc"):
            assert told[name] == pytest.approx(other[name])


def test_a_part_of_one_class_leaves_some_metrics_undefined() -> None:
    y = np.zeros(4, dtype=int)
    p = np.column_stack((np.full(4, 0.6), np.full(4, 0.4)))
    told = measure(y, y, p[:, 1], p, n_classes=2)
    assert told["roc_auc"] is None
    assert told["average_precision"] is None
    assert told["accuracy"] == 1
    assert told["log_loss"] == pytest.approx(-np.log(0.6))
    assert measure(y, y, p[:, 1], None, n_classes=2)["log_loss"] is None
    X, y = rows(60)
    y[40:] = 0
    folds = time_ordered(np.arange(60.0), 5, y=y)
    judged = cross_validate(lambda: Learner(StandardScaler, lambda: Peer(LinearSVC())), X, y, folds)
    assert judged.metrics["accuracy"].n_folds == 5
    assert judged.metrics["roc_auc"].n_folds == 3
    assert judged.as_json()["folds"][-1]["metrics"]["roc_auc"] is None


def test_a_table_is_encoded_anew_in_each_part() -> None:
    X, y = load_iris(return_X_y=True)
    table = Table(
        ids=np.arange(150),
        columns={f"c{at}": X[:, at] for at in range(4)},
        kinds={f"c{at}": "numeric" for at in range(4)},
    )
    judged = cross_validate(
        lambda: Learner(Encoder, lambda: ProbabilityPeer(LogisticRegression()), calibration="none"),
        table,
        y,
        stratified(y, 5, 0),
    )
    peer = peer_cross_validate(
        make_pipeline(StandardScaler(), LogisticRegression()),
        X,
        y,
        cv=StratifiedKFold(5, shuffle=True, random_state=0),
    )
    assert judged.metrics["accuracy"].mean == pytest.approx(peer["test_score"].mean())


def test_rows_are_taken_from_whatever_holds_them() -> None:
    at = np.array([2, 0])
    assert take(["a", "b", "c"], at) == ["c", "a"]
    np.testing.assert_array_equal(take(np.eye(3), at), np.eye(3)[at])
    np.testing.assert_array_equal(take(csr_matrix(np.eye(3)), at).toarray(), np.eye(3)[at])


def test_what_is_declared_is_what_is_measured() -> None:
    assert tuple(key for key, _ in METRICS) == NAMES
    assert EVALUATION.defaults() == {
        "folds": 10,
        "metric": "accuracy",
        "positive": None,
        "time_column": None,
        "calibration": "sigmoid",
        "search": None,
        "seed": 42,
    }


def test_real_digits_are_told_as_scikit_learn_tells_them() -> None:
    X, y = load_digits(return_X_y=True)
    X, y = X[:500], y[:500]

    class Bayes(ProbabilityPeer):
        def scores(self, X: Any) -> Any:
            return self.estimator.predict_joint_log_proba(X)

    model = GaussianNB(var_smoothing=1e-2)
    judged = cross_validate(
        lambda: Learner(StandardScaler, lambda: Bayes(model), calibration="none"),
        X,
        y,
        stratified(y, 4, 3),
        metrics=("accuracy", "f1", "roc_auc"),
    )
    peer = peer_cross_validate(
        make_pipeline(StandardScaler(), model),
        X,
        y,
        cv=StratifiedKFold(4, shuffle=True, random_state=3),
        scoring={name: MACRO[name] for name in ("accuracy", "f1", "roc_auc")},
    )
    for name in ("accuracy", "f1", "roc_auc"):
        assert judged.metrics[name].mean == pytest.approx(peer[f"test_{name}"].mean())
