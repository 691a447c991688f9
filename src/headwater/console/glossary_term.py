"""Term: one entry of the glossary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary."""

    key: str
    word: str
    plain: str
    """One sentence without jargon."""
    more: str = ""
