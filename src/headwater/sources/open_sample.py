"""open_sample: a built-in sample as a dataset of one's own."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from headwater.conf import settings
from headwater.sources.models import Dataset
from headwater.sources.samples.catalog import SAMPLES
from headwater.sources.samples.sample import Sample
from headwater.sources.versions import Rows, add_version, stored


class SampleError(ValueError):
    """A sample that there is not, or a size that it cannot have; a sentence."""


def sample_of(dataset: Dataset) -> Sample | None:
    """Return the sample that ``dataset`` was made from, if it was."""
    return SAMPLES.get(dataset.sample.partition(":")[0])


def open_sample(key: str, user: Any, size: int | None = None) -> Dataset:
    """Return the sample as a dataset of ``user``: the one that is there, or a new one.

    ``size`` is the number of rows, for samples of any size; another size is another dataset.
    """
    sample = SAMPLES.get(key)
    if sample is None:
        known = ", ".join(f"“{one}”" for one in SAMPLES)
        raise SampleError(f"There is no sample “{key}”; there are {known}.")
    n_rows = sample.n_rows if size is None else size
    most = settings().DATASET_MAX_ROWS
    if n_rows != sample.n_rows and not sample.any_size:
        raise SampleError(f"“{sample.name}” has {sample.n_rows:,} rows, and no other number.")
    if not 1 <= n_rows <= most:
        raise SampleError(f"The rows asked for were {n_rows:,}; it takes from 1 to {most:,}.")
    known_as = key if n_rows == sample.n_rows else f"{key}:{n_rows}"
    own = Dataset.objects.filter(owner=user, sample=known_as).order_by("pk")
    if found := own.first():
        return found
    name = sample.name if known_as == key else f"{sample.name} ({n_rows:,})"
    frame = sample.frame(n_rows)
    rows = Rows(
        frame=frame,
        columns=[column.as_json() for column in sample.columns],
        file_name=f"{key}.csv",
        n_bytes=int(frame.estimated_size()),
    )
    with stored(rows) as version, transaction.atomic():
        # two clicks at once open one sample
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        if found := own.first():
            version.file.delete(save=False)
            return found
        dataset = Dataset.objects.create(
            name=name, description=sample.description, owner=user, sample=known_as
        )
        add_version(dataset, version, user=user)
    return dataset
