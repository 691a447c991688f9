"""Agreement of two divisions equals scikit-learn's, and shows what it leaves out."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from headwater.engines.segments.agreement import agreement, agreement_by_id


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("wxyz")), min_size=2))
def test_indices_are_those_of_scikit_learn(rows: list[tuple[str, str]]) -> None:
    one, other = [a for a, _ in rows], [b for _, b in rows]
    found = agreement(one, other)
    assert found.ari == pytest.approx(metrics.adjusted_rand_score(one, other))
    # scikit-learn's own is 1 for two divisions into one group, and 0 where only one of them is.
    assert found.nmi == pytest.approx(metrics.normalized_mutual_info_score(one, other), abs=1e-9)
    assert np.array_equal(found.table, metrics.cluster.contingency_matrix(one, other))
    turned = agreement(other, one)
    assert (turned.ari, turned.table) == (found.ari, tuple(zip(*found.table, strict=True)))


def test_rows_outside_are_shown_and_not_scored() -> None:
    one = np.array(["A", "A", "B", "B", "", ""])
    other = ["vip", "vip", "new", None, float("nan"), "new"]
    found = agreement(one, other)
    assert (found.compared, found.outside, found.ari, found.nmi) == (3, 3, 1.0, 1.0)
    assert (found.rows, found.columns) == (("A", "B", ""), ("new", "vip", ""))
    assert found.table == ((0, 2, 0), (1, 0, 1), (1, 0, 1))


def test_rows_are_matched_by_id() -> None:
    found = agreement_by_id(
        np.array([1, 2, 3, 4, 9]), ["A", "A", "B", "B", "B"],
        np.array([4, 3, 2, 1, 7]), ["x", "x", "y", "y", "x"],
    )  # fmt: skip
    assert (found.compared, found.ari) == (4, 1.0)
    assert found.table == ((0, 2), (2, 0))
    missing = agreement_by_id(np.arange(2), ["A", "B"], np.arange(2), ["x", float("nan")])
    assert (missing.columns, missing.outside) == (("x", ""), 1)
    texts = agreement_by_id(np.array([1, 2]), ["A", "B"], np.array(["1", "2"]), ["A", "B"])
    assert (texts.compared, texts.ari, texts.nmi, texts.table) == (0, None, None, ())


def test_nothing_to_compare() -> None:
    nothing = agreement([], [])
    assert (nothing.ari, nothing.nmi, nothing.compared) == (None, None, 0)
    outside = agreement(["", ""], ["A", "B"])
    assert (outside.ari, outside.nmi, outside.outside) == (None, None, 2)
    assert outside.table == ((1, 1),)


def test_two_divisions_of_other_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="One division is of 2 rows and the other of 1"):
        agreement(["A", "B"], ["A"])


def test_letters_stand_in_their_order() -> None:
    letters = ["AA", "B", "Z", "A", "AB"]
    assert agreement(letters, letters).rows == ("A", "B", "Z", "AA", "AB")


def test_a_page_gets_the_largest_columns() -> None:
    known = ["often"] * 6 + ["seldom"] * 2 + ["once", "first"]
    kept = agreement(["A", "B"] * 5, known).as_json(limit=2)
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    assert kept["table"]["columns"] == ["often", "seldom"]
    assert kept["table"]["counts"] == [[3, 1], [3, 1]]
    assert kept["table"]["left_out"] == 2
