"""What a run found, in the words of the room “Segments”."""

from __future__ import annotations

from headwater.console.state import found
from headwater.console.words import counted
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import Fit

LEAVES_OUT = ("dbscan", "hdbscan")
"""Techniques whose score is the share of the rows that are in a group."""


def found_in_room(fit: Fit) -> str:
    """Return “3 segments”, “2 segments, 3 rows outside” or what else ``fit`` found.

    Only what is kept beside the summary is read, so that a list needs no summaries.
    """
    technique = TECHNIQUES.get(fit.technique)
    if technique is None or technique.family != "clustering" or fit.n_groups is None:
        return found(fit)
    words = counted(fit.n_groups, "segment")
    inside = (fit.scores or {}).get("objective")
    if fit.technique in LEAVES_OUT and isinstance(inside, (int, float)) and fit.n_rows:
        outside = round((1 - inside) * fit.n_rows)
        return f"{words}, {counted(outside, 'row')} outside" if outside else words
    return words
