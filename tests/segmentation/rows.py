"""Rows to group: datasets of a person, and analyses of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model

from headwater.learning.models import StatisticalModel
from headwater.sources.models import Dataset, DatasetVersion, Source

SPICES = {
    "name": ["Chilli", "Pepper", "Ginger", "Cinnamon", "Nutmeg", "Vanilla", "Mint", "Basil"],
    "heat": [9.0, 7.0, 6.0, 2.0, 2.5, 0.5, 1.0, 0.8],
    "sweet": [1.0, 0.8, 2.0, 7.0, 6.0, 9.0, 3.0, 2.5],
    "fresh": [2.0, 1.0, 5.0, 1.0, 0.5, 1.5, 9.0, 8.0],
}


def person(name: str = "ada") -> Any:
    found, _ = get_user_model()._default_manager.get_or_create(username=name)
    return found


def blobs(
    sizes: Sequence[int], *, seed: int = 1, apart: float = 8.0, first_id: int = 1
) -> dict[str, list[Any]]:
    """Return rows around centres that lie ``apart``, with an id and the number of their centre."""
    import numpy as np

    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    X = rng.normal(size=(len(group), 2)) + np.column_stack([group, group % 2]) * apart
    return {
        "customer": list(range(first_id, first_id + len(group))),
        "spent": X[:, 0].tolist(),
        "visits": X[:, 1].tolist(),
        "truth": [f"t{i}" for i in group.tolist()],
    }


ROLES = {"customer": "id", "name": "name", "truth": "label"}


def add_rows(
    dataset: Dataset, values: Mapping[str, Sequence[Any]], roles: Mapping[str, str] | None = None
) -> DatasetVersion:
    """Make ``values`` the next version of ``dataset``."""
    import polars as pl

    from headwater.sources.versions import Rows, add_version, stored

    frame = pl.DataFrame({name: list(column) for name, column in values.items()})
    columns = [
        {
            "name": name,
            "type": "text" if frame[name].dtype == pl.String else "number",
            "role": {**ROLES, **(roles or {})}.get(
                name, "category" if frame[name].dtype == pl.String else "feature"
            ),
        }
        for name in frame.columns
    ]
    with stored(Rows(frame, columns, "rows.csv", 100)) as version:
        return add_version(dataset, version, user=dataset.owner)


def make_dataset(
    values: Mapping[str, Sequence[Any]], *, owner: Any = None, name: str = "Customers", **roles: str
) -> Dataset:
    dataset = Dataset.objects.create(name=name, owner=owner or person())
    add_rows(dataset, values, roles)
    return dataset


def make_analysis(
    dataset: Dataset,
    technique: str = "k_means",
    *,
    columns: Sequence[str] | None = None,
    name: str = "",
    **parameters: Any,
) -> StatisticalModel:
    version = dataset.current
    assert version is not None
    source = Source.objects.create(
        dataset=dataset,
        columns=list(columns or version.features),
        name_column=next(iter(version.names_of("name")), ""),
        known_column=next(iter(version.names_of("label")), ""),
    )
    return StatisticalModel.objects.create(
        name=name or f"{technique} on {dataset} {source.pk}",
        technique=technique,
        parameters=parameters,
        source=source,
        owner=dataset.owner,
    )
