"""Groups that are found again, and those that are not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN, KMeans

from headwater.engines.progress import Step
from headwater.engines.segments.stability import most_similar, stability, word_of
from tests.engines.segments.data import Floats, blobs


def k_means(k: int) -> Any:
    def fit_labels(X: Floats, rng: np.random.Generator) -> Any:
        return KMeans(k, n_init=2, random_state=int(rng.integers(2**31))).fit_predict(X)

    return fit_labels


def test_groups_that_are_there_are_stable() -> None:
    X, labels = blobs((60, 40, 30), apart=12.0)
    found = stability(X, labels, k_means(3), bootstraps=20)
    assert [each.word for each in found.groups] == ["stable"] * 3
    assert all(each.jaccard is not None and each.jaccard > 0.97 for each in found.groups)
    assert all((each.recovered, each.dissolved, each.runs) == (20, 0, 20) for each in found.groups)
    assert (found.bootstraps, found.n, found.sampled) == (20, 130, None)
    shown = found.as_json()
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown
    assert shown["groups"]["0"]["word"] == "stable"


def test_a_division_of_what_is_one_group_is_not() -> None:
    X = np.random.default_rng(3).normal(size=(150, 4))
    labels = KMeans(6, n_init=5, random_state=0).fit_predict(X)
    found = stability(X, labels, k_means(6), bootstraps=15)
    assert all(each.word == "dissolved" for each in found.groups)


def test_one_of_three_groups_that_is_cut_in_two() -> None:
    X, labels = blobs((80, 60, 60), apart=14.0, seed=2)
    halves = KMeans(2, n_init=1, random_state=1).fit_predict(X[labels == 0])
    cut = labels.copy()
    cut[labels == 0] = np.where(halves == 0, 0, 3)
    found = {each.group: each for each in stability(X, cut, k_means(3), bootstraps=10).groups}
    assert (found[1].word, found[2].word) == ("stable", "stable")
    assert found[0].word == found[3].word == "dissolved"
    # With three groups the two halves are always found as one.
    sizes = np.bincount(cut)
    assert found[0].jaccard == pytest.approx(sizes[0] / (sizes[0] + sizes[3]), abs=0.05)


def test_the_bootstrap_by_hand() -> None:
    X, labels = blobs((30, 20))
    seen: list[tuple[Floats, Any]] = []

    def by_chance(rows: Floats, rng: np.random.Generator) -> Any:
        found = rng.integers(-1, 3, size=len(rows))
        seen.append((rows, found))
        return found

    told = stability(X, labels, by_chance, bootstraps=4)
    place = {tuple(point): at for at, point in enumerate(X)}
    similarities = []
    for rows, found in seen:
        drawn = np.array([place[tuple(point)] for point in rows])
        assert len(set(drawn)) == len(drawn)
        similarities.append(
            [
                max(
                    len(set(drawn[labels[drawn] == group]) & set(drawn[found == other]))
                    / len(set(drawn[labels[drawn] == group]) | set(drawn[found == other]))
                    for other in range(3)
                )
                for group in range(2)
            ]
        )
    assert [each.jaccard for each in told.groups] == pytest.approx(np.mean(similarities, axis=0))
    shares = [len(rows) / 50 for rows, _ in seen]
    assert np.mean(shares) == pytest.approx(1 - np.exp(-1), abs=0.1)


def test_repeats_are_given_as_often_as_they_were_drawn() -> None:
    X, labels = blobs((30, 20), apart=12.0)
    sizes: list[int] = []

    def dense(rows: Floats, rng: np.random.Generator) -> Any:
        sizes.append(len(rows))
        return DBSCAN(eps=1.3, min_samples=6).fit_predict(rows)

    often = stability(X, labels, dense, bootstraps=10, repeats=True)
    assert set(sizes) == {50}
    once = stability(X, labels, dense, bootstraps=10)
    assert max(sizes[10:]) < 45
    for more, fewer in zip(often.groups, once.groups, strict=True):
        assert more.jaccard is not None
        assert fewer.jaccard is not None
        assert more.jaccard > fewer.jaccard


def test_rows_outside_are_no_group() -> None:
    X, labels = blobs((40, 30), apart=12.0)
    labels = np.where(np.arange(70) % 5 == 0, -1, labels * 4)
    found = stability(X, labels, k_means(2), bootstraps=5)
    assert [each.group for each in found.groups] == [0, 4]

    def nothing(rows: Floats, rng: np.random.Generator) -> Any:
        return np.full(len(rows), -1)

    lost = stability(X, labels, nothing, bootstraps=3)
    assert [(each.jaccard, each.dissolved) for each in lost.groups] == [(0, 3), (0, 3)]
    assert stability(X, np.full(70, -1), nothing, bootstraps=3).groups == ()


def test_a_group_of_one_row_is_judged_by_the_runs_that_draw_it() -> None:
    X = np.r_[np.random.default_rng(0).normal(size=(30, 2)), [[90.0, 90.0]]]
    labels = np.r_[np.zeros(30, dtype=int), 1]
    found = stability(X, labels, k_means(2), bootstraps=20).groups[1]
    assert 5 <= found.runs <= 19
    assert found.jaccard == 1
    never = stability(X, labels, k_means(2), bootstraps=0).groups[1]
    assert (never.jaccard, never.word) == (None, "unknown")


def test_a_sample_of_many_rows() -> None:
    X, labels = blobs((500, 400), apart=9.0)
    found = stability(X, labels, k_means(2), bootstraps=3, limit=200)
    assert (found.n, found.sampled) == (900, 200)
    assert found == stability(X, labels, k_means(2), bootstraps=3, limit=200)


def test_progress_can_stop_the_work() -> None:
    X, labels = blobs((20, 20), apart=12.0)
    steps: list[Step] = []

    def stop(step: Step) -> None:
        steps.append(step)
        if len(steps) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        stability(X, labels, k_means(2), callback=stop)
    assert [(s.restart, s.restarts, s.n_groups) for s in steps] == [(n, 50, 2) for n in (1, 2, 3)]
    assert all(0.9 < s.objective <= 1 for s in steps)


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), min_size=1, max_size=40))
def test_similarity_of_sets(rows: list[tuple[int, int]]) -> None:
    before, after = (np.array(each) for each in zip(*rows, strict=True))
    found = most_similar(before, after, 4)
    for group in range(4):
        own = set(np.flatnonzero(before == group))
        if not own:
            assert np.isnan(found[group])
            continue
        others = [set(np.flatnonzero(after == other)) for other in range(4)]
        best = max(len(own & other) / len(own | other) for other in others)
        assert found[group] == pytest.approx(best)


def test_words_by_the_thresholds_of_the_literature() -> None:
    shares = (1.0, 0.75, 0.749, 0.6, 0.599, 0.0)
    assert [word_of(share) for share in shares] == [
        "stable", "stable", "doubtful", "doubtful", "dissolved", "dissolved"
    ]  # fmt: skip
