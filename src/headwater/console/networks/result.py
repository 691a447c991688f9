"""What a fit of a network learned of each node, ready to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from headwater.console.charts.bars import bars_chart
from headwater.console.charts.chart import Chart
from headwater.console.charts.density import density_chart
from headwater.console.dates import Dates, as_date
from headwater.console.words import NOTHING, near, percent
from headwater.engines.network.node_types import NODE_TYPES
from headwater.learning.models import Fit

LEVEL = 0.95
"""Of credible intervals, where a fit does not say."""
PARTS = 4
"""A node whose numbers have so many last places at most gets a picture for each of them."""
SHORT = 3
"""Nodes that are told in one line, at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a node."""

    label: str
    group: str
    """Letter of the group that the number is of; empty where it is of none."""
    mean: str
    deviation: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class NodeResult:
    """One node: its pictures and its numbers."""

    name: str
    type: str
    label: str
    role: str
    plates: str
    """“× 10”; empty where it is not repeated."""
    entries: list[Entry]
    charts: list[Chart]
    level: str
    """“95 %”."""
    more: int
    """Numbers that are not listed."""

    @property
    def single(self) -> Entry | None:
        """The only number, where there is but one."""
        return self.entries[0] if len(self.entries) == 1 and not self.more else None

    @property
    def chart_place(self) -> str:
        """How wide each picture is drawn."""
        return "hw-two-thirds" if len(self.charts) == 1 and self.single else "hw-half"


@dataclass(frozen=True, slots=True)
class NetworkResult:
    """All that is told of a network besides its groups."""

    engine: str
    why: str
    nodes: list[NodeResult]
    silent: list[str]
    """Sentences on nodes of which nothing is listed."""
    typical: str
    """“Typical values of avg1 lie between 0.0 and 19.9 …”; empty where there is none."""

    @property
    def names(self) -> list[str]:
        """The nodes that have a section."""
        return [node.name for node in self.nodes]


def network_result(fit: Fit, *, name: str, dates: Dates) -> NetworkResult | None:
    """Return what ``fit`` learned of its nodes; None for a fit of something else."""
    told = (fit.summary or {}).get("network")
    if not told:
        return None
    nodes, silent = [], []
    for node in told.get("nodes", []):
        if node.get("entries"):
            nodes.append(_node(node, name))
        elif not node.get("is_observed"):
            silent.append(_silence(node))
    return NetworkResult(
        engine=str(told.get("engine", "")),
        why=_why(str(told.get("engine", "")), str(told.get("why", ""))),
        nodes=nodes,
        silent=silent,
        typical=typical_sentence(told.get("predictive"), dates),
    )


def _why(engine: str, why: str) -> str:
    """Return why the engine was taken; the reason against the kernel needs its first half."""
    if engine != "BayesPy" or not why or why.startswith("BayesPy"):
        return why
    return f"BayesPy infers every network that is not a plain mixture of Gaussians. Here: {why}"


def typical_sentence(predictive: dict[str, Any] | None, dates: Dates) -> str:
    """Return where most values of the one metric lie; empty where the fit does not say."""
    if not predictive:
        return ""
    mean, deviation = float(predictive["mean"]), float(predictive["deviation"])
    low, high = mean - 2 * deviation, mean + 2 * deviation
    column = predictive.get("column") or predictive.get("node")
    date = dates.get(str(column))
    ends = [
        as_date(end, date, with_time=True) if date else near(end, deviation) for end in (low, high)
    ]
    return (
        f"Typical values of {column} lie between {ends[0]} and {ends[1]}; "
        "a value outside is atypical."
    )


def in_short(fit: Fit) -> str:
    """Return “mu 9.81 ± 0.36, tau 0.039 ± 0.004” for the nodes that are one number."""
    told = (fit.summary or {}).get("network") or {}
    words = []
    for node in told.get("nodes", []):
        entries = node.get("entries") or []
        if len(entries) == 1 and node.get("n_entries", 1) == 1 and entries[0]["mean"] is not None:
            mean, deviation = entries[0]["mean"], entries[0].get("deviation") or 0.0
            text = near(mean, deviation)
            words.append(
                f"{node['name']} {text} ± {near(deviation, deviation)}"
                if deviation
                else f"{node['name']} {text}"
            )
    return ", ".join(words[:SHORT]) + (" …" if len(words) > SHORT else "")


def _silence(node: dict[str, Any]) -> str:
    if node.get("plates"):
        return f"“{node['name']}” has a value for each row, which is not listed here."
    return f"Of “{node['name']}” there are no numbers to list."


def _node(node: dict[str, Any], name: str) -> NodeResult:
    entries = node["entries"]
    known = NODE_TYPES.get(node.get("type", ""))
    level = float(entries[0].get("level") or LEVEL)
    plates = node.get("plates") or []
    shares = bool(node.get("bars"))
    return NodeResult(
        name=node["name"],
        type=node.get("type", ""),
        label=known.label if known else node.get("type", ""),
        role=node.get("role", ""),
        plates=f"× {' × '.join(f'{side:,}' for side in plates)}" if plates else "",
        entries=[_entry(entry, shares=shares) for entry in entries],
        charts=list(_charts(node, level, name)),
        level=percent(level).replace("%", " %"),
        more=max(0, int(node.get("n_entries") or 0) - len(entries)),
    )


def _entry(entry: dict[str, Any], *, shares: bool) -> Entry:
    deviation = entry.get("deviation")
    ends = [entry.get("low"), entry.get("high")]
    spread = float(deviation or 0.0)

    def told(value: float | None) -> str:
        if value is None:
            return NOTHING
        return percent(value) if shares and not spread else near(value, spread)

    return Entry(
        label=entry["label"],
        group=entry.get("group") or "",
        mean=told(entry.get("mean")),
        deviation=near(deviation, spread),
        low=told(ends[0]),
        high=told(ends[1]),
    )


def _charts(node: dict[str, Any], level: float, name: str) -> Sequence[Chart]:
    node_name = node["name"]
    curves = node.get("curves") or []
    if len(curves) == 1 or (curves and not node.get("bars")):
        parts = _parts(curves)
        return [
            density_chart(
                [_named(curve) for curve in part],
                node=node_name if len(parts) == 1 else f"{node_name}[…, {place}]",
                key=f"node-{node_name}{f'-{place}' if len(parts) > 1 else ''}",
                level=level,
                name=name,
            )
            for place, part in parts.items()
        ]
    bars = [_named(bar) for bar in node.get("bars") or [] if bar["mean"] is not None]
    if bars:
        key = f"node-{node_name}"
        return [bars_chart(bars, node=node_name, key=key, level=level, name=name)]
    return []


def _named(drawn: dict[str, Any]) -> dict[str, Any]:
    """Return what is drawn with the group in its name: “mu[3, 1] of A”."""
    group = drawn.get("group")
    return {**drawn, "label": f"{drawn['label']} of {group}"} if group else drawn


def _parts(curves: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the curves by their last place: those of “mu[3, 1]” and “mu[7, 1]” go together.

    All together where they have one place only, or where that would make too many pictures.
    """
    parts: dict[str, list[dict[str, Any]]] = {}
    for curve in curves:
        before, comma, last = str(curve["label"]).rstrip("]").rpartition(", ")
        parts.setdefault(last if comma and before else "", []).append(curve)
    return parts if "" not in parts and 1 < len(parts) <= PARTS else {"": list(curves)}
