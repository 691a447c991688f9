"""Whatever is written as CSV, in any dialect, is read as it was."""

from __future__ import annotations

import csv
import io
import math
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.sources.files.booleans import PAIRS
from headwater.sources.files.missing import BLANKS
from headwater.sources.files.reading import MISSING
from tests.sources.files.reading_of import loaded


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    quote: str
    decimal: str
    thousands: str
    date: str
    encoding: str
    end: str
    always_quoted: bool


DIALECTS = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t|"),
    quote=st.just('"'),
    decimal=st.sampled_from(".,"),
    thousands=st.sampled_from(["", " ", "'", "other"]),
    date=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    always_quoted=st.booleans(),
)
WORDS = st.text(
    st.characters(codec="utf-8", categories=["L", "Nd", "P", "S", "Zs"], include_characters="\n,;"),
    min_size=1,
    max_size=12,
)


def is_word(text: str) -> bool:
    """Return whether ``text`` is read as it is: no blanks at its ends, and nothing but a text."""
    words = {word for pair in PAIRS for word in pair}
    return (
        text == text.strip(BLANKS).strip()
        and any(map(str.isalpha, text))
        and not any(map(str.isdigit, text))
        and text.lower() not in {*words, *MISSING}
        and text.lower().strip("+-") not in ("inf", "infinity")
        and not text.startswith(("#", "'"))
    )


TEXTS = st.lists(st.none() | WORDS.filter(is_word), min_size=12, max_size=12)
WHOLE = st.lists(st.none() | st.integers(-(10**12), 10**12), min_size=12, max_size=12)
NUMBERS = st.lists(
    st.none() | st.floats(-1e9, 1e9).map(lambda x: round(x, 3) + 0.0), min_size=12, max_size=12
)
DAYS = st.lists(
    st.none() | st.dates(date(1970, 1, 1), date(2069, 12, 31)), min_size=12, max_size=12
)
FLAGS = st.lists(st.none() | st.booleans(), min_size=12, max_size=12)


def written(value: Any, dialect: Dialect) -> str:
    """Return ``value`` as a cell of ``dialect``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.strftime(dialect.date)
    if isinstance(value, int | float):
        mark = {"other": "," if dialect.decimal == "." else "."}.get(
            dialect.thousands, dialect.thousands
        )
        text = f"{value:,.3f}" if isinstance(value, float) else f"{value:,}"
        return text.replace(",", "\0").replace(".", dialect.decimal).replace("\0", mark)
    return str(value)


def file_of(columns: dict[str, list[Any]], dialect: Dialect) -> bytes:
    """Return ``columns`` as a text file."""
    content = io.StringIO()
    writer = csv.writer(
        content,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        lineterminator=dialect.end,
        quoting=csv.QUOTE_ALL if dialect.always_quoted else csv.QUOTE_MINIMAL,
    )
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([written(value, dialect) for value in row])
    return content.getvalue().encode(dialect.encoding)


def same(value: Any, found: Any) -> bool:
    if isinstance(value, float) and isinstance(found, int | float):
        return math.isclose(value, found, rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(value, date) and isinstance(found, datetime):
        return found == datetime(value.year, value.month, value.day)
    return bool(value == found)


@settings(max_examples=40, deadline=None)
@given(dialect=DIALECTS, texts=TEXTS, whole=WHOLE, numbers=NUMBERS, days=DAYS, flags=FLAGS)
def test_what_is_written_in_any_dialect_is_read_as_it_was(
    dialect: Dialect,
    texts: list[Any],
    whole: list[Any],
    numbers: list[Any],
    days: list[Any],
    flags: list[Any],
) -> None:
    # a row with figures that tell signs and the order of dates apart
    columns = {
        "row": list(range(1, 14)),
        "some text": ["first", *texts],
        "whole": [1_234_567, *whole],
        "number": [1_234_567.5, *numbers],
        "day": [date(2024, 2, 29), *days],
        "flag": [True, *flags],
    }
    with tempfile.TemporaryDirectory() as folder:
        frame = loaded(Path(folder), file_of(columns, dialect)).frame
    assert frame.columns == list(columns)
    for name, values in columns.items():
        found = frame[name].to_list()
        assert len(found) == len(values)
        for value, read in zip(values, found, strict=True):
            assert same(value, read), (name, value, read)
