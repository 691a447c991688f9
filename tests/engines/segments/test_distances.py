"""Distances to neighbours and their knee, by brute force; components by three rules."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN
from sklearn.metrics import pairwise_distances

from headwater.engines.progress import Step
from headwater.engines.segments.components import suggest_components
from headwater.engines.segments.distances import k_distances, knee, suggest_eps
from tests.engines.segments.data import blobs


@pytest.mark.parametrize("min_samples", [1, 2, 5])
def test_distances_by_brute_force(min_samples: int) -> None:
    X, _ = blobs((90, 60))
    found = k_distances(X, min_samples)
    each = np.sort(pairwise_distances(X), axis=1)[:, min_samples - 1]
    assert found.curve == pytest.approx(np.sort(each), abs=1e-6)
    assert (found.n, found.sampled) == (150, None)
    shown = found.as_json()
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown


def test_the_radius_makes_the_told_share_of_cores() -> None:
    X, _ = blobs((90, 60), apart=12.0)
    found = k_distances(X, 4)
    assert found.eps is not None
    cores = DBSCAN(eps=found.eps, min_samples=4).fit(X).core_sample_indices_
    assert found.share == len(cores) / 150
    assert f"{found.share:.0%} of the rows" in found.sentence


def test_the_radius_finds_the_groups_and_the_strays() -> None:
    X, labels = blobs((150, 120, 90), apart=14.0, columns=2)
    strays = np.random.default_rng(2).uniform(-60, 60, size=(12, 2))
    strays = strays[np.linalg.norm(strays, axis=1) > 25]
    found = k_distances(np.vstack([X, strays]), 5)
    assert found.eps is not None
    groups = DBSCAN(eps=found.eps, min_samples=5).fit_predict(np.vstack([X, strays]))
    assert (groups[len(X) :] == -1).all()
    assert len(set(groups[: len(X)]) - {-1}) == 3
    for group in range(3):
        assert len(set(groups[: len(X)][labels == group]) - {-1}) == 1


@given(st.lists(st.floats(0, 100), min_size=2, max_size=60))
def test_the_knee_is_farthest_from_the_line_between_the_ends(values: list[float]) -> None:
    curve = np.sort(values)
    if curve[-1] - curve[0] < 1e-6:
        return
    # Distances to the line through both ends, on axes from 0 to 1, below it.
    points = np.column_stack(
        [np.linspace(0, 1, len(curve)), (curve - curve[0]) / (curve[-1] - curve[0])]
    )
    normal = np.array([1.0, -1.0]) / np.sqrt(2)
    distances = points @ normal
    at = knee(curve)
    assert at is not None
    if curve[at] > 0 and distances.max() > 1e-12 and curve[distances.argmax()] > 0:
        assert distances[at] == pytest.approx(distances.max(), abs=1e-12)


def test_the_knee_of_a_corner() -> None:
    curve = np.r_[np.full(80, 1.0), np.linspace(1, 21, 21)[1:]]
    assert knee(curve) in (79, 80)
    assert suggest_eps(curve)[0] == pytest.approx(1, abs=1)
    assert knee(np.r_[np.zeros(90), np.linspace(1, 9, 10)]) == 90  # 0 is no radius
    assert knee(np.arange(5.0)) == 4  # a straight line bends nowhere
    assert knee(np.ones(9)) is None


def test_rows_that_are_all_alike_or_too_few() -> None:
    alike = k_distances(np.ones((20, 2)), 4)
    assert (alike.eps, alike.share) == (None, None)
    assert "no radius stands out" in alike.sentence
    few = k_distances(np.ones((3, 2)), 4)
    assert (few.curve, few.eps) == ((), None)
    assert few.sentence == "There are 3 rows, too few for 4 neighbours."
    with pytest.raises(ValueError, match="min_samples was 0"):
        k_distances(np.ones((3, 2)), 0)


def test_of_many_rows_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headwater.engines.segments.distances.LOOKED_AT", 400)
    X, _ = blobs((2000, 1500))
    found = k_distances(X, 5)
    assert (found.n, found.sampled, len(found.curve)) == (3500, 400, 400)
    monkeypatch.undo()
    every = k_distances(X, 5)
    assert len(every.curve) == 500
    # Among all rows, so as near as they are.
    assert np.median(found.curve) == pytest.approx(np.median(every.curve), rel=0.1)
    fewer = k_distances(X, 5, limit=350)
    assert fewer.sampled == 350
    assert np.median(fewer.curve) > 1.5 * np.median(every.curve)
    assert fewer == k_distances(X, 5, limit=350)


def test_progress_can_stop_the_work() -> None:
    steps: list[Step] = []

    def stop(step: Step) -> None:
        steps.append(step)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        k_distances(np.random.default_rng(0).normal(size=(5000, 2)), 3, callback=stop)
    assert [(step.restart, step.restarts) for step in steps] == [(1, 3)]


def test_components_by_hand() -> None:
    found = suggest_components([0.5, 0.25, 0.15, 0.06, 0.04])
    # Pieces of a stick broken in five: 0.457, 0.257, 0.157, 0.09, 0.04. An average column: 0.2.
    assert (found.cumulative, found.broken_stick, found.kaiser, found.suggested) == (3, 1, 2, 3)
    assert found.sentence == (
        "The first 3 components explain 90% of the variance, as the first to reach 80%."
    )
    assert json.loads(json.dumps(found.as_json())) == found.as_json()


def test_components_that_are_not_enough() -> None:
    found = suggest_components([0.3, 0.2], n_columns=10)
    assert (found.cumulative, found.suggested) == (None, 2)
    assert found.sentence == (
        "The first 2 components explain 50% of the variance; 80% would take more."
    )
    assert suggest_components([0.8, 0.2]).cumulative == 1
    assert suggest_components([1.0]).sentence.startswith("The first component explains 100%")
    with pytest.raises(ValueError, match="3 shares of the variance were given for 2 columns"):
        suggest_components([0.5, 0.3, 0.2], n_columns=2)
    with pytest.raises(ValueError, match="0 shares"):
        suggest_components([])


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=12))
def test_pieces_of_a_broken_stick_add_up(values: list[float]) -> None:
    shares = np.sort(values)[::-1] / np.sum(values)
    found = suggest_components(shares)
    p = len(shares)
    pieces = [sum(1 / i for i in range(k, p + 1)) / p for k in range(1, p + 1)]
    assert sum(pieces) == pytest.approx(1)
    passes = [share > piece + 1e-9 for share, piece in zip(shares, pieces, strict=True)]
    assert found.broken_stick == (passes.index(False) if False in passes else p)
    assert found.suggested == next(k for k in range(1, p + 1) if shares[:k].sum() >= 0.8 - 1e-9)


def test_columns_without_correlation_have_components_by_no_rule_but_the_share() -> None:
    rng = np.random.default_rng(0)
    values = np.linalg.eigvalsh(np.cov(rng.normal(size=(5000, 8)).T))[::-1]
    found = suggest_components(values / values.sum())
    assert (found.broken_stick, found.cumulative) == (0, 7)
