"""Confusion, curves and the table of thresholds: counted by scikit-learn and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    precision_recall_curve,
    precision_recall_fscore_support,
    roc_auc_score,
    roc_curve,
)

from headwater.engines.classification.confusion import confusion
from headwater.engines.classification.curves import curves
from headwater.engines.classification.threshold_table import as_json, threshold_table


def test_classes_taken_for_each_other() -> None:
    rng = np.random.default_rng(0)
    y, predicted = rng.integers(3, size=80), rng.integers(3, size=80)
    told = confusion(y, predicted, ["a", "b", "c"])
    np.testing.assert_array_equal(told.matrix, confusion_matrix(y, predicted))
    precision, recall, f1, support = precision_recall_fscore_support(y, predicted)
    for code, each in enumerate(told.scores):
        assert (each.precision, each.recall, each.f1, each.support) == pytest.approx(
            (precision[code], recall[code], f1[code], support[code])
        )
    assert told.accuracy == pytest.approx((y == predicted).mean())
    assert (
        json.loads(json.dumps(told.as_json()))["matrix"] == confusion_matrix(y, predicted).tolist()
    )


def test_a_class_that_never_appears_has_no_scores() -> None:
    told = confusion(np.array([0, 0]), np.array([0, 1]), ["a", "b", "c"])
    assert (told.scores[2].precision, told.scores[2].recall, told.scores[2].f1) == (None,) * 3
    assert told.scores[1].recall is None
    assert confusion(np.array([], dtype=int), np.array([], dtype=int), ["a"]).accuracy is None


@given(data=st.data(), n=st.integers(2, 40))
def test_curves_are_those_of_scikit_learn(data: st.DataObject, n: int) -> None:
    y = data.draw(hnp.arrays(bool, n))
    scores = data.draw(hnp.arrays(float, n, elements=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9])))
    told = curves(y, scores)
    if not y.any():
        assert told.precision_recall == ()
        assert told.average_precision is None
        return
    assert told.average_precision == pytest.approx(average_precision_score(y, scores))
    precision, recall, thresholds = precision_recall_curve(y, scores)
    ours = np.array([(across, up) for across, up, _ in told.precision_recall])
    np.testing.assert_allclose(ours, np.column_stack((recall, precision))[::-1])
    assert [threshold for _, _, threshold in told.precision_recall[1:]] == thresholds[::-1].tolist()
    if y.all():
        assert told.roc_auc is None
        return
    assert told.roc_auc == pytest.approx(roc_auc_score(y, scores))
    across, up, _ = roc_curve(y, scores, drop_intermediate=False)
    np.testing.assert_allclose([point[:2] for point in told.roc], np.column_stack((across, up)))


def test_a_long_curve_is_thinned_and_its_area_is_not() -> None:
    rng = np.random.default_rng(1)
    y = rng.random(20_000) < 0.01
    scores = y * 1.5 + rng.normal(size=20_000)
    told = curves(y, scores)
    assert 50 < len(told.precision_recall) <= 200
    assert 50 < len(told.roc) <= 200
    assert told.average_precision == pytest.approx(average_precision_score(y, scores))
    assert told.roc_auc == pytest.approx(roc_auc_score(y, scores))
    assert told.roc[0][:2] == (0.0, 0.0)
    assert told.roc[-1][:2] == (1.0, 1.0)
    assert told.precision_recall[0] == (0.0, 1.0, None)
    across = np.array([point[0] for point in told.roc])
    assert (np.diff(across) >= 0).all()
    drawn = float(np.trapezoid([point[1] for point in told.roc], across))
    assert drawn == pytest.approx(told.roc_auc, abs=0.005)
    assert json.loads(json.dumps(told.as_json()))["n"] == 20_000
    assert curves(np.array([]), np.array([])).n == 0


@given(data=st.data(), n=st.integers(1, 30), steps=st.sampled_from([1, 10, 100, 200]))
def test_counts_at_each_threshold(data: st.DataObject, n: int, steps: int) -> None:
    y = data.draw(hnp.arrays(bool, n))
    p = data.draw(hnp.arrays(float, n, elements=st.floats(0, 1) | st.sampled_from([0.3, 0.7])))
    table = threshold_table(p, y, steps=steps)
    assert len(table) == steps + 1
    for at in table:
        said = p >= at.threshold
        assert (at.tn, at.fp, at.fn, at.tp) == (
            (~y & ~said).sum(),
            (~y & said).sum(),
            (y & ~said).sum(),
            (y & said).sum(),
        )
    assert as_json(table)[-1] == [1.0, table[-1].tn, table[-1].fp, table[-1].fn, table[-1].tp]


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="“steps” was 201"):
        threshold_table(np.array([0.5]), np.array([1]), steps=201)
