"""contradictions: settings of a representation that cannot hold together. Import-light."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.engines.text.declared import REPRESENTATION

_LABELS = {
    parameter.name: f"“{parameter.label}” ({parameter.name})" for parameter in REPRESENTATION
}


def contradictions(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return setting -> sentence for what does not fit together in cleaned ``settings``."""
    if settings["kind"] == "code_points":
        return {}
    found: dict[str, str] = {}
    if not (settings["words"] or settings["characters"] != "none" or settings["features"]):
        found["words"] = (
            f"Nothing is counted: {_LABELS['words']}, {_LABELS['characters']} and "
            f"{_LABELS['features']} are all off. Turn one of them on."
        )
    for part, counted in (("word", settings["words"]), ("character", _pieces(settings))):
        low, high = settings[f"{part}_ngram_min"], settings[f"{part}_ngram_max"]
        if counted and low > high:
            found[f"{part}_ngram_min"] = (
                f"{_LABELS[f'{part}_ngram_min']} is {low}, above {_LABELS[f'{part}_ngram_max']}, "
                f"which is {high}. It can be {high} at most."
            )
    for name in ("min_df", "max_df"):
        limit = settings[name]
        if limit > 1 and not float(limit).is_integer():
            found[name] = (
                f"{_LABELS[name]} is {figure(limit)}; it takes a share up to 1, or above 1 a whole "
                "number of texts."
            )
    low, high = settings["min_df"], settings["max_df"]
    if (low >= 1) == (high > 1) and low > high and "min_df" not in found:
        found["min_df"] = (
            f"{_LABELS['min_df']} is {figure(low)}, above {_LABELS['max_df']}, which is "
            f"{figure(high)}: no term can be in that many texts and that few."
        )
    if not settings["words"]:
        for name in ("vocabulary", "given_stop_words"):
            if settings[name]:
                found[name] = (
                    f"{_LABELS[name]} is a list of words, and {_LABELS['words']} is off. Turn it "
                    "on, or empty the list."
                )
    elif settings["stop_words"] == "given" and not listed(settings["given_stop_words"] or ""):
        found["given_stop_words"] = (
            f"{_LABELS['stop_words']} leaves out given words, and {_LABELS['given_stop_words']} "
            "names none."
        )
    elif settings["stop_words"] != "given" and settings["given_stop_words"]:
        found["given_stop_words"] = (
            f"{_LABELS['given_stop_words']} has words, and {_LABELS['stop_words']} does not use "
            "them. Let it leave out the given words, or empty the list."
        )
    return found


def listed(text: str) -> list[str]:
    """Return the entries of ``text`` that commas or line breaks separate."""
    return [entry.strip() for entry in text.replace("\n", ",").split(",") if entry.strip()]


def _pieces(settings: Mapping[str, Any]) -> bool:
    return bool(settings["characters"] != "none")


def figure(value: float) -> str:
    """Return a share or a count as people write it.

    >>> figure(1_000_000), figure(0.85), figure(1)
    ('1,000,000', '0.85', '1')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"
