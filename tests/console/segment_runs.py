"""Runs on the built-in samples, for the tests of the pages of segments."""

from __future__ import annotations

from typing import Any

from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Source
from headwater.sources.open_sample import open_sample
from headwater.sources.samples.catalog import SAMPLES


def run_sample(key: str, owner: Any, *, size: int | None = None, **values: Any) -> Fit:
    """Return the run of ``owner`` on the sample ``key``, as the sample suggests it."""
    sample = SAMPLES[key]
    dataset = open_sample(key, owner, size)
    version = dataset.current
    assert version is not None
    names, known = version.names_of("name"), version.names_of("label")
    source = Source.objects.create(
        dataset=dataset,
        columns=version.features,
        name_column=names[0] if names else "",
        known_column=known[0] if known else "",
    )
    given = {
        "technique": sample.technique,
        "parameters": dict(sample.parameters),
        "encoding": dict(sample.encoding),
        "name": f"{sample.name} {StatisticalModel.objects.count() + 1}",
        "owner": owner,
    }
    model = StatisticalModel.objects.create(source=source, **(given | values))
    fit = model.perform_inference()
    assert fit.status == "succeeded", fit.error
    return fit
