"""TECHNIQUES: the kinds of statistical model that there are. Import-light."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Technique:
    key: str
    label: str


TECHNIQUES: dict[str, Technique] = {}
