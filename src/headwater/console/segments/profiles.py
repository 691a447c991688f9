"""Each segment along all columns at once."""

from __future__ import annotations

from headwater.console.charts.segments_parallel import segments_parallel
from headwater.console.flows.section import Section
from headwater.console.segments.shown import Shown

KEY = "profiles"
LABEL = "Profiles"
FEWEST, MOST = 2, 24
"""Columns between which lines can be followed."""


def parallel_section(shown: Shown) -> Section | None:
    """Return the parallel coordinates; None with too few or too many columns for them."""
    parallel = shown.summary.get("parallel") or {}
    if not parallel.get("groups") or not FEWEST <= len(parallel["columns"]) <= MOST:
        return None
    chart = segments_parallel(parallel, label=shown.label, value=shown.value, name=shown.file_name)
    return Section(KEY, LABEL, charts=(chart,), term="parallel-coordinates")
