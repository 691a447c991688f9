"""Slugs: the names that records keep."""

from __future__ import annotations

import re

from headwater.stockandflow.errors import DefinitionError

MAX_SLUG = 80
MAX_STATE = 100
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")


def checked_slug(kind: str, slug: str) -> str:
    """Return ``slug``; raise DefinitionError where records could not keep it."""
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        raise DefinitionError(
            f"The {kind} has the slug {slug!r}. A slug is of letters, digits, “-” and “_”, "
            f"at most {MAX_SLUG} of them."
        )
    return slug
