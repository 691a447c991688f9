"""The reading of an upload as choices on a page, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headwater.sources.files.reading import (
    DATE_ORDERS,
    DECIMALS,
    DELIMITERS,
    ENCODINGS,
    QUOTES,
    THOUSANDS,
    Reading,
)

_FIRST_SHEET = "the first sheet that holds anything"
_OTHER_MARK = {",": ".", ".": ","}


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a select; its value is an index where the setting itself might be empty."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ReadingField:
    """One setting of a reading: a select, or a number where there are no options."""

    name: str
    label: str
    options: tuple[Option, ...] = ()
    value: int = 0
    help: str = ""


def reading_fields(reading: Reading, sheets: list[str]) -> list[ReadingField]:
    """Return the settings that matter for the format of ``reading``."""
    if reading.format == "parquet":
        return []
    marks = [
        _select("decimal", "Decimal sign", DECIMALS, reading.decimal),
        _select("thousands", "Thousands sign", THOUSANDS, reading.thousands),
        _select("date_order", "Order of dates in figures", DATE_ORDERS, reading.date_order),
    ]
    line = "Lines" if reading.format == "csv" else "Rows"
    rows = [
        _select(
            "header",
            "First row",
            {"yes": "names the columns", "no": "is data already"},
            "yes" if reading.header else "no",
        ),
        ReadingField("skip", f"{line} to leave out above it", value=reading.skip),
    ]
    if reading.format == "xlsx":
        names = {"": _FIRST_SHEET, **{name: name for name in sheets}}
        return [_select("sheet", "Sheet", names, reading.sheet), *rows, *marks]
    return [
        _select("delimiter", "Between columns", DELIMITERS, reading.delimiter),
        _select("quote", "Around texts", QUOTES, reading.quote),
        _select("encoding", "Encoding", ENCODINGS, reading.encoding),
        *rows,
        *marks,
    ]


def _select(name: str, label: str, choices: Mapping[str, str], chosen: str) -> ReadingField:
    # browsers trim and normalise values such as a tab, so a choice is posted by its place
    return ReadingField(
        name,
        label,
        tuple(
            Option(str(place), words, value == chosen)
            for place, (value, words) in enumerate(choices.items())
        ),
    )


def reading_given(reading: Reading, posted: Mapping[str, Any], sheets: list[str]) -> Reading:
    """Return ``reading`` with what was chosen on the page; what does not fit stays as it was.

    Where a decimal sign is chosen that stands between thousands, the two change places.
    """
    json = reading.as_json()
    fields = {field.name: field for field in reading_fields(reading, sheets)}
    choices: dict[str, list[Any]] = {
        "delimiter": list(DELIMITERS),
        "quote": list(QUOTES),
        "encoding": list(ENCODINGS),
        "decimal": list(DECIMALS),
        "thousands": list(THOUSANDS),
        "date_order": list(DATE_ORDERS),
        "header": [True, False],
        "sheet": ["", *sheets],
    }
    for name in fields:
        given = str(posted.get(f"r-{name}", ""))
        if not given.isdecimal() or len(given) > 9:
            continue
        if name == "skip":
            json["skip"] = int(given)
        elif int(given) < len(choices[name]):
            json[name] = choices[name][int(given)]
    if json["decimal"] == json["thousands"]:
        if json["decimal"] != reading.decimal:
            json["thousands"] = _OTHER_MARK[json["decimal"]] if reading.thousands else ""
        else:
            json["decimal"] = _OTHER_MARK[json["thousands"]]
    if json["delimiter"] == " " and json["thousands"] == " ":
        json["thousands"] = ""
    # what was noticed when the file was looked at first tells of the settings it was read by then
    if json != reading.as_json():
        json["notes"] = []
    return Reading.from_json(json)
