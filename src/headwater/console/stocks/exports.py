"""Addresses of the exports of a section, with everything that the page was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from headwater.console.stocks.part import Part


def address_of(part: Part, section: str, kind: str, data: Mapping[str, str]) -> str:
    """Return the address of the export of ``section`` as ``kind``, “csv” or “json”."""
    address = reverse("headwater:stock-export", args=[part.process.slug, section, kind])
    asked = {"part": part.key} | {name: value for name, value in data.items() if value}
    return f"{address}?{urlencode(asked)}"
