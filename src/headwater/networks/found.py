"""What the groups of the current inference and of the one before are like, for the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headwater.learning.models import Fit, FitStatus

if TYPE_CHECKING:
    from headwater.networks.models import BayesianNetwork


def runs_found(network: BayesianNetwork) -> list[dict[str, Any]]:
    """Return the current inference and the one before it, each with its groups, if it has some."""
    current = network.current_fit
    if current is None:
        return []
    before = (
        network.fits.filter(status=FitStatus.SUCCEEDED, pk__lt=current.pk).defer("artifact").first()
    )
    named = [(current, "Current inference"), (before, "Previous inference")]
    return [
        _run(fit, title) for fit, title in named if fit is not None and fit.summary.get("groups")
    ]


def _run(fit: Fit, title: str) -> dict[str, Any]:
    groups = fit.summary["groups"]
    columns = list(groups[0]["columns"])
    return {
        "title": f"{title}: run {fit.pk}, {len(groups)} groups, bound {_told(fit)}",
        "columns": columns,
        "groups": [
            {
                "letter": group["letter"],
                "size": group["size"],
                "means": [_mean(group["columns"][name]) for name in columns],
            }
            for group in groups
        ],
    }


def _told(fit: Fit) -> str:
    bound = fit.scores.get("objective")
    return "not told" if bound is None else f"{bound:,.2f}"


def _mean(column: dict[str, Any]) -> str:
    mean = column.get("mean")
    if mean is not None:
        return f"{mean:,.4g} ± {column['std']:,.3g}"
    return ", ".join(f"{value} {share:.0%}" for value, share in column.get("top", [])[:3])
