"""Rows that are in no segment, or far from every one, by name."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.console.flows.section import Section
from headwater.console.segments.shown import Shown
from headwater.console.words import counted, figure

KEY = "outside"
LABEL = "Outside"


@dataclass(frozen=True, slots=True)
class Odd:
    """Rows that do not belong, or hardly."""

    title: str
    sentence: str
    names: tuple[tuple[str, str], ...]
    """(name, score or nothing) of those that are kept."""
    scored: bool
    n: int


def outside_section(shown: Shown) -> Section | None:
    """Return what is told of rows outside; None where the technique leaves none outside."""
    odd = odd_rows(shown)
    if odd is None:
        return None
    return Section(
        KEY,
        LABEL,
        template="headwater/parts/segment_outside.html",
        context={"odd": odd, "sees": shown.sees_rows},
    )


def odd_rows(shown: Shown) -> Odd | None:
    """Return the rows outside of every segment, else the outliers; None where neither is told."""
    told = shown.summary.get("outside")
    if told is not None and (told["n"] or shown.fit.technique in ("dbscan", "hdbscan")):
        names = tuple((shown.row_name(key), "") for key in told.get("ids", []))
        return Odd(
            title=f"{counted(told['n'], 'row')} outside of every segment"
            if told["n"]
            else "No row is outside of every segment",
            sentence=_sentence(shown),
            names=names if shown.sees_rows else (),
            scored=False,
            n=int(told["n"]),
        )
    far = shown.summary.get("outliers")
    if not far:
        return None
    names = tuple(
        (shown.row_name(key), figure(float(score), 3)) for key, score in far.get("sample", [])
    )
    return Odd(
        title=counted(far["n"], "outlier") if far["n"] else "No outliers",
        sentence=str(far.get("rule", "")),
        names=names if shown.sees_rows else (),
        scored=True,
        n=int(far["n"]),
    )


def _sentence(shown: Shown) -> str:
    from headwater.segmentation.quality import anomaly_sentence

    told = anomaly_sentence(shown.fit, with_rows=bool(shown.sees_rows))
    return told or "Every row has enough neighbours to belong to a segment."
