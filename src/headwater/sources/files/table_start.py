"""start_of, has_header: where the table begins in the rows of a file, and whether it is named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headwater.sources.files.reading import MISSING

_TYPED = re.compile(
    r"^[+\-−(]?\s*[$£€¥₹]?\s*[+\-−]?[.,]?[0-9][0-9.,' \u00a0\u202f’]*"
    r"(?:[eE][+-]?[0-9]+)?\s*[%$£€¥₹)]?$"
    r"|^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[ T].*)?$"
)
_WORDS = frozenset({"true", "false", "yes", "no"})
_YEAR = re.compile(r"^(?:19|20)[0-9]{2}$")


def start_of(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return where the table begins: the first row that fills half of ``width`` cells.

    A row that begins with “#” and has another number of cells is a comment.
    """
    for position, row in enumerate(rows if width > 1 else ()):
        filled = sum(1 for cell in row if cell.strip())
        comment = row[0].lstrip().startswith("#") and len(row) != width
        if filled >= max(2, (width + 1) // 2) and not comment:
            return position
    return 0


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first of ``rows`` names the columns.

    It does not where a figure, a date or a word like “yes” stands in it (years beside texts are
    names), nor where most of its texts come again below.
    """
    if len(rows) < 2:
        return True
    first, body = rows[0], rows[1:]
    figures = [cell for cell in first if is_figure(cell)]
    texts = [cell for cell in first if cell.strip() and not is_figure(cell)]
    if figures:
        return bool(texts) and all(_YEAR.match(cell.strip()) for cell in figures)
    if not texts:
        return False
    columns = [[row[place] for row in body if place < len(row)] for place in range(len(first))]
    if any(all(map(is_typed, cells)) and any(map(is_figure, cells)) for cells in columns):
        return True
    again = sum(
        first[place].strip() in map(str.strip, cells)
        for place, cells in enumerate(columns)
        if first[place].strip()
    )
    return again <= len(texts) / 2


def is_figure(cell: str) -> bool:
    """Return whether ``cell`` is a number, a date or a word like “yes”."""
    text = cell.strip()
    return bool(_TYPED.match(text)) or text.lower() in _WORDS


def is_typed(cell: str) -> bool:
    """Return whether ``cell`` is a figure or missing."""
    return cell.strip().lower() in MISSING or is_figure(cell)
