"""profile_groups, scatter: what the groups look like, in the columns' own units, ready for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.matching import position_of
from headwater.engines.scales import Floats, mean_and_spread, signed_log
from headwater.engines.table import Matrix, Table

TOP_VALUES = 5
"""Categories shown of a categorical column."""
BINS = 40
"""Bars of a histogram."""
ELLIPSE_DEVIATIONS = 2.0
"""Standard deviations from the centre of a group's ellipse to its edge."""


def profile_groups(
    table: Table,
    labels: NDArray[Any],
    letters: Sequence[str],
    *,
    outside: NDArray[np.bool_] | None = None,
) -> list[dict[str, Any]]:
    """Return one dict for each group, A first; rows that lie ``outside`` (n,) are only counted.
    Rows with the label -1 are in no group.

    Each has ``letter``, ``index`` (the estimator's group), ``size``, ``share`` and ``columns``:
    name -> ``mean``, ``std`` (of the population), ``minimum``, ``maximum`` and ``n_missing`` of a
    numeric or boolean column, in its own units, over the values that are there (None where there
    is none); ``top`` ([value, share] of the most frequent) and ``n_missing`` of a categorical one.
    """
    order = np.argsort(labels, kind="stable")
    edges = np.searchsorted(labels[order], np.arange(len(letters) + 1))
    groups = []
    for index in sorted(range(len(letters)), key=lambda group: position_of(letters[group])):
        rows = order[edges[index] : edges[index + 1]]
        size = len(rows)
        if outside is not None and not outside[rows].all():
            rows = rows[~outside[rows]]
        groups.append(
            {
                "letter": letters[index],
                "index": index,
                "size": size,
                "share": size / max(len(table), 1),
                "columns": {
                    name: _categories(values[rows])
                    if table.kinds[name] == "categorical"
                    else _numbers(values[rows])
                    for name, values in table.columns.items()
                },
            }
        )
    return groups


def scatter(
    table: Table,
    labels: NDArray[Any],
    letters: Sequence[str],
    *,
    matrix: Matrix | None = None,
    log: Collection[str] = (),
    limit: int = 2000,
    seed: int = 0,
    outside: NDArray[np.bool_] | None = None,
) -> dict[str, Any]:
    """Return what a picture of the groups draws; an ellipse leaves rows ``outside`` (n,) out.

    Two numeric columns: ``kind`` “scatter”, ``axes`` “columns”, in their own units (signed logs
    for those in ``log``). More: the first two principal axes (``axes`` “principal”) of ``matrix``,
    the encoded table, or of the standardised numeric columns where it is not given, with
    ``explained``, the share of the variance along each, and ``loadings``, name -> [along x, along
    y]. A scatter has ``x`` and ``y`` (names of the axes), ``letters`` by group index, ``points``
    ([x, y, group index, id]; at most ``limit``, with some of every group) and ``ellipses``, for
    each group ``letter``, ``index``, ``centre``, ``axes`` (half lengths: 2 standard deviations)
    and ``angle`` (of the longer axis, in degrees from x). Rows in no group have the index -1, and
    no ellipse.

    One numeric column: ``kind`` “histogram”, ``x``, ``edges``, ``counts`` for each group index and
    ``outside``, the counts of rows in no group (None where there are none).
    Nothing to draw: ``kind`` “none”.
    """
    known = {
        name: _on_scale(values, name in log)
        for name, values in table.columns.items()
        if table.kinds[name] != "categorical"
    }
    only_numbers = len(known) == len(table.columns)
    names = [f"log(1 + {name})" if name in log else name for name in known]
    picture: dict[str, Any]
    if not len(table) or (not known and matrix is None):
        return {"kind": "none", "letters": list(letters)}
    if len(known) == 1 and (only_numbers or matrix is None):
        return _histogram(names[0], next(iter(known.values())), labels, letters)
    if len(known) == 2 and (only_numbers or matrix is None):
        plane = np.column_stack(list(known.values()))
        picture = {"x": names[0], "y": names[1], "axes": "columns", "explained": None}
    else:
        X = np.column_stack([_standard(x) for x in known.values()]) if matrix is None else matrix.X
        plane, explained, loadings = project(X)
        picture = {
            "x": "first principal axis",
            "y": "second principal axis",
            "axes": "principal",
            "explained": explained,
            "loadings": dict(
                zip(names if matrix is None else matrix.names, loadings.tolist(), strict=True)
            ),
        }
    rows = _sample(labels, len(letters), limit, seed)
    inside = np.ones(len(labels), dtype=np.bool_) if outside is None else ~outside
    return {
        "kind": "scatter",
        **picture,
        "letters": list(letters),
        "points": [
            [x, y, group, key]
            for (x, y), group, key in zip(
                plane[rows].tolist(), labels[rows].tolist(), table.ids[rows].tolist(), strict=True
            )
            if np.isfinite(x + y)
        ],
        "ellipses": [
            _ellipse(plane[(labels == index) & inside], letter, index)
            for index, letter in enumerate(letters)
        ],
    }


def project(X: Floats) -> tuple[Floats, list[float], Floats]:
    """Return the (n, 2) rows on the first two principal axes, the share of the variance that each
    explains, and the (d, 2) loadings; the greatest loading of an axis is positive."""
    centred = X - X.mean(axis=0)
    largest = float(np.abs(centred).max()) or 1.0
    values, vectors = np.linalg.eigh((centred / largest).T @ (centred / largest))
    loadings = vectors[:, ::-1][:, :2]
    if loadings.shape[1] < 2:
        loadings = np.column_stack([loadings, np.zeros(len(loadings))])
    signs = np.sign(loadings[np.abs(loadings).argmax(axis=0), [0, 1]])
    loadings = loadings * np.where(signs == 0, 1.0, signs)
    explained = np.clip(np.append(values[::-1][:2], 0.0)[:2], 0, None) / (values.sum() or 1.0)
    return centred @ loadings, explained.tolist(), loadings


def _numbers(values: NDArray[Any]) -> dict[str, Any]:
    """Return the figures of one group's numbers."""
    known = values[~np.isnan(values)].astype(np.float64)
    n_missing = len(values) - len(known)
    if not len(known):
        empty = dict.fromkeys(("mean", "std", "minimum", "maximum"))
        return {**empty, "n_missing": n_missing}
    mean, spread = mean_and_spread(known)
    return {
        "mean": mean,
        "std": spread,
        "minimum": float(known.min()),
        "maximum": float(known.max()),
        "n_missing": n_missing,
    }


def _categories(values: NDArray[Any]) -> dict[str, Any]:
    """Return the most frequent of one group's categories."""
    counts = Counter(str(value) for value in values if value is not None and value == value)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "top": [[value, count / len(values)] for value, count in ranked[:TOP_VALUES]],
        "n_missing": len(values) - counts.total(),
    }


def _on_scale(values: NDArray[Any], log: bool) -> Floats:
    """Return a column as it is drawn: logs taken, missing values at the mean."""
    numbers = values.astype(np.float64)
    scaled = signed_log(numbers) if log else numbers
    missing = np.isnan(scaled)
    if missing.all():
        return np.zeros(len(scaled))
    return np.where(missing, scaled[~missing].mean(), scaled) if missing.any() else scaled


def _standard(x: Floats) -> Floats:
    mean, spread = mean_and_spread(x)
    return (x - mean) / (spread or 1.0)


def _histogram(
    name: str, x: Floats, labels: NDArray[Any], letters: Sequence[str]
) -> dict[str, Any]:
    edges = np.histogram_bin_edges(x, bins=BINS)
    counts = [
        np.histogram(x[labels == index], bins=edges)[0].tolist()
        for index in range(-1, len(letters))
    ]
    return {
        "kind": "histogram",
        "x": name,
        "letters": list(letters),
        "edges": edges.tolist(),
        "counts": counts[1:],
        "outside": counts[0] if any(counts[0]) else None,
    }


def _sample(labels: NDArray[Any], n_groups: int, limit: int, seed: int) -> NDArray[np.int64]:
    """Return at most ``limit`` rows, in order: a quarter shared out evenly, the rest by size."""
    if len(labels) <= limit:
        return np.arange(len(labels))
    rows = np.random.default_rng(seed).permutation(len(labels))
    groups = labels[rows]
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(-1, n_groups))
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = np.arange(len(rows)) - starts[groups[order] + 1]
    kinds = n_groups + int((labels < 0).any())
    even = rank < limit // (4 * max(kinds, 1))
    chosen = np.concatenate([rows[even], rows[~even][: limit - int(even.sum())]])
    return np.sort(chosen)


def _ellipse(plane: Floats, letter: str, index: int) -> dict[str, Any]:
    """Return the ellipse of one group's rows (n, 2) on the plane."""
    if not len(plane):
        return {"letter": letter, "index": index, "centre": None, "axes": [0.0, 0.0], "angle": 0.0}
    centre = plane.mean(axis=0)
    differences = plane - centre
    largest = float(np.abs(differences).max()) or 1.0
    shares = differences / largest
    values, vectors = np.linalg.eigh(shares.T @ shares / len(plane))
    lengths = ELLIPSE_DEVIATIONS * largest * np.sqrt(np.clip(values[::-1], 0, None))
    major = vectors[:, 1]
    return {
        "letter": letter,
        "index": index,
        "centre": centre.tolist(),
        "axes": lengths.tolist(),
        "angle": float(np.degrees(np.arctan2(major[1], major[0]))) % 180.0,
    }
