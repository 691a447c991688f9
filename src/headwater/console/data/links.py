"""Addresses of pages that other rooms of the console have, where they have them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object, **query: object) -> str:
    """Return the address of the page ``name``; "" where this site has no such page."""
    try:
        found = reverse(f"headwater:{name}", args=args)
    except NoReverseMatch:
        return ""
    return f"{found}?{urlencode(query)}" if query else found
