"""Which rows teach and which are judged: scikit-learn's parts, and the rules that go beyond."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import LeaveOneGroupOut, StratifiedKFold, TimeSeriesSplit

from headwater.engines.classification.folds import FoldError, groups, stratified, time_ordered

NAMES = ("ham", "spam")


def test_parts_are_those_of_scikit_learn() -> None:
    y = np.random.default_rng(1).choice(3, size=101, p=[0.6, 0.3, 0.1])
    peer = StratifiedKFold(5, shuffle=True, random_state=7).split(y[:, None], y)
    for fold, (train, test) in zip(stratified(y, 5, 7), peer, strict=True):
        np.testing.assert_array_equal(fold.train, train)
        np.testing.assert_array_equal(fold.test, test)


@given(
    y=st.lists(st.integers(0, 2), min_size=8, max_size=60),
    k=st.integers(2, 6),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_rows_that_always_train_are_never_judged_and_others_once(
    y: list[int], k: int, seed: int, data: st.DataObject
) -> None:
    n = len(y)
    always = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    try:
        folds = stratified(np.array(y), k, seed, always_train=always)
    except FoldError:
        return
    judged = np.concatenate([fold.test for fold in folds])
    if not folds.notes:
        assert sorted(judged) == np.flatnonzero(~always).tolist()
    assert not always[judged].any()
    for fold in folds:
        assert np.isin(np.flatnonzero(always), fold.train).all()
        assert not np.isin(fold.test, fold.train).any()
        assert set(np.array(y)[fold.train]) == set(y)


def test_a_small_class_makes_fewer_parts_with_a_note() -> None:
    folds = stratified(np.array([0] * 30 + [1] * 4), 10, 0, names=NAMES)
    assert len(folds) == 4
    assert folds.notes == (
        "The rows were divided into 4 parts instead of 10: the class “spam” has only 4 rows to "
        "be judged on.",
    )


def test_one_own_row_of_a_class_is_judged_where_others_teach_it() -> None:
    y = np.array([0] * 10 + [1] + [0, 1] * 5)
    always = np.arange(len(y)) >= 11
    folds = stratified(y, 5, 0, always_train=always, names=NAMES)
    assert len(folds) == 2
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(11))
    with pytest.raises(FoldError, match="“spam” has a single labelled row"):
        stratified(y[:11], 5, 0, names=NAMES)


def test_single_rows_of_every_class_cannot_be_judged() -> None:
    y, always = np.array([0, 0, 0, 0, 0, 0, 1, 0]), np.array([0, 1, 1, 1, 1, 1, 0, 1], dtype=bool)
    with pytest.raises(FoldError, match="The class “spam” has a single labelled row"):
        stratified(y, 2, 0, always_train=always, names=NAMES)
    y[3] = 1
    with pytest.raises(FoldError, match="Each class has a single row that may be judged"):
        stratified(y, 2, 0, always_train=always, names=NAMES)


def test_one_class_cannot_be_judged() -> None:
    with pytest.raises(FoldError, match="All labelled rows are of the class “ham”"):
        stratified(np.zeros(20, dtype=int), 5, 0, names=NAMES)
    with pytest.raises(FoldError, match="There are 0 labelled rows"):
        stratified(np.array([0, 1]), 2, 0, always_train=np.array([True, True]))


def test_time_goes_forward_as_in_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    times = rng.permutation(53).astype(float)
    y = rng.integers(2, size=53)
    order = np.argsort(times)
    peer = TimeSeriesSplit(5).split(order[:, None])
    for fold, (train, test) in zip(time_ordered(times, 5, y=y), peer, strict=True):
        np.testing.assert_array_equal(fold.train, np.sort(order[train]))
        np.testing.assert_array_equal(fold.test, np.sort(order[test]))


def test_the_judged_moment_teaches_nothing() -> None:
    rng = np.random.default_rng(3)
    times = np.datetime64("2026-01-01") + rng.integers(12, size=90)
    times[5] = np.datetime64("NaT")
    y = rng.integers(2, size=90)
    always = np.zeros(90, dtype=bool)
    always[:3] = True
    folds = time_ordered(times, 6, y=y, always_train=always)
    assert folds.notes == ("1 row without a date took no part.",)
    for fold in folds:
        own = fold.train[fold.train >= 3]
        assert times[own].max() < times[fold.test].min()
        assert np.isin([0, 1, 2], fold.train).all()
        assert 5 not in fold.test
        assert 5 not in fold.train


def test_a_past_of_one_class_is_left_out() -> None:
    y = np.array([0] * 10 + [1, 0] * 10)
    folds = time_ordered(np.arange(30.0), 5, y=y, names=NAMES)
    assert [fold.name for fold in folds] == ["3", "4", "5"]
    assert folds.notes[1] == (
        "Part 2 was left out: there is no row of the class “spam” to learn from before it."
    )
    with pytest.raises(FoldError, match="in no part"):
        time_ordered(np.arange(20.0), 3, y=np.array([0] * 19 + [1]))


def test_all_rows_of_one_day_cannot_be_ordered() -> None:
    with pytest.raises(FoldError, match="in no part"):
        time_ordered(np.zeros(20), 3, y=np.array([0, 1] * 10))


def test_each_group_is_left_out_once() -> None:
    rng = np.random.default_rng(4)
    of = rng.choice(np.array(["Psy", "Katy", "Eminem"], dtype=object), size=40)
    y = rng.integers(2, size=40)
    peer = LeaveOneGroupOut().split(y[:, None], y, of)
    folds = groups(of, y=y)
    assert [fold.name for fold in folds] == ["Eminem", "Katy", "Psy"]
    for fold, (train, test) in zip(folds, peer, strict=True):
        np.testing.assert_array_equal(fold.train, train)
        np.testing.assert_array_equal(fold.test, test)


def test_groups_that_cannot_be_left_out() -> None:
    y = np.array([0, 1] * 4 + [1] * 4)
    folds = groups(["a"] * 8 + ["b"] * 3 + [None], y=y, names=NAMES)
    assert [fold.name for fold in folds] == ["b"]
    assert folds.notes == (
        "1 row without a group took no part.",
        "The group “a” was left out: there is no row of the class “ham” to learn from without it.",
    )
    with pytest.raises(FoldError, match="takes at least two"):
        groups(["a"] * 12, y=y)
    with pytest.raises(FoldError, match="at most 100"):
        groups(np.arange(400), y=np.tile([0, 1], 200))
