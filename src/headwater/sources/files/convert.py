"""convert: the cells of one column as numbers, dates, booleans or texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from headwater.sources.files.booleans import booleans, guess_pair
from headwater.sources.files.columns import nulled
from headwater.sources.files.dates import dates
from headwater.sources.files.missing import clean
from headwater.sources.files.numbers import CURRENCIES, EXACT, numbers
from headwater.sources.files.reading import DATE_ORDERS, Reading

TYPES = ("number", "date", "boolean", "text")
EXPECTED = {
    "number": "a number",
    "date": "a date",
    "boolean": "yes or no",
    "text": "a text",
}
MOSTLY = 0.75
"""Share of the cells that must be numbers (dates) for the others to be problems, not texts."""
ID_NAME = re.compile(
    r"(?i)^(id|pk|key|code|sku|ean|isbn|uuid|guid|e-?mail|ref|reference)$"
    r"|(?:^|[_\s.-])(id|key|code|uuid|guid|sku|e-?mail|number|no|nr)$"
    r"|^(id|code)[_\s.-]"
)
"""Names of columns that tell rows apart, or refer to others."""
_CAMEL_ID = re.compile(r"[a-z](Id|ID|Key|Code)$")


@dataclass(slots=True)
class Converted:
    """One column with its type."""

    values: pl.Series
    type: str
    bad: pl.Series | None = None
    """(n,) which cells do not fit the type; None: all do."""
    raw: pl.Series | None = None
    """The texts that the values were made of, as ``bad`` counts them."""
    notes: list[str] = field(default_factory=list)
    why: str = ""
    """Sentence: what the type was guessed from."""


def looks_like_id(name: str) -> bool:
    """Return whether ``name`` is that of a column that tells rows apart."""
    return bool(ID_NAME.search(name.strip()) or _CAMEL_ID.search(name.strip()))


def convert(name: str, column: pl.Series, reading: Reading, wanted: str | None) -> Converted:
    """Return ``column`` with the type ``wanted``, or the one that its texts show.

    All cells that are not missing either have the type or are ``bad``; none is lost.
    """
    if column.dtype != pl.String:
        return _typed(name, column, reading, wanted)
    cells = clean(column, reading.missing)
    texts = cells.texts
    read = _guess if wanted is None else _AS[wanted]
    found = read(name, texts, reading)
    for spelling, count in cells.spellings[:3]:
        found.notes.append(f"“{spelling}” is read as missing in “{name}” ({_cells(count)}).")
    if found.type == "text" and cells.n_blanks:
        found.notes.append(
            f"Blanks at the ends of texts of “{name}” taken off ({_cells(cells.n_blanks)})."
        )
    return found


def _guess(name: str, texts: pl.Series, reading: Reading) -> Converted:
    n_known = len(texts) - texts.null_count()
    if not n_known:
        return Converted(texts, "text", why="All cells are missing.")
    if guess_pair(texts):
        found = _as_boolean(name, texts, reading)
        found.why = "All cells are yes or no."
        return found
    zeros = texts.str.contains(r"^[+-]?0[0-9]+$").any()
    sample = texts if n_known < 2_000 else texts.drop_nulls().gather_every(n_known // 1_000)
    guesses: list[tuple[str, Callable[[str, pl.Series, Reading], Converted]]] = [
        ("numbers", _as_number),
        ("dates", _as_date),
    ]
    mixed = ""
    for what, read in guesses:
        if _share(read(name, sample, reading)) < 0.1:
            continue
        found = read(name, texts, reading)
        share = _share(found)
        reason = ""
        if what == "numbers":
            if zeros:
                reason = f"“{name}” is read as text: some of its figures begin with 0."
            elif why := _not_a_number(found, texts):
                reason = f"“{name}” is read as text: {why}"
        if reason:
            text = _as_text(name, texts, reading)
            text.notes.append(reason)
            text.why = reason
            return text
        if share == 1 or (share >= MOSTLY and not looks_like_id(name)):
            found.why = f"All cells are {what}." if share == 1 else f"Most cells are {what}."
            return found
        n_fit = n_known - int(found.bad.sum() or 0) if found.bad is not None else n_known
        mixed = f"“{name}” is read as text: {n_fit:,} of its {_cells(n_known)} are {what}."
    text = _as_text(name, texts, reading)
    text.why = "The cells are texts."
    if mixed:
        text.notes.append(mixed)
        text.why = mixed
    return text


def _share(found: Converted) -> float:
    """Return how many of the cells that are not missing fit."""
    raw = found.raw if found.raw is not None else found.values
    n_known = len(raw) - raw.null_count()
    n_bad = int(found.bad.sum() or 0) if found.bad is not None else 0
    return (n_known - n_bad) / n_known if n_known else 0.0


def _not_a_number(found: Converted, texts: pl.Series) -> str:
    """Return why numbers are better left as texts; "" where they are not."""
    if found.values.dtype == pl.Int64:
        if _loses_digits(found.values):
            return f"some of its whole numbers are beyond {EXACT:,}, where digits would be lost."
    elif bool(texts.str.contains(r"^[+-]?[0-9]{17,}$").any()):
        return f"some of its whole numbers are beyond {EXACT:,}, where digits would be lost."
    marks = texts.str.extract(rf"([{CURRENCIES}])").drop_nulls().unique().sort().to_list()
    if len(marks) > 1:
        return f"it has amounts in several currencies ({', '.join(marks)})."
    percent = texts.str.ends_with("%")
    if bool(percent.any()) and not bool((percent | (texts == "0")).all()):
        return "some of its numbers are percentages and others are not."
    return ""


def _as_number(name: str, texts: pl.Series, reading: Reading) -> Converted:
    read = numbers(texts, decimal=reading.decimal, thousands=reading.thousands)
    notes = []
    if read.n_percent:
        notes.append(f"Numbers of “{name}” are percentages: 12 % is read as 12.")
    if read.n_currency:
        notes.append(f"Currency signs of “{name}” let go ({', '.join(read.currencies)}).")
    if read.n_brackets:
        notes.append(f"Amounts in brackets of “{name}” are read as below zero.")
    if read.n_unclear and read.n_unclear == read.n_grouped:
        mark = reading.thousands
        notes.append(
            f"“1{mark}234” in “{name}” is read as 1234; if “{mark}” stands before decimals there, "
            "set the decimal sign."
        )
    return Converted(read.values, "number", _bad(read.fits), texts, notes)


def _as_date(name: str, texts: pl.Series, reading: Reading) -> Converted:
    compact = not bool(texts.str.contains(r"[^0-9]").any())
    read = dates(texts, reading.date_order, compact=compact and texts.dtype == pl.String)
    notes = []
    if read.n_zones:
        notes.append(f"Times of “{name}” with a zone are read as UTC.")
    if read.n_short:
        notes.append(f"Years of two figures in “{name}” are read as 1970 to 2069.")
    n_read = len(read.fits) - read.fits.null_count()
    if read.n_either and read.n_either == n_read:
        notes.append(
            f"Dates of “{name}” could be day/month or month/day; they are read as "
            f"{DATE_ORDERS[reading.date_order]}."
        )
    return Converted(read.values, "date", _bad(read.fits), texts, notes)


def _as_boolean(name: str, texts: pl.Series, reading: Reading) -> Converted:
    values, fits = booleans(texts)
    return Converted(values, "boolean", _bad(fits), texts)


def _as_text(name: str, texts: pl.Series, reading: Reading) -> Converted:
    return Converted(texts, "text", None, texts)


_AS: dict[str, Callable[[str, pl.Series, Reading], Converted]] = {
    "number": _as_number,
    "date": _as_date,
    "boolean": _as_boolean,
    "text": _as_text,
}


def _bad(fits: pl.Series) -> pl.Series | None:
    bad = (~fits).fill_null(False)
    return bad if bool(bad.any()) else None


def _typed(name: str, column: pl.Series, reading: Reading, wanted: str | None) -> Converted:
    """Return a column that has a type in its file already."""
    found = _as_it_is(name, column)
    if wanted is None or wanted == found.type:
        return found
    if wanted == "text":
        return Converted(as_texts(found.values), "text", None, None, found.notes)
    texts = as_texts(found.values)
    plain = Reading(missing=(), date_order=reading.date_order)
    again = _AS[wanted](name, texts, plain)
    again.notes[:0] = found.notes
    return again


def _as_it_is(name: str, column: pl.Series) -> Converted:
    dtype = column.dtype
    why = "The file says so."
    if dtype == pl.Boolean:
        return Converted(column, "boolean", why=why)
    if dtype == pl.Date:
        return Converted(column, "date", why=why)
    if isinstance(dtype, pl.Datetime):
        notes = []
        if dtype.time_zone:
            notes.append(f"Times of “{name}” are turned from {dtype.time_zone} to UTC.")
            column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        return Converted(column.cast(pl.Datetime("us")), "date", notes=notes, why=why)
    if isinstance(dtype, pl.Duration):
        days = column.dt.total_microseconds() / 86_400e6
        return Converted(days, "number", notes=[f"Durations of “{name}” are read in days."])
    if dtype == pl.Time:
        hours = column.cast(pl.Int64) / 3_600e9
        note = f"Times of day of “{name}” are read as hours."
        return Converted(hours, "number", notes=[note], why=note)
    if dtype.is_integer():
        if _loses_digits(column):
            note = f"“{name}” is read as text: some of its whole numbers are beyond {EXACT:,}."
            return Converted(column.cast(pl.String), "text", notes=[note], why=note)
        return Converted(column.cast(pl.Int64), "number", why=why)
    notes = []
    if dtype.is_decimal():
        notes.append(f"Decimals of “{name}” are kept with 15 to 16 figures.")
    values = column.cast(pl.Float64)
    values = nulled(values, values.is_nan())
    bad = values.is_infinite().fill_null(False)
    whole = values.is_not_null() & (values == values.round()) & (values.abs() <= EXACT)
    if not dtype.is_float() and bool((whole | values.is_null()).all()):
        values = values.cast(pl.Int64)
    if bool(bad.any()):
        return Converted(nulled(values, bad), "number", bad, as_texts(column), notes, why)
    return Converted(values, "number", notes=notes, why=why)


def _loses_digits(whole: pl.Series) -> bool:
    """Return whether some whole numbers are too large to be told apart as floating point ones."""
    wide = whole.cast(pl.Int128)  # small types cannot be compared with so large a number
    return bool(((wide > EXACT) | (wide < -EXACT)).any())


def as_texts(values: pl.Series) -> pl.Series:
    """Return typed values as the texts that people read: 12 and not 12.0, dates as ISO 8601."""
    dtype = values.dtype
    if dtype == pl.String:
        return values
    if dtype.is_float():
        texts = values.cast(pl.String)
        return texts.str.replace(r"\.0$", "")
    if dtype == pl.Boolean:
        return values.cast(pl.String)
    if isinstance(dtype, pl.Datetime):
        texts = values.dt.to_string("%Y-%m-%d %H:%M:%S%.f")
        return texts.str.replace(" 00:00:00$", "")
    return values.cast(pl.String)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"
