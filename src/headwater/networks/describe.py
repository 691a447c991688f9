"""Describe: what was inferred of each node, as figures and curves that a page can draw."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.encoding import Encoder
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.node_types import NODE_TYPES
from headwater.engines.network.posterior import NodePosterior, Posterior
from headwater.engines.network.predictive import of_one_metric
from headwater.networks.validate import graph_interval

LEVEL = 0.95
"""Probability of a credible interval."""
ENTRIES = 50
"""Numbers of one node that are told, at most."""
CURVES = 12
"""Densities of one node that are drawn, at most."""
POINTS = 161
"""Points of one density."""
_TAIL = 0.001
"""Probability left out at either end of a density, where no interval is given."""
_BARS = ("dirichlet", "categorical", "beta", "bernoulli")
"""Moments that are shares or probabilities."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Components:
    """The components of a mixture."""

    n: int
    letters: Mapping[int, str]
    """Those that hold rows -> the letter of their group."""


def describe_posterior(
    posterior: Posterior,
    *,
    intervals: Mapping[str, str],
    components: Components | None = None,
) -> list[dict[str, Any]]:
    """Return one dict for each node, in the order of the definition, ready for JSON.

    Each has ``name``, ``type``, ``role`` (in plain words), ``plates``, ``dims``, ``is_observed``,
    ``n_entries`` (how many numbers it has), ``entries`` (``label``, ``group``, ``mean``,
    ``deviation``, ``low``, ``high``, ``level``; at most ENTRIES), ``curves`` (``label``, ``group``,
    ``x``, ``y``, ``mean``, ``low``, ``high``), ``bars`` (shares and probabilities) and
    ``interval``, from where to where curves are drawn: as ``intervals`` (name -> “low, high”) says,
    or where the probability lies. ``group`` is the letter of the component that a number is of.

    Nothing is told of nodes that have a value for each of many rows. Of ``components`` those
    without rows are left out of nodes that have one value for each.
    """
    return [
        _node(
            posterior[node.name],
            interval=graph_interval(intervals.get(node.name, "")),
            is_told=not (node.is_observed or _is_per_row(posterior, posterior[node.name])),
            components=components,
        )
        for node in posterior.definition.nodes
    ]


def _node(
    node: NodePosterior,
    *,
    interval: tuple[float, float] | None,
    is_told: bool,
    components: Components | None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": node.name,
        "type": node.type,
        "role": NODE_TYPES[node.type].summary,
        "plates": list(node.plates),
        "dims": [list(shape) for shape in node.dims],
        "is_observed": node.observed,
        "n_entries": 0,
        "entries": [],
        "curves": [],
        "bars": [],
        "interval": None if interval is None else list(interval),
    }
    if not is_told:
        return told
    try:
        mean = node.mean
        deviation = _deviation(node, mean)
    except NetworkError:  # moments without a mean of their own
        return told
    shape = (*node.plates, *mean.shape[len(node.plates) :])
    mean, deviation = np.broadcast_to(mean, shape), np.broadcast_to(deviation, shape)
    square = node.form == "wishart"
    distribution, low, high = _marginals(node, shape[:-1] if square else shape)
    if square:  # of a matrix, the numbers on its diagonal: each has a distribution of its own
        mean, deviation = (np.diagonal(m, axis1=-2, axis2=-1) for m in (mean, deviation))
    told["n_entries"] = int(mean.size)
    places = list(_places(mean.shape, components))
    told["entries"] = [
        {
            "label": _label(node.name, (*place, place[-1]) if square else place),
            "group": _group(place, mean.shape, components),
            "mean": _finite(mean[place]),
            "deviation": _finite(deviation[place]),
            "low": None if low is None else _finite(low[place]),
            "high": None if high is None else _finite(high[place]),
            "level": LEVEL,
        }
        for place in places
    ]
    if node.form in _BARS:
        told["bars"] = [
            {name: entry[name] for name in ("label", "group", "mean", "low", "high")}
            for entry in told["entries"]
        ]
    if distribution is not None and node.form not in ("dirichlet", "categorical"):
        _draw(told, distribution, places[:CURVES], mean.shape, interval)
    return told


def _is_per_row(posterior: Posterior, node: NodePosterior) -> bool:
    lengths = set(posterior.rows.values())
    return any(side in lengths and side > ENTRIES for side in node.plates)


def _deviation(node: NodePosterior, mean: Array) -> Array:
    try:
        return node.standard_deviation
    except NetworkError:
        return np.full(mean.shape, math.nan)


def _marginals(node: NodePosterior, shape: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """Return the distribution of each number, and the ends of its credible interval, or Nones."""
    try:
        distribution = node.marginal()
        low, high = (np.broadcast_to(end, shape) for end in distribution.interval(LEVEL))
    except (NetworkError, TypeError, ValueError):
        return None, None, None
    return distribution, low, high


def _places(shape: tuple[int, ...], components: Components | None) -> list[tuple[int, ...]]:
    """Return at most ENTRIES indices, without those of components that hold no rows."""
    places = np.ndindex(*shape)
    if components is not None and shape and shape[0] == components.n:
        return list(islice((place for place in places if place[0] in components.letters), ENTRIES))
    return list(islice(places, ENTRIES))


def _draw(
    told: dict[str, Any],
    distribution: Any,
    places: list[tuple[int, ...]],
    shape: tuple[int, ...],
    interval: tuple[float, float] | None,
) -> None:
    """Add the densities at ``places``, and from where to where they are drawn."""
    if not hasattr(distribution.dist, "pdf") or not places:
        return
    with np.errstate(all="ignore"):
        ends = [np.broadcast_to(distribution.ppf(q), shape) for q in (_TAIL, 1 - _TAIL)]
    if interval is None:
        lows, highs = ([float(end[place]) for place in places] for end in ends)
        interval = min(lows), max(highs)
    if not (math.isfinite(interval[0]) and math.isfinite(interval[1])):
        return
    if interval[0] == interval[1]:
        return
    told["interval"] = list(interval)
    x = np.linspace(*interval, POINTS)
    along = x.reshape(-1, *(1 for _ in shape))
    with np.errstate(all="ignore"):
        density = np.broadcast_to(distribution.pdf(along), (POINTS, *shape))
    entries = told["entries"]
    for number, place in enumerate(places):
        y = density.reshape(POINTS, -1)[:, int(np.ravel_multi_index(place, shape))]
        if np.isfinite(y).all():
            told["curves"].append(
                {
                    "label": entries[number]["label"],
                    "x": [float(f"{value:.6g}") for value in x],
                    "y": [float(f"{value:.6g}") for value in y],
                    **{name: entries[number][name] for name in ("group", "mean", "low", "high")},
                }
            )


def _label(name: str, place: tuple[int, ...]) -> str:
    """Return “mu”, or “mu[3, 1]”: places count from 0, as in code."""
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def _group(
    place: tuple[int, ...], shape: tuple[int, ...], components: Components | None
) -> str | None:
    if components is None or not shape or shape[0] != components.n:
        return None
    return components.letters.get(place[0])


def _finite(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def predictive_of(
    posterior: Posterior, encoder: Encoder, *, functions: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return ``node``, ``column``, ``mean`` and ``deviation`` of the next value, in its own units.

    None where the network is not of one observed metric, where its spread is infinite, and on a
    log scale, on which an interval of the metric is none of its logs.
    """
    found = of_one_metric(posterior, functions=functions)
    if found is None or not np.isfinite(found.standard_deviation):
        return None
    (column,) = encoder.names_
    if column in encoder.log:
        return None
    offset, scale = encoder.offset_[column], encoder.scale_[column]
    return {
        "node": found.node,
        "column": column,
        "mean": float(found.mean) * scale + offset,
        "deviation": float(found.standard_deviation) * scale,
    }
