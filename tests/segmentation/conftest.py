"""Fixtures of the tests of segments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from headwater.learning.models import Fit
from tests.segmentation.rows import person


@pytest.fixture
def run_sample(db: None) -> Callable[[str], Fit]:
    """Return a function that opens a sample and runs what is suggested for it."""
    from headwater.learning.models import StatisticalModel
    from headwater.sources.models import Source
    from headwater.sources.open_sample import open_sample
    from headwater.sources.samples.catalog import SAMPLES

    def run(key: str) -> Fit:
        sample = SAMPLES[key]
        dataset = open_sample(key, person())
        source = Source.objects.create(
            dataset=dataset,
            columns=sample.features,
            name_column=next(iter(sample.names_of("name")), ""),
        )
        model = StatisticalModel.objects.create(
            name=key,
            technique=sample.technique,
            parameters=dict(sample.parameters),
            encoding=dict(sample.encoding),
            source=source,
            owner=dataset.owner,
        )
        fit = model.perform_inference()
        assert fit.status == "succeeded", fit.error
        return fit

    return run
