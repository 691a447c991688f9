"""From which radius on a row is in a group: as scikit-learn's DBSCAN has it at every radius."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import DBSCAN

from headwater.engines.segments.outside import outside_radii


@pytest.mark.parametrize("min_samples", [1, 2, 5, 30])
def test_rows_are_outside_at_just_the_radii_at_which_dbscan_leaves_them_out(
    min_samples: int,
) -> None:
    rng = np.random.default_rng(7)
    X = np.vstack(
        [rng.normal(0, 1, (60, 3)), rng.normal(6, 0.5, (30, 3)), rng.normal(3, 4, (9, 3))]
    )

    radii = outside_radii(X, min_samples)

    for eps in np.linspace(0.05, 8, 40):
        outside = DBSCAN(eps=eps, min_samples=min_samples).fit_predict(X) == -1
        np.testing.assert_array_equal(radii > eps, outside)


def test_too_few_rows_are_outside_at_every_radius() -> None:
    assert np.isinf(outside_radii(np.zeros((3, 2)), 4)).all()
    assert (outside_radii(np.zeros((4, 2)), 4) == 0).all()
