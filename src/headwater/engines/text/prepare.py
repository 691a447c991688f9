"""preparation: what is done to a text before its terms are counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from headwater.engines.text.normalise import normalise
from headwater.engines.text.terms import plain_accents


def preparation(settings: Mapping[str, Any]) -> Callable[[str], str]:
    """Return the function that undoes disguises, lowers case and removes accents, as set."""
    steps: list[Callable[[str], str]] = []
    if settings["normalise"]:
        steps.append(normalise)
    if settings["lowercase"]:
        steps.append(str.lower)
    if settings["strip_accents"]:
        steps.append(plain_accents)

    def prepared(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return prepared
