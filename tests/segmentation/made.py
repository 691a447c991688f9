"""Fits that are made by hand, with their segments, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from headwater.engines.profile import profile_groups
from headwater.engines.segments.apart import apart
from headwater.engines.segments.rules import simple_rules
from headwater.engines.table import Table
from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.characteristics import characteristics_of
from headwater.segmentation.differences import differences_of
from headwater.segmentation.insight import Insight, insight_of
from headwater.segmentation.names import suggest_names
from headwater.segmentation.segment import Segment
from headwater.segmentation.segments import kinds_of


def fit_of(
    columns: Mapping[str, Any],
    groups: Any,
    *,
    kinds: Mapping[str, str] | None = None,
    n_groups: int | None = None,
) -> Fit:
    """Return an unsaved fit that found ``groups`` in ``columns``, described as a fit is."""
    groups = np.asarray(groups)
    letters = tuple("ABCDEFGHIJ"[: n_groups or int(groups.max()) + 1])
    kinds = dict.fromkeys(columns, "numeric") | dict(kinds or {})
    table = Table(
        np.arange(1, len(groups) + 1),
        {
            name: np.array(values, dtype=object if kinds[name] == "categorical" else float)
            for name, values in columns.items()
        },
        kinds,
    )
    summary = {
        "groups": profile_groups(table, groups, letters),
        "columns": [{"name": name, "kind": kind} for name, kind in kinds.items()],
        "apart": apart(table, groups, letters),
        "rules": simple_rules(table, groups, letters),
    }
    return Fit(model=StatisticalModel(name="Made"), summary=summary, source={})


def names_without_database(fit: Fit) -> dict[str, str]:
    return suggest_names(bare_segments(fit, differences_of(fit.summary, {})))


def bare_segments(fit: Fit, differences: Any) -> list[Segment]:
    """Return the segments of a fit that is not in the database, unnamed."""
    return [
        Segment(
            letter=group["letter"],
            name=f"Segment {group['letter']}",
            suggested_name="",
            named_by_person=False,
            note="",
            size=group["size"],
            share=group["share"],
            row="row",
            rows="rows",
            characteristics=characteristics_of(group, {}, {}, kinds_of(fit.summary)),
            differences=differences[group["letter"]],
            rule=None,
            typical=None,
            counter_example=None,
            silhouette=None,
            stability=None,
        )
        for group in fit.summary["groups"]
    ]


def told_of(fit: Fit) -> list[tuple[Segment, Insight]]:
    segments = bare_segments(fit, differences_of(fit.summary, {}))
    return [(segment, insight_of(segment)) for segment in segments]
