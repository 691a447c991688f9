"""Values as a form field holds them."""

from __future__ import annotations

from typing import Any


def entered(value: Any) -> str:
    """Return ``value`` as the text of a field, so that 4, 4.0 and “4” are the same.

    >>> entered(4.0), entered("4"), entered(None), entered(0.8), entered(True)
    ('4', '4', '', '0.8', 'on')
    """
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    text = str(value).strip()
    try:
        return f"{float(text):.12g}"
    except ValueError:
        return text
