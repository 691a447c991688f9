"""asked_of: which rows are asked for, from the address of a page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from headwater.spam.queue import STATES, Asked

ZONES = {
    "unsure": "Held for a person",
    "ham": "Accepted",
    "spam": "Refused",
    "none": "Not judged",
}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What is asked for, and how the address says so."""

    asked: Asked
    query: str
    """Such as “state=open&text=free&”: empty, or ready for one more."""
    problems: tuple[str, ...]
    """What of the address could not be read, each with a sentence."""


def asked_of(given: QueryDict) -> AskedFor:
    """Return what ``given`` asks for; what cannot be read is left out and told."""
    problems: list[str] = []
    kept: dict[str, str] = {}

    def choice(name: str, among: dict[str, str], default: str = "") -> str:
        value = given.get(name, "")
        if value not in among:
            return default
        kept[name] = value
        return value

    def number(name: str, label: str, least: float, most: float) -> float | None:
        value = given.get(name, "").strip()
        if not value:
            return None
        try:
            read = float(value)
        except ValueError:
            read = float("nan")
        if not least <= read <= most:
            problems.append(
                f"{label} was “{value[:20]}”; it takes a number from {least:,g} to {most:,g}."
            )
            return None
        kept[name] = value
        return read

    def flag(name: str) -> bool:
        if given.get(name) != "1":
            return False
        kept[name] = "1"
        return True

    text = given.get("text", "").replace("\0", "").strip()[:LONGEST]
    model = given.get("model", "")[:100]
    kept |= {name: value for name, value in (("text", text), ("model", model)) if value}
    lowest = number("lowest", "The least probability", 0, 100)
    highest = number("highest", "The largest probability", 0, 100)
    older = number("older", "The least age in days", 0, 36_500)
    newer = number("newer", "The largest age in days", 0, 36_500)
    asked = Asked(
        state=choice("state", STATES, "waiting"),
        zone=choice("zone", ZONES),
        model=model,
        text=text,
        lowest=None if lowest is None else lowest / 100,
        highest=None if highest is None else highest / 100,
        older=None if older is None else int(older),
        newer=None if newer is None else int(newer),
        edited=flag("edited"),
        audit=flag("audit"),
        skipped=flag("skipped"),
    )
    return AskedFor(asked, urlencode(kept) + "&" if kept else "", tuple(problems))
