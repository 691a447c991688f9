"""Only: the values of facets that a page can be narrowed to, and the one that an address names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headwater.console.flows.part import Part
from headwater.stockandflow.definitions import FacetUse
from headwater.stockandflow.models import StockFacetRecord
from headwater.stockandflow.split import OTHER, value_text

ANY_OTHER = "any other, or none"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet; ``text`` is it as records and addresses write it."""

    text: str
    words: str
    raw: Any = None
    """As objects have it; None: any value that is not among the facet's now, or none."""


def values_of(use: FacetUse, recorded: Iterable[str] = ()) -> list[FacetValue]:
    """Return the values of a facet now, then those that only ``recorded`` has, then any other."""
    found: dict[str, FacetValue] = {}
    for raw in use.facet.current_values():
        if (text := value_text(raw)) != OTHER:
            found.setdefault(text, FacetValue(text, str(raw), raw))
    for text in recorded:
        if text != OTHER:
            found.setdefault(text, FacetValue(text, f"{text} (in earlier counts)"))
    return [*found.values(), FacetValue(OTHER, ANY_OTHER)]


def recorded_values(part: Part, facets: Iterable[str]) -> dict[str, list[str]]:
    """Return facet -> the values that records of ``part`` have. One query."""
    records = StockFacetRecord.objects.filter(facet__in=list(facets))
    if part.partition is not None:
        records = records.filter(record__partition=part.partition.slug)
    else:
        slugs = [stock.slug for stock in part.stocks]
        records = records.filter(record__partition="", record__stock__in=slugs)
    found: dict[str, list[str]] = {}
    pairs = records.order_by("facet", "value").values_list("facet", "value").distinct()
    for facet, value in pairs:
        found.setdefault(facet, []).append(value)
    return found


def named_value(
    given: str, facets: Mapping[str, tuple[FacetUse, Sequence[FacetValue]]]
) -> tuple[str, FacetValue | None, str]:
    """Return the facet and the value that “country:no” names, and what is wrong with it.

    ``facets`` are those that the person may see, by slug. Where something is wrong, there is no
    facet and no value.
    """
    if not given:
        return "", None, ""
    slug, colon, text = given.partition(":")
    if slug not in facets:
        there_is_none = f"There is no facet “{shown(slug)}” here that you may see"
        return "", None, f"{there_is_none}; all objects are shown."
    use, values = facets[slug]
    if not colon:
        names_none = f"“{slug}” names a facet and no value of it; write “{slug}:” and the value"
        return "", None, f"{names_none}. All objects are shown."
    for value in values:
        if value.text == text:
            return slug, value, ""
    unknown = f"“{shown(text)}” is no value of the facet “{use.facet.name}”"
    return "", None, f"{unknown}; all objects are shown."


def shown(text: str) -> str:
    """Return ``text`` with a sign where a character cannot be shown, and not too long."""
    whole = "".join(one if one.isprintable() else "�" for one in text)
    return whole if len(whole) <= 80 else f"{whole[:80]}…"
