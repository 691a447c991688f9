"""Gross outliers neither bend the groups nor hide; few rows of clean data are called outliers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import f
from sklearn.metrics import adjusted_rand_score

from headwater.engines.mixture import VariationalMixture
from tests.engines.mixture.draws import Array, blobs, heavy, usage, usage_groups, with_outliers


def student(n_components: int = 10, seed: int = 0) -> VariationalMixture:
    return VariationalMixture(n_components, family="student_t", random_state=seed)


def agreement(model: VariationalMixture, n: int) -> float:
    """Return how far the groups of the first n rows are those they were drawn from."""
    return float(adjusted_rand_score(usage_groups(n), model.labels_[:n]))


@pytest.mark.parametrize("n_components", [4, 10])
@pytest.mark.parametrize(("n", "seed"), [(200, 2), (200, 3), (800, 0), (2000, 1)])
def test_four_groups_are_found_among_gross_outliers_which_are_told(
    n: int, seed: int, n_components: int
) -> None:
    X = with_outliers(n, seed)
    model = student(n_components, seed).fit(X)
    clean = VariationalMixture(random_state=0).fit(usage(n))
    assert model.n_groups_ == clean.n_groups_ == 4
    assert agreement(model, n) > agreement(clean, n) - 0.01
    told = model.is_outlier(X)
    assert told[n:].mean() > 0.9  # a box has room for a few rows that lie in a group
    assert told[:n].mean() < 0.01
    assert model.tail_.min() < 2
    assert any("lie thinly around all groups" in note for note in model.notes_)


def test_the_gaussian_family_makes_outliers_a_group_or_loses_one() -> None:
    X = with_outliers(800, 0)
    free = VariationalMixture(10, random_state=0).fit(X)
    assert free.n_groups_ == 5
    assert not free.is_outlier(X)[800:].mean() > 0.2  # they are a group's core
    limited = VariationalMixture(4, random_state=0).fit(X)
    assert limited.n_groups_ == 4
    assert agreement(limited, 800) < 0.75 < agreement(student(4).fit(X), 800)


@pytest.mark.parametrize("standardised", [False, True])
@pytest.mark.parametrize("few", [1, 2, 3])
def test_a_few_outliers_merge_no_groups(few: int, standardised: bool) -> None:
    X = np.concatenate([usage(200), with_outliers(200, 1)[200 : 200 + few]])
    if standardised:
        X = (X - X.mean(axis=0)) / X.std(axis=0)
    model = student().fit(X)
    assert model.n_groups_ == 4
    assert model.is_outlier(X)[200:].all()
    assert not model.is_outlier(X)[:200].any()


@pytest.mark.statistics
@pytest.mark.parametrize("n", [200, 800, 2000])
def test_seeds_find_four_groups_with_and_without_outliers(n: int) -> None:
    expected = agreement(VariationalMixture(random_state=0).fit(usage(n)), n)
    for seed in range(2):
        for X in (usage(n), with_outliers(n, seed)):
            model = student(seed=seed).fit(X)
            assert model.n_groups_ == 4
            assert agreement(model, n) > expected - 0.03
            assert model.is_outlier(X)[:n].mean() < 0.01
            if len(X) > n:
                assert model.is_outlier(X)[n:].mean() >= 0.8


@pytest.mark.parametrize("family", ["gaussian", "student_t"])
@pytest.mark.parametrize(("D", "level"), [(1, 0.001), (2, 0.01), (5, 0.001)])
def test_the_share_of_clean_rows_called_outliers_is_about_the_level(
    family: str, D: int, level: float
) -> None:
    false = rows = 0
    for seed in range(4):
        X = blobs(900, D, 3, seed=seed, apart=30.0)
        model = VariationalMixture(3, family=family, random_state=0, mean_precision_prior=1e-6)
        model.fit(X)
        new = blobs(30_000, D, 3, seed=100 + seed, apart=30.0)
        false, rows = false + int(model.is_outlier(new, level=level).sum()), rows + len(new)
    assert 0.6 * level < false / rows < 1.6 * level


def test_overlapping_groups_have_fewer_false_alarms_than_the_level() -> None:
    model = student().fit(usage(2000))
    X, _ = VariationalMixture(random_state=0).fit(usage(2000)).sample(50_000)
    assert 0 < model.is_outlier(X, level=0.01).mean() < 0.012


def test_the_core_of_a_heavy_group_is_narrower_than_its_rows() -> None:
    rng = np.random.default_rng(3)
    core, far = rng.normal(size=(950, 2)), 40 * rng.normal(size=(50, 2))
    model = student(1).fit(np.concatenate([core, far]))
    within = model.covariances_[0] * model.core_scales_[0]
    np.testing.assert_allclose(within, np.eye(2), atol=0.15)
    told = model.is_outlier(np.concatenate([core, far]))
    assert told[:950].mean() < 0.01
    assert told[950:].mean() > 0.95


def test_the_score_of_a_gaussian_group_is_the_tail_of_an_f_distribution() -> None:
    X = blobs(200, 3, 1, seed=1)
    model = VariationalMixture(1, mean_precision_prior=1e-3).fit(X)
    dof = model.dof_[0] - 2
    scale = (model.scales_[0] + model.dof_[0] * model.mean_covariances_[0]) / dof
    away = X - model.means_[0]
    square = np.einsum("ni,ij,nj->n", away, np.linalg.inv(scale), away)
    expected = -np.log10(f(3, dof).sf(square / 3))
    np.testing.assert_allclose(model.outlier_scores(X), expected, rtol=1e-9)
    np.testing.assert_array_equal(model.is_outlier(X, level=0.05), expected > -np.log10(0.05))


@pytest.mark.parametrize("family", ["gaussian", "student_t"])
def test_scores_rise_with_the_distance_and_end_at_300(family: str) -> None:
    model = VariationalMixture(family=family, random_state=0).fit(usage(800))
    line = 20 + np.outer([0, 3, 6, 10, 100, 1e6], [1.0, -1.0])
    scores = model.outlier_scores(line)
    assert (np.diff(scores) >= 0).all()
    assert scores[0] < 1 < 3 < scores[3]
    assert scores[-1] == pytest.approx(300)


def test_a_wide_group_beside_others_is_a_group_also_under_heavy_tails() -> None:
    rng = np.random.default_rng(0)
    narrow = blobs(900, 2, 2, seed=1)
    wide = rng.normal(size=(80, 2)) * 8 + [60, 60]
    X = np.concatenate([narrow, wide])
    model = student().fit(X)
    assert model.n_groups_ == 3
    assert model.notes_ == []
    assert not model.is_outlier(wide).any()


def test_a_group_of_a_level_that_is_none_is_refused() -> None:
    model = student(2).fit(heavy(100, 2, 2, tail=20.0))
    for level in (0.0, 1.0, 2.0):
        with pytest.raises(ValueError, match="level must lie between 0 and 1"):
            model.is_outlier(np.zeros((1, 2)), level=level)


def test_rows_very_far_away_still_have_a_group() -> None:
    model = student().fit(with_outliers(800, 0))
    far: Array = np.array([[1e6, -1e6], [1e12, 1e12]])
    assert set(model.predict(far)) <= {0, 1, 2, 3}
    assert model.is_outlier(far).all()
    np.testing.assert_allclose(model.predict_proba(far).sum(axis=1), 1)
    assert np.isfinite(model.score_samples(far)).all()
