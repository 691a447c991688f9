"""profile: what each column of stored rows holds, in figures that JSON takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headwater.sources.files.convert import as_texts

BINS = 30
"""Bars of a histogram, at most."""
TOP = 10
"""Most frequent values that are listed."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
SKEWED = 2.0
"""Skewness from which a logarithm is suggested."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def profile(frame: pl.DataFrame, columns: Sequence[Mapping[str, str]]) -> dict[str, dict[str, Any]]:
    """Return the figures of each column, by name.

    Every column has ``type``, ``role``, ``n``, ``n_missing``, ``n_distinct`` (missing ones aside)
    and ``top`` ([value as text, count], the most frequent first). Numbers and dates have also
    ``min``, ``max``, ``mean``, ``median``, ``std`` (of the population), ``quantiles``
    ({"0.05": ...}), ``histogram`` ({"edges", "counts"}), ``n_outliers`` (further than 1.5
    interquartile ranges from the middle half), ``skewness`` and ``suggests_log`` (none below zero,
    and a skewness above 2 that a logarithm lessens). Dates are ISO 8601 in ``min``, ``max``,
    ``mean``, ``median`` and ``quantiles``, and days since 1970-01-01 in the edges; their ``std``
    is in days. What cannot be told of no value is None.
    """
    return {
        column["name"]: {
            "type": column["type"],
            "role": column["role"],
            **_figures(frame[column["name"]], column["type"]),
        }
        for column in columns
    }


def _figures(values: pl.Series, type_: str) -> dict[str, Any]:
    known = values.drop_nulls()
    figures: dict[str, Any] = {
        "n": len(values),
        "n_missing": len(values) - len(known),
        "n_distinct": known.n_unique(),
        "top": _top(known),
    }
    if type_ == "number":
        figures |= _numbers(known.cast(pl.Float64).to_numpy())
    elif type_ == "date":
        moments = known.cast(pl.Datetime("us")).cast(pl.Int64) / 86_400_000_000
        figures |= _dates(moments.to_numpy(), only_days=values.dtype == pl.Date)
    return figures


def _top(known: pl.Series) -> list[list[Any]]:
    counts = known.alias("value").value_counts(name="n")
    first = counts.top_k(TOP, by=["n", "value"], reverse=[False, True])
    first = first.sort("n", "value", descending=[True, False])
    return [
        [text, n] for text, n in zip(as_texts(first["value"]), first["n"].to_list(), strict=True)
    ]


def _numbers(x: NDArray[np.float64]) -> dict[str, Any]:
    if not len(x):
        names = ("min", "max", "mean", "median", "std", "skewness", "histogram", "quantiles")
        return {**dict.fromkeys(names), "n_outliers": 0, "suggests_log": False}
    largest = float(np.abs(x).max()) or 1.0
    # squares and differences of the largest and the smallest floats are none
    unit = 1.0 if 1e-150 < largest < 1e150 else largest
    shares = x / unit
    quantiles = np.quantile(shares, QUANTILES)
    low, high = float(quantiles[1]), float(quantiles[3])
    reach = 1.5 * (high - low)
    skewness = _skewness(shares)
    return {
        "min": float(x.min()),
        "max": float(x.max()),
        "mean": float(shares.mean()) * unit,
        "median": float(quantiles[2]) * unit,
        "std": float(shares.std()) * unit,
        "quantiles": {str(q): float(v) * unit for q, v in zip(QUANTILES, quantiles, strict=True)},
        "histogram": _histogram(shares, unit),
        "n_outliers": int(((shares < low - reach) | (shares > high + reach)).sum()),
        "skewness": skewness,
        "suggests_log": _suggests_log(x, skewness),
    }


def _dates(days: NDArray[np.float64], *, only_days: bool) -> dict[str, Any]:
    figures = _numbers(days)
    for name in ("min", "max", "mean", "median"):
        if figures[name] is not None:
            figures[name] = _iso(figures[name], only_days=only_days)
    if figures["quantiles"] is not None:
        figures["quantiles"] = {
            q: _iso(day, only_days=only_days) for q, day in figures["quantiles"].items()
        }
    return {**figures, "suggests_log": False}


def _iso(day: float, *, only_days: bool) -> str:
    moment = _EPOCH + timedelta(days=day)
    if only_days:
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def _histogram(x: NDArray[np.float64], unit: float) -> dict[str, Any]:
    """Return bars of equal width; whole numbers within a short range have one each."""
    low, high = float(x.min()), float(x.max())
    if high - low < BINS and max(-low, high) < 1e15 and bool((x == np.round(x)).all()):
        edges = np.arange(low - 0.5, high + 1.0)
    elif high - low < BINS * np.spacing(max(-low, high)):  # too few floats lie between
        edges = np.array([low, max(high, np.nextafter(low, np.inf))])
    else:
        edges = np.histogram_bin_edges(x, bins=BINS)
    counts, edges = np.histogram(x, bins=edges)
    return {"edges": (edges * unit).tolist(), "counts": counts.tolist()}


def _skewness(x: NDArray[np.float64]) -> float | None:
    """Return the third standardised moment; None where all values are alike."""
    centred = x - x.mean()
    spread = float(np.sqrt((centred**2).mean()))
    if len(x) < 3 or spread <= 1e-12 * float(np.abs(x).max() or 1.0):
        return None
    return float(((centred / spread) ** 3).mean())


def _suggests_log(x: NDArray[np.float64], skewness: float | None) -> bool:
    if skewness is None or skewness <= SKEWED or float(x.min()) < 0:
        return False
    logged = _skewness(np.log1p(x))
    return logged is not None and abs(logged) < skewness
