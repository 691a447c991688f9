"""One segment in full, as the dialog of the page shows it."""

from __future__ import annotations

from typing import Any

from headwater.console.segments.cards import members_of
from headwater.console.segments.shown import Shown
from headwater.console.words import figure

MEMBERS = 60
"""Rows that are named, at most."""


def details_of(shown: Shown, letter: str) -> dict[str, Any] | None:
    """Return the segment ``letter`` as JSON can hold it; None where there is none.

    Least and greatest values belong to single rows, so they are told only to who may see rows.
    """
    from headwater.segmentation.insight import insights_of
    from headwater.segmentation.stability import stability_sentence

    segment = next((one for one in shown.segments if one.letter == letter), None)
    if segment is None:
        return None
    insight = insights_of(shown.fit, shown.segments).get(letter)
    names = _members(shown, letter)
    counter = segment.counter_example
    return {
        "letter": segment.letter,
        "name": segment.name,
        "suggested_name": segment.suggested_name,
        "named_by_person": segment.named_by_person,
        "note": segment.note,
        "size": segment.size,
        "size_text": segment.size_text,
        "share": segment.share,
        "share_text": segment.share_text,
        "rows": segment.rows,
        "characteristics": [
            {
                "column": one.column,
                "label": one.label,
                "kind": one.kind,
                "text": one.text,
                "overall": one.overall,
                "lowest": one.lowest if shown.sees_rows else "",
                "highest": one.highest if shown.sees_rows else "",
                "mean": one.mean,
                "std": one.std,
                "missing": figure(one.n_missing),
                "top": [list(pair) for pair in one.top],
            }
            for one in segment.characteristics
        ],
        "apart": [one.sentence for one in segment.apart],
        "rule": segment.rule.sentence if segment.rule else "",
        "insight": insight.insight if insight else "",
        "recommendation": insight.recommendation if insight else "",
        "message": insight.message if insight else "",
        "typical": segment.typical.name if segment.typical else "",
        "counter_example": counter.sentence if counter else "",
        "silhouette": ""
        if segment.silhouette is None
        else f"mean silhouette {figure(float(segment.silhouette), 2)}",
        "stability": "" if segment.stability is None else stability_sentence(segment.stability),
        "members": names[:MEMBERS],
        "members_left": max(0, segment.size - MEMBERS) if names else 0,
    }


def _members(shown: Shown, letter: str) -> list[str]:
    """Return the names of the rows of ``letter``, as far as the picture draws them."""
    whole = members_of(shown).get(letter)
    if whole is not None or not shown.sees_rows:
        return whole or []
    scatter = shown.summary.get("scatter") or {}
    return [
        shown.row_name(key)
        for _, _, group, key in scatter.get("points") or []
        if group >= 0 and scatter["letters"][group] == letter
    ]
