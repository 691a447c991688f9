"""What is kept of a fit, shown raw: without single rows, and without what pictures need."""

from __future__ import annotations

from typing import Any

OF_ROWS = ("scatter", "examples", "names", "tree")
"""Parts of a summary that name single rows."""
EXTREMES = ("minimum", "maximum")
"""Figures of a profile that are those of one row."""


def without_rows(summary: dict[str, Any], reason: str) -> dict[str, Any]:
    """Return ``summary`` without anything that is of a single row; ``reason`` stands there."""
    told: dict[str, Any] = {
        key: reason if key in OF_ROWS else value for key, value in summary.items()
    }
    for key, rows in (("outliers", "sample"), ("outside", "ids")):
        if key in told:
            told[key] = {**told[key], rows: reason}
    if "groups" in told:
        told["groups"] = [_without_extremes(group) for group in told["groups"]]
    if "overall" in told:
        told["overall"] = _without_extremes(told["overall"])
    if "decomposition" in told:
        told["decomposition"] = {**told["decomposition"], "points": reason}
    return told


def without_pictures(summary: dict[str, Any]) -> dict[str, Any]:
    """Return ``summary`` with a word in place of the many numbers that only pictures need."""
    told = dict(summary)
    for key, what in (("scatter", "points"), ("decomposition", "points"), ("tree", "leaves")):
        part = told.get(key)
        if isinstance(part, dict) and isinstance(part.get(what), list):
            told[key] = {**part, what: f"{len(part[what]):,} {what}, see the table of the picture"}
    if isinstance(told.get("tree"), dict):
        told["tree"] = {
            key: value for key, value in told["tree"].items() if key not in ("merges", "letters")
        }
    if isinstance(told.get("names"), dict):
        told["names"] = f"names of {len(told['names']):,} rows"
    if isinstance(told.get("quality"), dict):
        told["quality"] = {
            key: value for key, value in told["quality"].items() if key != "silhouettes"
        }
    for key in ("parallel", "heat"):
        if key in told:
            told[key] = "see the table of the picture"
    if "network" in told:
        told["network"] = _without_curves(told["network"])
    return told


def to_ten_digits(value: Any) -> Any:
    """Return ``value`` with its numbers to ten digits: what lies behind them is rounding."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {key: to_ten_digits(one) for key, one in value.items()}
    if isinstance(value, list):
        return [to_ten_digits(one) for one in value]
    return value


def _without_extremes(profile: dict[str, Any]) -> dict[str, Any]:
    return {
        **profile,
        "columns": {
            name: {key: value for key, value in of.items() if key not in EXTREMES}
            for name, of in profile["columns"].items()
        },
    }


def _without_curves(network: dict[str, Any]) -> dict[str, Any]:
    """Return what a fit tells of a network without the points of its curves."""
    nodes = [
        {
            **node,
            "curves": [
                {**curve, "x": f"{len(curve['x'])} points", "y": "see the table of its chart"}
                for curve in node.get("curves", [])
            ],
        }
        for node in network.get("nodes", [])
    ]
    return {**network, "nodes": nodes}
