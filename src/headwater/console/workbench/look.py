"""A quick look at the rows while the page is made: few rows at once, more by a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError, ValidationError

from headwater.console.workbench.chosen import Chosen
from headwater.engines.catalog import ENCODING
from headwater.sources.kinds import ColumnError
from headwater.sources.reach import unviewable

if TYPE_CHECKING:
    from headwater.engines.segments.components import Components
    from headwater.engines.table import Matrix

AT_ONCE = 2_000
"""Rows whose neighbours are looked for while the page is made."""
SCREE_ROWS = 20_000
"""Rows of a dataset that the shares of the components are taken from, a sample above it."""
SEED = 0


@dataclass(frozen=True, slots=True)
class Distances:
    """How far neighbours are, with the rows outside at each radius where that is known."""

    curve: Mapping[str, Any]
    """As ``KDistances.as_json``."""
    outside_from: tuple[float, ...] = ()
    """Radius from which each row is in a group, from least to greatest; empty: not known."""


@dataclass(frozen=True, slots=True)
class Scree:
    """Shares of the variance along each component."""

    shares: tuple[float, ...]
    components: Components
    n: int
    sampled: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a quick look at the rows found."""

    distances: Distances | None = None
    scree: Scree | None = None
    n_columns: int | None = None
    """Columns after the preparation: a category becomes several."""
    sentence: str = ""
    """Why nothing was found."""


def look(chosen: Chosen, technique: str, min_samples: int, user: Any) -> Look:
    """Return what is seen at once of ``chosen`` for ``technique``; nothing for most of them."""
    if technique == "dbscan":
        return _distances(chosen, min_samples, user)
    if technique == "pca":
        return _scree(chosen, user)
    return Look()


def _distances(chosen: Chosen, min_samples: int, user: Any) -> Look:
    if chosen.rows.n_rows > AT_ONCE:
        return Look()
    from headwater.engines.segments.distances import k_distances
    from headwater.engines.segments.outside import outside_radii

    matrix = _matrix(chosen, user)
    if isinstance(matrix, str):
        return Look(sentence=matrix)
    found = k_distances(matrix.X, min_samples)
    radii = outside_radii(matrix.X, min_samples) if found.curve else ()
    return Look(
        distances=Distances(found.as_json(), tuple(sorted(float(radius) for radius in radii))),
        n_columns=matrix.X.shape[1],
    )


def _scree(chosen: Chosen, user: Any) -> Look:
    if chosen.rows.version is None and chosen.rows.n_rows > SCREE_ROWS:
        return Look(
            sentence=f"More than {SCREE_ROWS:,} rows of this project are not read while you wait. "
            "Run it: the result shows how much each component tells."
        )
    from headwater.engines.decomposition.pca import PCA
    from headwater.engines.segments.components import suggest_components

    matrix = _matrix(chosen, user, limit=SCREE_ROWS)
    if isinstance(matrix, str):
        return Look(sentence=matrix)
    n, d = matrix.X.shape
    if n < 2:
        return Look(sentence="There is one row only, so rows cannot differ.")
    try:
        shares = PCA(n_components=1).fit(matrix.X).spectrum_
    except ValueError as error:
        return Look(sentence=str(error))
    known = tuple(float(share) for share in shares)
    sampled = n if n < chosen.rows.n_rows and not chosen.filter else None
    return Look(
        scree=Scree(known, suggest_components(known), chosen.rows.n_rows, sampled), n_columns=d
    )


def _matrix(chosen: Chosen, user: Any, *, limit: int = 0) -> Matrix | str:
    """Return the prepared rows, at most ``limit`` where that is given, or why there are none."""
    from headwater.engines.encoding import Encoder
    from headwater.engines.values import EncodingError
    from headwater.sources.files.errors import FileError
    from headwater.sources.read import ReadError

    source = chosen.source()
    try:
        source.clean()
        if hidden := unviewable(source, user):
            return " ".join(sentence for found in hidden.values() for sentence in found)
        table = source.read()
        if limit and len(table) > limit:
            table = _sampled(table, limit)
        return Encoder(**ENCODING.clean(chosen.encoding)).fit_transform(table)
    except ValidationError as error:
        return " ".join(error.messages)
    except (EncodingError, FileError, ReadError, ColumnError, FieldError) as error:
        return str(error)


def _sampled(table: Any, size: int) -> Any:
    import numpy as np

    from headwater.engines.table import Table

    drawn = np.random.default_rng(SEED).choice(len(table), size=size, replace=False)
    drawn.sort()
    columns = {name: values[drawn] for name, values in table.columns.items()}
    return Table(ids=table.ids[drawn], columns=columns, kinds=table.kinds)
