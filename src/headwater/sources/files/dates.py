"""dates: texts as dates and times, with figures in the order of a reading."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from headwater.sources.files.columns import nulled, where_known, with_values

_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_LONG = (
    "uary", "ruary", "ch", "il", "", "e", "y", "ust", "t(?:ember)?", "ober", "ember", "ember",
)  # fmt: skip
_NAME = "(?:" + "|".join(
    f"{short}(?:{rest})?" for short, rest in zip(_MONTHS, _LONG, strict=True)
) + ")"  # fmt: skip
_TIME = (
    r"(?:(?:[ T]|, ?)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,9}))?)?"
    r" ?(?P<half>[aApP]\.?[mM]\.?)? ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ISO = rf"^(?P<year>[0-9]{{4}})[-/.](?P<month>[0-9]{{1,2}})[-/.](?P<day>[0-9]{{1,2}}){_TIME}$"
_COMPACT = rf"^(?P<year>[12][0-9]{{3}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}}){_TIME}$"
_MONTH = rf"^(?P<year>[12][0-9]{{3}})-(?P<month>[0-9]{{2}})(?P<day>){_TIME}$"
_FIGURES = {
    "dmy": r"(?P<day>[0-9]{1,2})[-/. ]{1,2}(?P<month>[0-9]{1,2})[-/. ]{1,2}",
    "mdy": r"(?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})[-/.]",
}
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_NAMED = (
    rf"(?i)^(?P<day>[0-9]{{1,2}})\.?[- ](?P<month>{_NAME})\.?,?[- ]{_YEAR}{_TIME}$",
    rf"(?i)^(?P<month>{_NAME})\.? (?P<day>[0-9]{{1,2}}),? {_YEAR}{_TIME}$",
)


@dataclass(frozen=True, slots=True)
class Dates:
    """What became of the texts of one column."""

    values: pl.Series
    """Date where no text has a time, else Datetime in microseconds; null where not read."""
    fits: pl.Series
    """(n,) which texts are dates; null where the text is missing."""
    n_zones: int
    """Times with a zone, which are turned to UTC."""
    n_short: int
    """Years in two figures: 70 to 99 are of the 20th century, 00 to 69 of the 21st."""
    n_either: int
    """Dates in figures that would be read under day, month and month, day alike."""


def dates(texts: pl.Series, order: str, *, compact: bool = False) -> Dates:
    """Return ``texts`` as dates.

    Read are 2024-03-04 (also with / and .), 3/4/2024 and its kin in the ``order`` “dmy” or
    “mdy”, 4 March 2024, Mar 4, 2024 (English), each with an optional time, and 2024-03, which is
    its first day; ``compact`` adds 20240304, which is a number where nobody asked for a date.
    """
    figures = rf"^{_FIGURES[order]}{_YEAR}{_TIME}$" if order in _FIGURES else ""
    patterns = [_ISO, *_NAMED, _MONTH, *([figures] if figures else [])]
    if compact:
        patterns.append(_COMPACT)
    values = pl.Series(values=[None] * len(texts), dtype=pl.Datetime("us"))
    timed = zones = short = either = 0
    open_texts = texts
    for pattern in patterns:
        rows = open_texts.str.contains(pattern).fill_null(False).arg_true()
        if not len(rows):
            continue
        read = _Parts(texts.gather(rows), pattern)
        good = read.values.is_not_null()
        values = with_values(values, rows.filter(good), read.values.filter(good))
        open_texts = with_values(open_texts, rows.filter(good), None)
        timed += int((read.has_time & good).sum())
        zones += int((read.has_zone & good).sum())
        short += int((read.is_short & good).sum())
        if pattern == figures:
            either += int(((read.month <= 12) & (read.day <= 12) & good).sum())
    fits = where_known(values.is_not_null(), texts)
    return Dates(values if timed else values.cast(pl.Date), fits, zones, short, either)


class _Parts:
    """The parts of dates that match one pattern, as columns."""

    def __init__(self, texts: pl.Series, pattern: str) -> None:
        parts = texts.str.extract_groups(pattern).struct.unnest()
        self.is_short = parts["year"].str.len_bytes() == 2
        self.has_time = parts["hour"].is_not_null()
        self.has_zone = parts["zone"].is_not_null()
        month = parts["month"].str.to_lowercase().str.head(3)
        named = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}
        self.month = month.replace(named).cast(pl.Int32, strict=False)
        self.day = parts["day"].replace("", "1").cast(pl.Int32)
        year = parts["year"].cast(pl.Int32)
        century = (
            pl.when(self.is_short & (year >= 70)).then(1900).when(self.is_short).then(2000)
        ).otherwise(0)
        half = parts["half"].str.to_lowercase().str.head(1)
        clock = parts["hour"].cast(pl.Int32).fill_null(0)
        hour = (
            pl.when((half == "p") & (clock < 12)).then(clock + 12)
            .when((half == "a") & (clock == 12)).then(0)
        ).otherwise(clock)  # fmt: skip
        odd = half.is_not_null() & ((clock > 12) | (clock == 0))
        stamp = pl.select(
            pl.format(
                "{}-{}-{} {}:{}:{}.{}",
                (century + year).cast(pl.String).str.zfill(4),
                self.month,
                self.day,
                hour,
                parts["minute"].fill_null("00"),
                parts["second"].fill_null("00"),
                parts["part"].fill_null("0"),
            ).alias("stamp")
        ).to_series()
        moments = stamp.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
        moments = nulled(moments, odd)
        if bool(self.has_zone.any()):
            moments = moments - _offsets(parts["zone"])
        self.values = moments


def _offsets(zones: pl.Series) -> pl.Series:
    """Return how far each zone is ahead of UTC."""
    figures = zones.str.extract_groups(r"([+-])([0-9]{2}):?([0-9]{2})").struct.unnest()
    sign, hours, minutes = figures.get_columns()
    ahead = hours.cast(pl.Int64).fill_null(0) * 60 + minutes.cast(pl.Int64).fill_null(0)
    signed = pl.select(pl.when(sign == "-").then(-ahead).otherwise(ahead)).to_series()
    return (signed * 60_000_000).cast(pl.Duration("us"))
