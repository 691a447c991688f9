"""The ten types of pages, A to J."""

from __future__ import annotations

PAGE_TYPES = "ABCDEFGHIJ"


def time_field(page_type: str = "") -> str:
    """Return the field of the mean time on pages of a type, or, without one, on all pages.

    >>> time_field("A"), time_field()
    ('avg_time_pages_a', 'avg_time_pages')
    """
    return f"avg_time_pages_{page_type.lower()}" if page_type else "avg_time_pages"


def visits_field(page_type: str = "") -> str:
    """Return the field of the number of visits on pages of a type, or on all pages.

    >>> visits_field("J"), visits_field()
    ('visits_pages_j', 'visits_pages')
    """
    return f"visits_pages_{page_type.lower()}" if page_type else "visits_pages"
