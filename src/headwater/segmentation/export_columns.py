"""Results: what a fit found out about each row, by id, as columns of an export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.artifact import ArtifactError, Pipeline, unpack
from headwater.engines.scales import Floats
from headwater.engines.table import Table
from headwater.learning.errors import FitError
from headwater.learning.learn import source_of
from headwater.learning.models import Fit
from headwater.segmentation.fit_rows import members_of, taken
from headwater.segmentation.names import segment_names
from headwater.sources.models import Source

if TYPE_CHECKING:
    import polars

OUTSIDE = "outside"
"""Stands in place of a letter for a row that is in no segment."""
BLOCK = 100_000
"""Rows whose probabilities are computed at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What a fit found out about its rows, to be joined to them by id."""

    source: Source
    ids: NDArray[Any]
    """(n,) sorted."""
    texts: dict[str, NDArray[Any]]
    """column -> (n,) texts."""
    numbers: dict[str, Floats]
    """column -> (n,) numbers; NaN: there is none."""

    def added_to(self, frame: polars.DataFrame, ids: NDArray[Any]) -> polars.DataFrame:
        """Return ``frame`` with the results of the rows with these ids; null where there are none.

        A result is called otherwise where the frame has a column of its name.
        """
        import polars

        at = np.minimum(np.searchsorted(self.ids, ids), max(len(self.ids) - 1, 0))
        known = self.ids[at] == ids if len(self.ids) else np.zeros(len(ids), dtype=np.bool_)
        added = []
        for name, texts in self.texts.items():
            told: NDArray[Any] = np.full(len(ids), None, dtype=object)
            told[known] = texts[at[known]]
            added.append(polars.Series(_free(name, frame), told.tolist(), dtype=polars.String))
        for name, numbers in self.numbers.items():
            values = np.full(len(ids), np.nan)
            values[known] = numbers[at[known]]
            column = polars.Series(_free(name, frame), values, dtype=polars.Float64)
            added.append(column.fill_nan(None))
        return frame.with_columns(added)


def results_of(fit: Fit) -> Results:
    """Return the segments of the rows of ``fit`` with probabilities, or components.

    Raises FitError where that is not kept any more.
    """
    source = source_of(fit.source)
    try:
        pipeline = unpack(fit.artifact or b"", fit.artifact_digest)
    except ArtifactError as error:
        raise FitError(str(error)) from error
    if not pipeline.makes_groups:
        return _components(source, pipeline)
    grouping = members_of(fit).grouping
    order = np.argsort(grouping.ids, kind="stable")
    ids, groups = grouping.ids[order], grouping.labels[order]
    names = segment_names(fit)
    letters = np.array([*grouping.letters, OUTSIDE], dtype=object)
    called = np.array(
        [*(names.get(letter, letter) for letter in grouping.letters), "outside of every segment"],
        dtype=object,
    )
    return Results(
        source,
        ids,
        {"segment": letters[groups], "segment_name": called[groups]},  # -1 leads to the last
        _probabilities(source, pipeline, ids, groups, grouping.letters),
    )


def _components(source: Source, pipeline: Pipeline) -> Results:
    table = source.read()
    coordinates = np.concatenate([pipeline.transform(block) for block in _blocks(table)])
    return Results(
        source,
        table.ids,
        {},
        {f"component_{i + 1}": coordinates[:, i] for i in range(coordinates.shape[1])},
    )


def _probabilities(
    source: Source,
    pipeline: Pipeline,
    ids: NDArray[Any],
    groups: NDArray[np.int64],
    letters: tuple[str, ...],
) -> dict[str, Floats]:
    """Return the probabilities of the rows with ``ids``, NaN for those that are gone."""
    if not pipeline.has_probabilities:
        return {}
    table = source.read()
    read = np.concatenate([pipeline.probabilities(block) for block in _blocks(table)])
    _, at, found = np.intersect1d(ids, table.ids, assume_unique=True, return_indices=True)
    P = np.full((len(ids), read.shape[1]), np.nan)
    P[at] = read[found]
    own = np.where(groups >= 0, P[np.arange(len(ids)), groups], np.nan)
    order = sorted(range(len(letters)), key=lambda i: (len(letters[i]), letters[i]))
    return {"probability": own, **{f"probability_{letters[i]}": P[:, i] for i in order}}


def _blocks(table: Table) -> list[Table]:
    return [
        taken(table, np.arange(start, min(start + BLOCK, len(table))))
        for start in range(0, len(table), BLOCK)
    ]


def _free(name: str, frame: polars.DataFrame) -> str:
    while name in frame.columns:
        name = f"headwater_{name}"
    return name
