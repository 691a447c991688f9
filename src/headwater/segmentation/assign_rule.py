"""How a run gives new rows their segment, in a sentence."""

from __future__ import annotations

from headwater.learning.models import Fit

_RULES = {
    "k_means": "A new row joins the segment with the nearest centre.",
    "variational_mixture": "A new row joins the segment that it most probably comes from.",
    "hierarchical": (
        "A new row joins the segment of the nearest row that was learned from. It is outside of "
        "every segment where it is farther from it than any row of that segment is from the "
        "nearest other one of it."
    ),
    "dbscan": (
        "A new row joins the segment of the nearest row that has enough neighbours, if that is "
        "within the distance of neighbours; else it is outside of every segment."
    ),
    "hdbscan": (
        "A new row joins the segment of the nearest row that was learned from. It is outside of "
        "every segment where that row is, or where it is farther from it than any row of that "
        "segment is from the nearest other one of it."
    ),
}


def rule_of(fit: Fit) -> str:
    """Return how ``fit`` gives new rows their segment."""
    return _RULES.get(fit.technique, "A new row gets the segment that the run gives it.")
