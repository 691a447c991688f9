"""Addresses of the exports of a section, with everything that the page was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from headwater.console.flows.part import Part


def address_of(part: Part, section: str, kind: str, data: Mapping[str, str]) -> str:
    """Return the address of the export of ``section`` as ``kind``, “csv” or “json”."""
    address = reverse(f"headwater:stock-{kind}", args=[part.process.slug, section])
    asked = {"part": part.key} | {name: value for name, value in data.items() if value}
    return f"{address}?{urlencode(asked)}"


def with_parameters(data: Mapping[str, str], **changed: object) -> str:
    """Return “?name=value…”: the parameters of the page with some ``changed``; None drops one."""
    values = {**data, **{name: "" if v is None else str(v) for name, v in changed.items()}}
    return f"?{urlencode({name: value for name, value in values.items() if value})}"
