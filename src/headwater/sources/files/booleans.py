"""booleans: texts as yes or no, of a list of words that is stated."""

from __future__ import annotations

import polars as pl

from headwater.sources.files.columns import where_known

PAIRS = (
    ("true", "false"),
    ("yes", "no"),
    ("ja", "nein"),
    ("oui", "non"),
    ("on", "off"),
    ("y", "n"),
    ("t", "f"),
)
"""Words that are read as true and false, whatever their capitals."""
FIGURES = ("1", "0")
"""Read as true and false only where a person asked for it; else they are numbers."""


def guess_pair(texts: pl.Series) -> tuple[str, str] | None:
    """Return the pair that all ``texts`` are of; single letters only where both stand there."""
    known = texts.drop_nulls()
    words = {word for pair in PAIRS for word in pair}
    if not len(known) or not bool(known.head(100).str.to_lowercase().is_in(words).all()):
        return None  # as nearly all columns are, told without going through them
    distinct = set(known.str.to_lowercase().unique().to_list())
    for pair in PAIRS:
        if distinct <= set(pair) and (len(pair[0]) > 1 or len(distinct) == 2):
            return pair
    return None


def booleans(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return ``texts`` as Boolean (null where not read), and which of them fit (null: missing)."""
    pairs = (*PAIRS, FIGURES)
    words = {true: True for true, _ in pairs} | {false: False for _, false in pairs}
    values = texts.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)
    return values, where_known(values.is_not_null(), texts)
