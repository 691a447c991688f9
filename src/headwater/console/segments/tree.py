"""The tree of a hierarchical run, and the right to keep another cut of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from headwater.console.charts.segments_dendrogram import Dendrogram, dendrogram
from headwater.console.choices import User
from headwater.console.rights import rights
from headwater.console.segments.shown import Shown
from headwater.learning.models import Fit

DISTANCES = {
    "ward": "Ward: how much joining them adds to the spread within",
    "complete": "complete: between their farthest rows",
    "average": "average: between all their rows on average",
    "single": "single: between their nearest rows",
}


@dataclass(frozen=True, slots=True)
class Keep:
    """Whether the person may make the shown cut the result in use."""

    allowed: bool
    reason: str
    address: str
    back: str
    n: int | None
    """Segments of the run itself."""


def keep_of(fit: Fit, user: User) -> Keep:
    """Return whether ``user`` may keep another cut of ``fit``."""
    right = rights(user, fit.model).run
    return Keep(
        allowed=bool(right),
        reason=right.reason,
        address=reverse("headwater:segmentation-keep", args=[fit.pk]),
        back=reverse("headwater:segmentation", args=[fit.pk]),
        n=fit.n_groups,
    )


def tree_of(shown: Shown) -> Dendrogram | None:
    """Return the drawing of the tree; None without one, and for who may not see rows."""
    tree = shown.summary.get("tree")
    if not tree or not tree.get("merges") or not shown.sees_rows:
        return None
    return dendrogram(
        tree,
        n=max(1, len(shown.groups)),
        names=shown.names,
        linkage=DISTANCES.get(str(shown.fit.parameters.get("linkage", "ward")), "distance"),
        name=shown.file_name,
    )
