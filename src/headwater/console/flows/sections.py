"""The sections of a process page, in their order; see ``section.py`` for how to add one."""

from __future__ import annotations

from headwater.console.flows.books import books_section
from headwater.console.flows.cohort_table import cohorts_section
from headwater.console.flows.definition_shown import definition_section
from headwater.console.flows.diagram_shown import diagram_section
from headwater.console.flows.dwell import dwell_section
from headwater.console.flows.forecast_section import forecast_section
from headwater.console.flows.levels_shown import levels_section
from headwater.console.flows.matrix import matrix_section
from headwater.console.flows.moves import moves_section
from headwater.console.flows.part import Part
from headwater.console.flows.section import Asked, Builder, Section
from headwater.console.flows.series_shown import (
    cumulative_section,
    flows_section,
    series_section,
)

BUILDERS: tuple[tuple[str, Builder], ...] = (
    ("levels", levels_section),
    ("diagram", diagram_section),
    ("series", series_section),
    ("cumulative", cumulative_section),
    ("flows", flows_section),
    ("moves", moves_section),
    ("matrix", matrix_section),
    ("time", dwell_section),
    ("cohorts", cohorts_section),
    ("forecast", forecast_section),
    ("books", books_section),
    ("definition", definition_section),
)
"""(key, builder): an export is asked for by the key, and builds nothing else."""


def sections_of(part: Part, asked: Asked) -> list[Section]:
    """Return the sections of ``part``."""
    built = (build(part, asked) for _, build in BUILDERS)
    return [section for section in built if section is not None]


def section_of(part: Part, asked: Asked, key: str) -> Section | None:
    """Return the section with ``key``; None where there is none for ``part``."""
    build = dict(BUILDERS).get(key)
    return build(part, asked) if build is not None else None
