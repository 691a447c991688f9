"""The sections of a process page, in their order; see ``section.py`` for how to add one."""

from __future__ import annotations

from headwater.console.stocks.part import Part
from headwater.console.stocks.section import Asked, Builder, Section

BUILDERS: tuple[Builder, ...] = ()


def sections_of(part: Part, asked: Asked) -> list[Section]:
    """Return the sections of ``part``."""
    built = (build(part, asked) for build in BUILDERS)
    return [section for section in built if section is not None]
