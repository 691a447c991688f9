"""How many groups: scores of scikit-learn, gaps by hand, and the number that was made."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn import metrics
from sklearn.cluster import KMeans

from headwater.engines.progress import Step
from headwater.engines.segments.gap import Gap, Reference, gap_choice, gap_of
from headwater.engines.segments.k_table import KRow, k_table, suggest_k
from tests.engines.segments.data import blobs


def test_scores_are_those_of_scikit_learns_k_means() -> None:
    X, _ = blobs((40, 30, 25), apart=8.0)
    found = k_table(X, [2, 3, 5], references=3)
    assert [row.k for row in found.rows] == [1, 2, 3, 5]
    assert (found.n, found.sampled) == (95, None)
    assert found.rows[0].inertia == pytest.approx(((X - X.mean(axis=0)) ** 2).sum())
    assert found.rows[0].silhouette is None
    best = KMeans(3, n_init=10, random_state=0).fit(X)
    row = found.rows[2]
    assert row.inertia == pytest.approx(best.inertia_)
    assert row.silhouette == pytest.approx(metrics.silhouette_score(X, best.labels_))
    assert row.davies_bouldin == pytest.approx(metrics.davies_bouldin_score(X, best.labels_))
    assert row.calinski_harabasz == pytest.approx(metrics.calinski_harabasz_score(X, best.labels_))
    inertias = [row.inertia for row in found.rows]
    assert inertias == sorted(inertias, reverse=True)
    shown = found.as_json()
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_number_that_was_made_is_suggested(k: int) -> None:
    for seed in range(2):
        rng = np.random.default_rng(seed)
        X = 10 * np.eye(5)[np.arange(40 * k) % k] + rng.normal(size=(40 * k, 5))
        found = k_table(X, range(2, 8), n_init=4, references=4, seed=seed)
        assert found.suggested.k == k
        if k < 5:  # five corners at one distance: the gap's rule stops before
            assert found.suggested.votes["gap"] == k
            assert found.suggested.sentences[-1] == f"{k} groups: 4 of 4 scores speak for it."


@pytest.mark.parametrize("shape", ["normal", "uniform"])
def test_rows_without_groups_are_one_group(shape: str) -> None:
    ones = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(150, 3)) if shape == "normal" else rng.uniform(size=(150, 2))
        found = k_table(X, range(2, 5), n_init=3, references=6, seed=seed).suggested
        ones += found.k == 1
        if found.k == 1:
            assert found.sentences[-1].startswith("So the rows show no groups")
    assert ones >= 3


def test_a_sample_is_tried_of_many_rows_and_a_seed_gives_it_again() -> None:
    X, _ = blobs((400, 300), apart=9.0)
    found = k_table(X, [2, 3], limit=200, references=2)
    assert (found.n, found.sampled, found.suggested.k) == (700, 200, 2)
    assert found == k_table(X, [2, 3], limit=200, references=2)
    assert found.rows[1] != k_table(X, [2, 3], limit=200, references=2, seed=1).rows[1]


def test_progress_is_told_and_can_stop_the_work() -> None:
    X, _ = blobs((20, 20))
    steps: list[Step] = []

    class CancelledError(Exception):
        pass

    def stop_at_the_second(step: Step) -> None:
        steps.append(step)
        if len(steps) == 2:
            raise CancelledError

    with pytest.raises(CancelledError):
        k_table(X, [2, 3], references=1, callback=stop_at_the_second)
    assert [(step.restart, step.restarts, step.n_groups) for step in steps] == [
        (1, 4, 1), (2, 4, 2)
    ]  # fmt: skip


def test_fewer_different_rows_than_groups() -> None:
    X = np.repeat([[0.0], [1.0], [5.0]], 4, axis=0)
    found = k_table(X, range(2, 10), references=2)
    assert [row.k for row in found.rows] == [1, 2, 3]
    last = found.rows[-1]
    assert (last.inertia, last.gap, last.calinski_harabasz) == (0, None, None)
    alike = k_table(np.ones((5, 2)), [2, 3], references=2)
    assert [row.k for row in alike.rows] == [1]
    assert alike.suggested.k == 1
    assert "too few or too alike" in alike.suggested.sentences[0]
    nothing = k_table(np.zeros((0, 2)), [2])
    assert (nothing.rows, nothing.suggested.k) == ((), None)
    with pytest.raises(ValueError, match="0 groups are asked for"):
        k_table(X, [0])


def test_the_gap_by_hand() -> None:
    references = np.array([8.0, 10.0, 12.5])
    found = gap_of(3, 4.0, references)
    assert found.gap == pytest.approx(np.log(references).mean() - np.log(4.0))
    assert found.s == pytest.approx(np.log(references).std() * np.sqrt(1 + 1 / 3))
    assert gap_of(3, 0.0, references) == Gap(3, None, None)


def test_the_rule_of_the_gap() -> None:
    rising = [Gap(1, 0.1, 0.05), Gap(2, 0.5, 0.05), Gap(3, 0.9, 0.05), Gap(4, 0.92, 0.05)]
    assert gap_choice(rising) == 3  # the first that the next one does not beat by more than s
    assert gap_choice(rising[:3]) is None
    assert gap_choice([Gap(1, 0.5, 0.0), Gap(2, 0.55, 0.1)]) == 1  # the next one's error counts
    assert gap_choice([Gap(1, 0.5, 0.1), Gap(2, 0.55, 0.0)]) is None
    assert gap_choice([Gap(1, 0.5, 0.1), Gap(2, 0.55, 0.1)]) == 1
    assert gap_choice([Gap(2, 0.1, 0.0), Gap(4, 0.0, 0.0)]) is None  # 3 was not tried
    assert gap_choice([Gap(1, 0.1, 0.0), Gap(2, None, None), Gap(3, 0.5, 0.0), Gap(4, 0, 0)]) == 3


def test_the_reference_fills_the_box_along_the_principal_axes() -> None:
    rng = np.random.default_rng(0)
    along = np.column_stack([rng.uniform(-20, 20, 4000), rng.uniform(-1, 1, 4000)])
    turn = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])
    X = along @ turn.T + [100, -50]
    drawn = Reference(X).draw(4000, rng)
    back = (drawn - X.mean(axis=0)) @ turn
    assert np.abs(back).max(axis=0) == pytest.approx([20, 1], rel=0.05)
    assert back.var(axis=0) == pytest.approx([400 / 3, 1 / 3], rel=0.1)


def row(k: int, silhouette: float | None, db: float | None = None, ch: float | None = None) -> KRow:
    return KRow(k, 1.0, silhouette, db, ch, None, None)


def test_votes_are_counted() -> None:
    rows = [row(2, 0.6, 0.9, 80), row(3, 0.7, 0.5, 90), row(4, 0.4, 0.7, 95)]
    found = suggest_k(rows)
    assert found.votes == {"silhouette": 3, "davies_bouldin": 3, "calinski_harabasz": 4}
    assert found.k == 3
    assert found.sentences[0] == "The silhouette is greatest with 3 groups (0.7)."
    tied = suggest_k(rows, [Gap(4, 1.0, 0.1), Gap(5, 1.0, 0.1)])
    assert (tied.votes["gap"], tied.k) == (4, 4)
    assert tied.sentences[-1] == (
        "4 groups: 2 of 4 scores speak for it, as many as for 3; the gap decides."
    )
    each = suggest_k([row(2, 0.6, 0.9, 80), row(3, 0.7, 0.5, 70), row(4, 0.4, 0.1, 60)], [
        Gap(1, 0.5, 0.1), Gap(2, 0.4, 0.1), Gap(3, 0.9, 0.1)
    ])  # fmt: skip
    assert each.votes == {"silhouette": 3, "davies_bouldin": 4, "calinski_harabasz": 2, "gap": 1}
    assert each.k == 3
    assert each.sentences[-1] == "No two scores agree (1, 2, 3 and 4); 3 groups lie in the middle."
    apart = suggest_k([row(2, 0.6, 0.1, 10), row(3, 0.7, 0.4, 9)], [])
    assert apart.k == 2
    assert suggest_k([row(2, 0.7, 0.1), row(3, 0.7, 0.1)]).k == 2  # of equal ones the fewest


def test_the_segments_of_customers_are_found() -> None:
    # Spending, frequency and days since the last purchase of the four kinds of customers.
    kinds = (
        (200, (800, 2000), (15, 30), (1, 30)),
        (400, (200, 800), (5, 15), (15, 90)),
        (300, (50, 200), (1, 5), (60, 180)),
        (100, (100, 500), (1, 3), (120, 365)),
    )
    rng = np.random.default_rng(42)
    X = np.vstack(
        [np.column_stack([rng.uniform(*each, n) for each in ranges]) for n, *ranges in kinds]
    )
    found = k_table((X - X.mean(axis=0)) / X.std(axis=0), range(2, 8), n_init=4, references=5)
    assert found.suggested.k == 4


def test_only_the_gap_can_speak_for_one_group() -> None:
    gaps = [Gap(1, 0.5, 0.1), Gap(2, 0.4, 0.1)]
    assert suggest_k([row(2, 0.45, 0.5, 3)], gaps).k == 1
    assert suggest_k([row(2, 0.55, 0.5, 3)], gaps).k == 2
    assert suggest_k([]).k is None
    later = [*gaps, Gap(3, 0.9, 0.1), Gap(4, 0.9, 0.1)]
    found = suggest_k([row(2, 0.3, 0.9, 3), row(3, 0.45, 0.5, 9)], later)
    assert (found.votes["gap"], found.k) == (1, 3)  # three groups are better than one
