"""The means of the segments beside those of all rows, as a heat map."""

from __future__ import annotations

from headwater.console.charts.segments_heat import deviations_table
from headwater.console.flows.section import Section
from headwater.console.segments.shown import Shown

KEY = "deviations"
LABEL = "Means"


def deviations_section(shown: Shown) -> Section | None:
    """Return the heat map; None where the run has no segments or no column with numbers."""
    heat = shown.summary.get("heat") or {}
    if not heat.get("columns") or not heat.get("groups"):
        return None
    return Section(
        KEY,
        LABEL,
        template="headwater/parts/segment_heat.html",
        context={"heat": deviations_table(heat, label=shown.label, value=shown.value)},
        term="deviation",
    )
