"""Cells of text: without blanks at their ends, and null where they say that nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from headwater.sources.files.columns import nulled

BLANKS = " \t\r\n\x0b\x0c\u00a0\u2007\u2009\u202f\u200b\u200e\u200f\u2060\ufeff"
"""What is taken off the ends of a cell: blanks of all kinds, and marks that nobody sees."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The texts of one column."""

    texts: pl.Series
    """Without blanks at the ends; null where missing."""
    spellings: tuple[tuple[str, int], ...]
    """What was read as missing, empty cells aside, and how many of it; the most frequent first."""
    n_blanks: int
    """Cells that had blanks at their ends."""


def clean(column: pl.Series, missing: tuple[str, ...]) -> Cells:
    """Return the texts of ``column``; those of ``missing`` (small letters) are null.

    An empty cell is always missing: there is nothing in it that could be read.
    """
    texts = column.str.strip_chars(BLANKS)
    n_blanks = int((texts.str.len_bytes() != column.str.len_bytes()).sum())
    longest = max((len(spelling.encode()) for spelling in missing), default=0)
    short = texts.str.len_bytes() <= longest
    spelled = short & texts.str.to_lowercase().is_in([*missing, ""])
    told = texts.filter(spelled & (texts != "")).value_counts(sort=True)
    counts = tuple((str(value), int(count)) for value, count in told.iter_rows())
    return Cells(nulled(texts, spelled), counts, n_blanks)
