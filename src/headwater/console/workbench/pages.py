"""Pages of a list, and what stays asked for on the next one."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.http import urlencode


def kept(asked: Mapping[str, str]) -> str:
    """Return the query of the next page, without its number: “q=spices&”, or nothing."""
    query = urlencode({name: asked[name] for name in asked if name != "page" and asked[name]})
    return f"{query}&" if query else ""
