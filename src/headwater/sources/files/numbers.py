"""numbers: texts as numbers, with the decimal and thousands signs of a reading."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from headwater.sources.files.columns import nulled, where_known, with_values

CURRENCIES = "$£€¥₹"
"""Signs that may stand before or behind an amount."""
EXACT = 2**53
"""Whole numbers beyond it would lose digits as floating point numbers."""
_SPACES = " \u00a0\u2009\u202f"
_APOSTROPHES = "'’"
_MINUS = "−"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What became of the texts of one column."""

    values: pl.Series
    """Int64 where all are whole numbers in plain figures, else Float64; null where not read."""
    fits: pl.Series
    """(n,) which texts are numbers; null where the text is missing."""
    n_percent: int
    n_currency: int
    currencies: tuple[str, ...]
    n_brackets: int
    """Amounts in brackets, which are below zero."""
    n_grouped: int
    n_unclear: int
    """Numbers with one thousands sign and three figures behind it: “1,234” might be a decimal."""


def numbers(texts: pl.Series, *, decimal: str, thousands: str) -> Numbers:
    """Return ``texts`` as numbers.

    Beside plain figures (“-12.5”, “1e6”, “.5”) these are read: thousands signs at their places,
    one currency sign before or behind, “%” behind (12 % is 12), brackets around an amount below
    zero, and the typographic minus. Infinite values, and those too large for a floating point
    number, are not.
    """
    point = "\\" + decimal
    plain = rf"(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    is_plain = texts.str.contains(rf"^[+-]?{plain}$")
    figures = texts
    n_percent = n_currency = n_brackets = n_grouped = n_unclear = 0
    currencies: tuple[str, ...] = ()
    rest = texts.filter(~is_plain)
    if len(rest):
        grouped, unclear = _grouped(decimal, thousands)
        body = rf"(?:{grouped}|{plain})" if grouped else plain
        sign = rf"[+\-{_MINUS}]?"
        gap = rf"[{_SPACES}]?"
        before = rf"(?:[{CURRENCIES}]{gap})?"
        behind = rf"(?:{gap}[{CURRENCIES}%])?"
        amount = rf"{sign}{gap}{before}{sign}{body}{behind}"
        fits = rest.str.contains(rf"^(?:{amount}|\({before}{body}{behind}\))$")
        # two signs, or a currency on both ends, say nothing that could be read
        fits &= rest.str.count_matches(rf"[{CURRENCIES}%]") <= 1
        fits &= ~rest.str.contains(rf"[+\-{_MINUS}][^0-9eE]*[+\-{_MINUS}]")
        found = nulled(rest, ~fits)
        signs = found.str.extract(rf"([{CURRENCIES}])")
        currencies = tuple(sorted(signs.drop_nulls().unique().to_list()))
        n_currency = len(signs) - signs.null_count()
        n_percent = _count(found.str.ends_with("%"))
        brackets = found.str.starts_with("(")
        n_brackets = _count(brackets)
        if grouped:
            bare = found.str.strip_chars(f"+-{_MINUS}()%{CURRENCIES}{_SPACES}")
            n_grouped = _count(bare.str.contains(rf"^{grouped}$"))
            n_unclear = _count(bare.str.contains(rf"^{unclear}$")) if unclear else 0
        bare = found.str.replace_all(_MINUS, "-", literal=True)
        drop = "".join({thousands, *_SPACES, *CURRENCIES, *"%()"} - {decimal})
        if thousands == "'":
            drop += _APOSTROPHES
        bare = bare.str.replace_all(rf"[{_escaped(drop)}]", "")
        bare = pl.select(pl.when(brackets).then("-" + bare).otherwise(bare)).to_series()
        figures = with_values(texts, (~is_plain).fill_null(False).arg_true(), bare)
    if decimal == ",":
        figures = figures.str.replace(",", ".", literal=True)
    values = figures.cast(pl.Float64, strict=False)
    values = nulled(values, ~values.is_finite())
    fits = where_known(values.is_not_null(), texts)
    if _all(fits) and _all(figures.str.contains(r"^[+-]?[0-9]+$")):
        whole = figures.cast(pl.Int64, strict=False)
        if whole.null_count() == values.null_count():
            values = whole
    return Numbers(
        values, fits, n_percent, n_currency, currencies, n_brackets, n_grouped, n_unclear
    )


def _grouped(decimal: str, thousands: str) -> tuple[str, str]:
    """Return the patterns of numbers with thousands signs, and of those that are unclear."""
    if not thousands:
        return "", ""
    point = "\\" + decimal
    if thousands == " ":
        mark = f"[{_SPACES}]"
    elif thousands == "'":
        mark = f"[{_APOSTROPHES}]"
    else:
        mark = "\\" + thousands
    # figures are grouped by two above the thousands in India
    figures = rf"[0-9]{{1,3}}(?:{mark}[0-9]{{2,3}})*{mark}[0-9]{{3}}"
    unclear = rf"[1-9][0-9]{{0,2}}{mark}[0-9]{{3}}" if thousands in ".," else ""
    return rf"{figures}(?:{point}[0-9]*)?", unclear


def _escaped(characters: str) -> str:
    return "".join("\\" + c if c in "\\^-]().$[|&~" else c for c in characters)


def _count(flags: pl.Series) -> int:
    return int(flags.sum() or 0)


def _all(flags: pl.Series) -> bool:
    return bool(flags.all(ignore_nulls=True)) and flags.null_count() < len(flags)
