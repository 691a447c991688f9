"""Cut: the customers' tree as it is looked at, with as many segments as somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.console.charts.segments_dendrogram import Dendrogram
from headwater.console.segments.shown import Shown, shown_of
from headwater.console.segments.tree import tree_of
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.segmentation.cut import is_cuttable, preview_cut
from headwater.segmentation.insight import Insight, insights_of
from headwater.segmentation.quality import quality_sentence
from headwater.segmentation.segment import Segment

OFFERED = 10
"""Numbers of segments that the page offers, at most."""


@dataclass(frozen=True, slots=True)
class SegmentCard:
    """One segment with everything that the page tells of it."""

    segment: Segment
    insight: Insight | None
    customers: tuple[str, ...]
    """By name; of many those that the run keeps for its pictures."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The tree, cut."""

    n: int
    is_kept: bool
    """Whether these are the segments in use."""
    tree: Dendrogram | None
    cards: tuple[SegmentCard, ...]
    quality: str
    offered: tuple[int, ...]
    notes: tuple[str, ...]
    problem: str = ""
    """Why what was asked for is not shown; the segments in use are."""


def cut_of(fit: Fit, user: Any, asked: str = "") -> Cut:
    """Return the segments of ``fit``, or what they would be if there were as many as ``asked``.

    Nothing is learned or kept.
    """
    shown, problem = _shown(fit, user, asked)
    insights = insights_of(shown.fit, shown.segments)
    tree = tree_of(shown)
    members = _members(shown)
    kept = int(fit.n_groups or 0)
    return Cut(
        n=len(shown.segments),
        is_kept=shown.cut is None,
        tree=tree,
        cards=tuple(
            SegmentCard(one, insights.get(one.letter), tuple(members.get(one.letter, ())))
            for one in shown.segments
        ),
        quality=quality_sentence(shown.summary),
        offered=tuple(
            sorted({kept, *[cut.n for cut in tree.cuts if cut.n > 1][: OFFERED - 1]})
            if tree is not None
            else ()
        ),
        notes=tuple(shown.summary.get("notes") or ()),
        problem=problem,
    )


def number_of(asked: str) -> int | None:
    """Return the number of segments that somebody typed; None where it is no whole number."""
    given = asked.strip()
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else None


def _shown(fit: Fit, user: Any, asked: str) -> tuple[Shown, str]:
    if not asked:
        return shown_of(fit, user), ""
    n = number_of(asked)
    if n is None:
        return shown_of(fit, user), f"“{asked}” is no number of segments. Choose a whole number."
    if n == fit.n_groups:
        return shown_of(fit, user), ""
    if not is_cuttable(fit):
        return shown_of(fit, user), "This run has no tree, so it cannot be cut elsewhere."
    try:
        preview = preview_cut(fit, n)
    except FitError as refused:
        return shown_of(fit, user), str(refused)
    return shown_of(fit, user, preview=preview, cut=n), ""


def _members(shown: Shown) -> dict[str, list[str]]:
    """Return letter -> names of the customers that are drawn, in the order of the names."""
    picture = shown.summary.get("scatter") or {}
    letters = picture.get("letters") or []
    found: dict[str, list[str]] = {}
    for _, _, group, key in picture.get("points") or ():
        if group >= 0:
            found.setdefault(letters[group], []).append(shown.row_name(key))
    return {letter: sorted(names) for letter, names in found.items()}
