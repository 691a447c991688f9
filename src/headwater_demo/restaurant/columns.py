"""What columns of a dish are called in sentences."""

from __future__ import annotations

from headwater_demo.restaurant.models import MenuItem

_LABELS = {
    field.name: str(field.verbose_name).partition(" (")[0] for field in MenuItem._meta.fields
}


def label(column: str) -> str:
    """Return a column's name in plain words, without its unit.

    >>> label("prep_time"), label("cuisine_type=Indian")
    ('preparation time', 'cuisine: Indian')
    """
    name, _, value = column.partition("=")
    words = _LABELS.get(name)
    if words is None:
        return column
    return f"{words}: {value}" if value else words
