"""Letters stay with their users when the model is fitted again after new users have come."""

from __future__ import annotations

import numpy as np
import pytest

from headwater.engines.matching import Grouping, match_labels
from headwater.engines.mixture import VariationalMixture
from tests.engines.mixture.draws import usage


def relabelled(n: int, seed: int) -> float:
    """Return the share of ``n`` users whose letter changes when a twentieth more have come."""
    rng = np.random.default_rng(seed)
    everybody = rng.permutation(usage(n + n // 20))
    ids = np.arange(len(everybody))
    before = VariationalMixture(random_state=seed).fit(everybody[:n])
    first = match_labels(None, Grouping(ids[:n], before.labels_, before.means_))
    after = VariationalMixture(random_state=seed + 100).fit(everybody)
    second = match_labels(
        Grouping(ids[:n], before.labels_, before.means_, first.letters),
        Grouping(ids, after.labels_, after.means_),
    )
    assert second.compared == n
    old = np.array(first.letters)[before.labels_]
    new = np.array(second.letters)[after.labels_[:n]]
    assert (old != new).sum() == second.moved
    return second.moved / n


@pytest.mark.parametrize("n", [800, 2_000])
def test_five_per_cent_more_users_relabel_at_most_one_in_a_hundred(n: int) -> None:
    shares = [relabelled(n, seed) for seed in range(8)]
    assert np.mean(shares) <= 0.01
    assert max(shares) <= 0.02  # only users between the two groups that cross
