"""Describe: the few directions in which the rows differ most, to be kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from headwater.conf import settings
from headwater.engines.artifact import Pipeline, pack
from headwater.engines.catalog import Technique
from headwater.engines.encoding import Encoder
from headwater.engines.segments.components import suggest_components
from headwater.engines.table import Matrix, Table
from headwater.learning.describe import Learned, scores_of, trace_of
from headwater.learning.describe_groups import names_of
from headwater.learning.models import Fit
from headwater.sources.models import Source


def describe_decomposition(
    fit: Fit,
    technique: Technique,
    table: Table,
    matrix: Matrix,
    encoder: Encoder,
    estimator: Any,
    source: Source,
) -> Learned:
    """Return what is kept of the components that ``estimator`` found; nobody gets a label.

    ``summary["decomposition"]``: ``explained`` (share of the variance along each component),
    ``cumulative``, ``spectrum`` (the shares along all directions), ``suggested`` (how many are
    worth keeping, see ``engines.segments``), ``loadings`` (encoded column -> one for each
    component) and ``points`` ([coordinates, id] of some rows). ``summary["names"]``: theirs.
    """
    spectrum = np.asarray(estimator.spectrum_).tolist()
    explained = np.asarray(estimator.explained_variance_ratio_)
    rows = _some(len(table), settings().SCATTER_POINTS)
    points = estimator.transform(matrix.X[rows])
    ids = table.ids[rows].tolist()
    pipeline = Pipeline(fit.technique, encoder, estimator, (), tuple(table.columns))
    return Learned(
        ids=table.ids,
        labels=None,
        members=None,
        artifact=pack(pipeline),
        letters=(),
        scores=scores_of(fit, technique, estimator),
        trace=trace_of(estimator),
        summary={
            "columns": encoder.report_,
            "notes": [*encoder.notes(), *estimator.notes_],
            "decomposition": {
                "explained": explained.tolist(),
                "cumulative": np.cumsum(explained).tolist(),
                "spectrum": spectrum,
                "suggested": suggest_components(spectrum).as_json(),
                "loadings": dict(
                    zip(matrix.names, np.asarray(estimator.components_).T.tolist(), strict=True)
                ),
                "points": [[at, key] for at, key in zip(points.tolist(), ids, strict=True)],
            },
            "names": names_of(source, ids),
        },
    )


def _some(n: int, limit: int, *, seed: int = 0) -> Any:
    """Return at most ``limit`` of ``n`` rows, in order, drawn without choice."""
    if n <= limit:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, limit, replace=False))
