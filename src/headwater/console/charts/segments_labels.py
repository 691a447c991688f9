"""What a segment is called in a picture, where there is little room."""

from __future__ import annotations

LONGEST = 26


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return ``text``, cut short where it is too long.

    >>> shortened("A · High spending"), shortened("B · Early peak ordering time, rare orders")
    ('A · High spending', 'B · Early peak ordering…')
    """
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    whole_words = cut.rpartition(" ")[0]
    return (whole_words if len(whole_words) > longest // 2 else cut).rstrip(" ,·") + "…"
