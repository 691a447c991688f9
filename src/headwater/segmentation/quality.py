"""Quality: one plain sentence on how well the segments are apart, and on what fits none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.learning.models import Fit
from headwater.segmentation.segments import name_of, words_for_rows
from headwater.words import counted, figure, listed, percent

STRONG, REASONABLE, WEAK = 0.7, 0.5, 0.25
"""Silhouettes above which Kaufman & Rousseeuw (1990, table 4) see a strong, a reasonable and a
weak structure; below is none of substance."""
NAMED = 12
"""Rows outside of every segment that are named in a sentence."""


def quality_sentence(summary: Mapping[str, Any]) -> str:
    """Return how well the segments are apart; empty where a fit kept no quality.

    ``summary`` is that of a fit, or of a preview.

    >>> quality_sentence({"groups": [{}, {}], "quality": {"silhouette": 0.62}})
    'The segments are reasonably well apart (silhouette 0.62).'
    """
    quality = summary.get("quality")
    if not quality:
        return ""
    n_groups = len(summary.get("groups") or ())
    if not n_groups:
        return "There are no segments: every row is outside of every one."
    if n_groups == 1:
        return "There is one segment, so there is nothing that it could be apart from."
    silhouette = quality.get("silhouette")
    if silhouette is None:
        return "How well the segments are apart cannot be told: there are too few rows in them."
    told = f"(silhouette {figure(float(silhouette), 2)}"
    if quality.get("sampled"):
        told += f", estimated from {quality['sampled']:,} rows"
    return f"{_verdict(float(silhouette))} {told}).{_noise(quality)}"


def anomaly_sentence(fit: Fit, *, with_rows: bool = True) -> str:
    """Return how many groups were found, and what fits none, by name; empty where all rows fit.

    ``with_rows`` False leaves the names out, for readers who may not see rows.
    """
    summary = fit.summary or {}
    outside = summary.get("outside") or {}
    n, ids = int(outside.get("n") or 0), list(outside.get("ids") or ())
    if n:
        _, rows = words_for_rows(fit)
        n_groups = len(summary.get("groups") or ())
        told = f"Found {counted(n_groups, 'group')} of similar {rows} and {n:,} that "
        told += "fits none" if n == 1 else "fit none"
        return told + _names(summary, n, ids if with_rows else [])
    outliers = summary.get("outliers") or {}
    n, ids = int(outliers.get("n") or 0), [key for key, *_ in outliers.get("sample") or ()]
    if not n:
        return ""
    told = f"{counted(n, 'row')} {'lies' if n == 1 else 'lie'} far from the middle of every segment"
    return told + _names(summary, n, ids if with_rows else [])


def _verdict(silhouette: float) -> str:
    if silhouette > STRONG:
        return "The segments are clearly apart"
    if silhouette > REASONABLE:
        return "The segments are reasonably well apart"
    if silhouette > WEAK:
        return "The segments are weakly apart, so another technique or number may divide otherwise"
    return "The segments are hardly apart: read them as a division, not as something found"


def _noise(quality: Mapping[str, Any]) -> str:
    n = int(quality.get("n_noise") or 0)
    if not n:
        return ""
    share = percent(quality.get("noise_share"))
    is_are = "row is" if n == 1 else "rows are"
    return f" {n:,} {is_are} outside of every segment ({share}) and not counted in it."


def _names(summary: Mapping[str, Any], n: int, ids: list[Any]) -> str:
    if not ids:
        return "."
    names = [name_of(summary, key) for key in ids[:NAMED]]
    more = n - len(names)
    if more:
        return f": {', '.join(names)} and {more:,} more."
    return f": {listed(names)}."
