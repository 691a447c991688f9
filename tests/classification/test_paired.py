"""Two runs on the same rows are compared row by row, else part by part, else not at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headwater.classification.paired import MOST_KEPT, compare_paired, judged_rows
from headwater.engines.classification.compare_fits import mcnemar
from headwater.engines.classification.cross_validate import CrossValidation, FoldScores, Measured


def told(
    right: np.ndarray[Any, Any], *, fold: Any = None, keys: Any = None, metric: str = "accuracy"
) -> dict[str, Any]:
    """Return the summary of a classifier that has the rows of ``right`` right."""
    n = len(right)
    y = np.arange(n) % 2
    fold = np.arange(n) // (n // 10) if fold is None else fold
    parts = [float(right[fold == at].mean()) for at in range(10)]
    empty = np.zeros(0)
    judged = CrossValidation(
        folds=tuple(
            FoldScores(str(at), n - n // 10, n // 10, {"accuracy": part})
            for at, part in enumerate(parts)
        ),
        metrics={"accuracy": Measured(float(np.mean(parts)), 0.1, 10)},
        n_classes=2,
        positive=1,
        kind="stratified",
        rows=np.arange(n),
        y=y,
        scores=empty,
        probabilities=empty,
        predicted=np.where(right, y, 1 - y),
        fold=fold,
        notes=(),
    )
    return {
        "evaluation": judged.as_json(),
        "metric": metric,
        "judged": judged_rows(judged, range(n) if keys is None else keys),
    }


def errors_at(n: int, *places: int) -> np.ndarray[Any, Any]:
    right = np.ones(n, dtype=np.bool_)
    right[list(places)] = False
    return right


def test_a_clear_loss_within_the_spread_is_told() -> None:
    # 0.974 -> 0.928 on the same 500 rows: 13 errors, and 36 of which 10 are the same.
    before = told(errors_at(500, *range(0, 390, 30)))
    after = told(errors_at(500, *range(0, 300, 30), *range(301, 327)))
    found = compare_paired(before, after)
    assert found is not None
    assert found.verdict == found.verdicts["accuracy"] == "worse"
    assert "judged on the same 500 rows in the same parts" in found.sentence
    assert "26 only in the one before" in found.sentence
    assert mcnemar(26, 3) < 0.05
    back = compare_paired(after, before)
    assert back is not None
    assert back.verdict == "better"


def test_a_small_difference_may_be_chance() -> None:
    found = compare_paired(told(errors_at(500, 1, 2)), told(errors_at(500, 1, 2, 3, 4)))
    assert found is not None
    assert found.verdict == "may be chance"


def test_other_rows_are_not_compared() -> None:
    before, after = told(errors_at(500, 1)), told(errors_at(500, 1), keys=range(1, 501))
    assert compare_paired(before, after) is None
    assert compare_paired({}, after) is None


def test_the_same_rows_in_other_parts_are_compared_row_by_row() -> None:
    after = told(errors_at(500, *range(0, 500, 10)), fold=np.arange(500) % 10)
    found = compare_paired(told(errors_at(500)), after)
    assert found is not None
    assert found.verdict == "worse"
    assert "in the same parts" not in found.sentence


def test_so_many_rows_that_only_the_parts_are_kept() -> None:
    n = MOST_KEPT + 10
    before, after = told(errors_at(n, 1)), told(errors_at(n, *range(0, n, 17)))
    assert after["judged"]["right"] is None
    found = compare_paired(before, after)
    assert found is not None
    assert found.verdict == "worse"
    assert "part by part. Accuracy is worse by more than chance" in found.sentence
    other = told(errors_at(n, 1), metric="recall")  # which no part has here
    assert compare_paired(before, other) is None


def test_each_row_has_its_key() -> None:
    with pytest.raises(ValueError, match="argument"):
        told(errors_at(100), keys=range(99))
