"""export_summary: one row for each segment with all that is told of it, as a file."""

from __future__ import annotations

import json
from typing import Any

from headwater.learning.models import Fit
from headwater.segmentation.export import CONTENT_TYPES, Export, check_format, file_name
from headwater.segmentation.insight import Insight, insights_of
from headwater.segmentation.quality import quality_sentence
from headwater.segmentation.segment import Characteristic, Segment
from headwater.segmentation.segments import segments_of

FORMATS = ("csv", "json")
FIGURES = ("mean", "std", "minimum", "maximum")


def export_summary(fit: Fit, format: str) -> Export:
    """Return the segments of ``fit`` with their figures and sentences as “csv” or “json”.

    Rows are not in it, so nobody is named.
    """
    check_format(format, *FORMATS)
    segments = segments_of(fit, with_rows=False)
    insights = insights_of(fit, segments)
    told = [_told(segment, insights[segment.letter]) for segment in segments]
    content = _json(fit, told) if format == "json" else _csv(told)
    return Export(file_name(fit, "segments", format), CONTENT_TYPES[format], iter((content,)), ())


def _told(segment: Segment, insight: Insight) -> dict[str, Any]:
    return {
        "segment": segment.letter,
        "name": segment.name,
        "note": segment.note,
        "size": segment.size,
        "share": segment.share,
        "silhouette": segment.silhouette,
        "stability": segment.stability,
        "columns": {one.column: _figures(one) for one in segment.characteristics},
        "apart": [one.sentence for one in segment.apart],
        "rule": segment.rule.sentence if segment.rule is not None else "",
        "insight": insight.insight,
        "recommendation": insight.recommendation,
        "message": insight.message,
    }


def _figures(one: Characteristic) -> dict[str, Any]:
    if one.kind == "categorical":
        return {"top": [list(pair) for pair in one.top], "n_missing": one.n_missing}
    figures = {name: getattr(one, name) for name in FIGURES}
    if one.kind == "date":
        figures["text"] = one.text
    return {**figures, "n_missing": one.n_missing}


def _json(fit: Fit, told: list[dict[str, Any]]) -> bytes:
    whole = {
        "model": fit.model.name,
        "run": fit.pk,
        "finished_at": fit.finished_at.isoformat() if fit.finished_at else None,
        "technique": fit.technique,
        "parameters": fit.parameters,
        "rows": fit.n_rows,
        "quality": quality_sentence(fit.summary or {}),
        "segments": told,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def _csv(told: list[dict[str, Any]]) -> bytes:
    """Return one line for each segment; the figures of a column stand side by side."""
    import polars

    from headwater.sources.files.write import write_csv

    return write_csv(polars.DataFrame([_flat(one) for one in told], infer_schema_length=None))


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in one.items():
        if name == "columns":
            for column, figures in value.items():
                flat |= _columns(column, figures)
        elif name == "apart":
            flat[name] = " ".join(value)
        else:
            flat[name] = value
    return flat


def _columns(column: str, figures: dict[str, Any]) -> dict[str, Any]:
    if "top" in figures:
        shown = ", ".join(f"{value} {share:.1%}" for value, share in figures["top"])
        return {f"{column} most frequent": shown, f"{column} missing": figures["n_missing"]}
    return {
        **{f"{column} {name}": figures[name] for name in (*FIGURES, "text") if name in figures},
        f"{column} missing": figures["n_missing"],
    }
