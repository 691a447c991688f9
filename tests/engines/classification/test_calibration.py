"""Scores as probabilities: scikit-learn's curve, its parts, and whether they are true."""

from __future__ import annotations

import numpy as np
import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import beta, binomtest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.calibration import calibration_curve as peer_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from headwater.engines.classification.calibrated import Calibrated, fit_calibrated
from headwater.engines.classification.calibration import calibration_curve, fit_sigmoid
from headwater.engines.classification.intervals import clopper_pearson, jeffreys
from headwater.engines.classification.linear_svc import LinearSVC as OwnLinearSVC
from tests.engines.classification.sklearn_peers import Peer, ProbabilityPeer, rows


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_probabilities_are_those_of_scikit_learn(classes: int, weighted: bool) -> None:
    X, y = rows(300, classes=classes)
    weight = np.random.default_rng(5).uniform(0.2, 2.0, 300) if weighted else None
    peer = CalibratedClassifierCV(
        LinearSVC(),
        method="sigmoid",
        ensemble=False,
        cv=StratifiedKFold(5, shuffle=True, random_state=3),
    ).fit(X, y, sample_weight=weight)
    ours = fit_calibrated(lambda: Peer(LinearSVC()), X, y, sample_weight=weight, seed=3)
    np.testing.assert_allclose(ours.predict_proba(X), peer.predict_proba(X), atol=2e-5)
    np.testing.assert_array_equal(ours.predict(X), peer.predict(X))
    if classes == 2:
        curve = peer.calibrated_classifiers_[0].calibrators[0]
        assert (ours.slope, ours.intercept) == pytest.approx((-curve.a_, -curve.b_), rel=1e-3)


def test_the_curve_is_the_least_loss_with_smoothed_targets() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=200) * 300
    y = (scores + rng.normal(size=200) * 200 > 50).astype(int)
    slope, intercept = fit_sigmoid(scores, y)
    n1, n0 = y.sum(), (1 - y).sum()
    rest = expit(slope * scores + intercept) - np.where(y, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
    # The gradient of the loss is nothing at the least of it.
    assert abs(rest.sum()) < 1e-9
    assert abs(rest @ scores) < 1e-6


@given(unit=st.floats(1e-6, 1e6), shift=st.floats(-100, 100))
def test_the_unit_of_the_scores_does_not_matter(unit: float, shift: float) -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(size=60)
    y = scores + rng.normal(size=60) > 0
    slope, intercept = fit_sigmoid(scores, y)
    moved = (scores + shift) * unit
    other_slope, other_intercept = fit_sigmoid(moved, y)
    np.testing.assert_allclose(
        expit(other_slope * moved + other_intercept), expit(slope * scores + intercept), atol=1e-6
    )


def test_rows_told_apart_without_error_still_leave_doubt() -> None:
    scores, y = np.array([-2.0, -1.0, 1.0, 2.0]), np.array([0, 0, 1, 1])
    slope, intercept = fit_sigmoid(scores, y)
    p = expit(slope * scores + intercept)
    assert np.isfinite([slope, intercept]).all()
    assert p.mean() == pytest.approx(0.5)
    assert 0.5 < p[2] < p[3] < 0.999
    slope, intercept = fit_sigmoid(np.ones(4), np.array([0, 1, 1, 1]))
    assert expit(slope + intercept) == pytest.approx((1 / 3 + 3 * 4 / 5) / 4)
    with pytest.raises(ValueError, match="both classes"):
        fit_sigmoid(scores, np.ones(4))
    with pytest.raises(ValueError, match="finite"):
        fit_sigmoid(np.array([1.0, np.inf]), np.array([0, 1]))


def test_without_a_curve_probabilities_are_the_classifiers_own() -> None:
    X, y = rows(200)
    model = LogisticRegression()
    own = fit_calibrated(lambda: ProbabilityPeer(model), X, y, calibration="none")
    assert not own.is_calibrated
    np.testing.assert_array_equal(own.predict_proba(X), model.fit(X, y).predict_proba(X))
    scored = fit_calibrated(lambda: Peer(model), X, y, calibration="none")
    np.testing.assert_allclose(scored.predict_proba(X), own.predict_proba(X), atol=1e-12)
    X, y = rows(200, classes=3)
    several = fit_calibrated(lambda: Peer(model), X, y, calibration="none")
    np.testing.assert_allclose(
        several.predict_proba(X), model.fit(X, y).predict_proba(X), atol=1e-12
    )


def test_a_line_gives_the_log_odds_and_the_compiled_code() -> None:
    X, y = rows(200)
    for calibration in ("sigmoid", "none"):
        ours = fit_calibrated(OwnLinearSVC, X, y, calibration=calibration)
        line = ours.linear()
        assert line is not None
        np.testing.assert_allclose(
            expit(X @ line[0] + line[1]), ours.predict_proba(X)[:, 1], atol=1e-12
        )
        code = ours.compile()
        assert [code(row) for row in X] == ours.predict(X).tolist()
    X, y = rows(200, classes=3)
    several = fit_calibrated(OwnLinearSVC, X, y)
    assert several.linear() is None
    code = several.compile()
    assert [code(row) for row in X[:20]] == several.predict(X[:20]).tolist()


def test_own_rows_alone_teach_the_curve_where_they_are_enough() -> None:
    X, y = rows(400, seed=2)
    always = np.arange(400) < 200
    y[:200] = 1 - y[:200]  # rows from elsewhere, labelled the other way round

    def curve(mask: np.ndarray | None) -> float:
        return float(fit_calibrated(OwnLinearSVC, X, y, always_train=mask).slope)

    assert curve(always) != pytest.approx(curve(None), rel=1e-3)
    few = np.arange(400) < 390
    assert curve(few) == curve(None)


def test_what_is_kept_comes_back_without_pickle() -> None:
    X, y = rows(100, classes=3)
    ours = fit_calibrated(OwnLinearSVC, X, y)
    data = skops.io.dumps(ours)
    types = skops.io.get_untrusted_types(data=data)
    assert types == [
        f"{type(each).__module__}.{type(each).__name__}" for each in (ours, ours.classifier)
    ]
    back = skops.io.loads(data, trusted=types)
    np.testing.assert_array_equal(back.predict_proba(X), ours.predict_proba(X))


def test_too_few_rows_for_a_curve_leave_the_scores_as_they_are() -> None:
    ours = fit_calibrated(OwnLinearSVC, np.array([[0.0], [1.0], [2.0]]), np.array([0, 1, 1]))
    assert not ours.is_calibrated


def test_nothing_of_any_class_is_each_alike() -> None:
    class Low:
        n_classes_ = 3

    flat = Calibrated(Low(), [1.0, 1.0, 1.0], [-1e5, -1e5, -1e5])
    np.testing.assert_allclose(flat.probabilities_of(np.zeros((2, 3))), 1 / 3)


def test_probabilities_beside_what_came_true() -> None:
    rng = np.random.default_rng(6)
    p = rng.random(500)
    y = (rng.random(500) < p**2).astype(int)
    told = calibration_curve(p, y)
    shares, means = peer_curve(y, p, n_bins=10)
    np.testing.assert_allclose([each.share for each in told.bins], shares)
    np.testing.assert_allclose([each.probability for each in told.bins], means)
    assert told.brier == pytest.approx(brier_score_loss(y, p))
    assert sum(each.n for each in told.bins) == told.n == 500
    assert told.expected_error == pytest.approx(
        sum(each.n * abs(each.share - each.probability) for each in told.bins) / 500
    )
    for each in told.bins:
        exact = binomtest(round(each.share * each.n), each.n).proportion_ci(method="exact")
        assert (each.share_low, each.share_high) == pytest.approx((exact.low, exact.high))
    even = calibration_curve(p, y, strategy="quantile")
    assert {each.n for each in even.bins} == {50}
    assert len(calibration_curve(np.full(5, 0.4), np.array([0, 1, 0, 0, 1])).bins) == 1
    constant = calibration_curve(np.full(5, 0.4), np.ones(5), strategy="quantile")
    assert [each.n for each in constant.bins] == [5]
    edges = calibration_curve(np.array([0.0, 1.0]), np.array([0, 1]))
    assert [(each.low, each.share) for each in edges.bins] == [(0.0, 0.0), (0.9, 1.0)]


def test_intervals_are_the_quantiles_of_beta_distributions() -> None:
    for hits, n in [(0, 5), (1, 5), (3, 7), (7, 7)]:
        exact = binomtest(hits, n).proportion_ci(method="exact")
        assert tuple(map(float, clopper_pearson(hits, n))) == pytest.approx((exact.low, exact.high))
        low, high = jeffreys(hits, n)
        if 0 < hits < n:
            assert low == pytest.approx(beta.ppf(0.025, hits + 0.5, n - hits + 0.5))
        assert (low == 0) == (hits == 0)
        assert (high == 1) == (hits == n)
    assert tuple(map(float, clopper_pearson(0, 0))) == (0.0, 1.0)
    assert tuple(map(float, jeffreys(0, 0))) == (0.0, 1.0)
    with pytest.raises(ValueError, match="between 0 and"):
        jeffreys(3, 2)
