"""Assign: new rows, from a file or a form, get the segment that a run gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from headwater.engines.artifact import Pipeline, unpack
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.table import ColumnKind, Table
from headwater.engines.values import category_codes
from headwater.learning.dates import date_columns
from headwater.learning.errors import FitError
from headwater.learning.models import Fit, FitStatus
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.models.dataset import version_read
from headwater.sources.number import to_number
from headwater.words import counted, listed

if TYPE_CHECKING:
    import polars

    from headwater.sources.models import Upload

SHOWN = 50
"""Rows that a page shows of those that were assigned."""
ColumnType = Literal["number", "date", "boolean", "text"]


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """A column that a new row must have."""

    name: str
    type: ColumnType
    categories: tuple[str, ...]
    """The texts that were learned from; empty for other columns."""
    may_be_empty: bool
    """Whether a missing value is filled as it was in the run."""


@dataclass(frozen=True, slots=True, eq=False)
class AssignedRows:
    """New rows with their segments, in their order."""

    fit: Fit
    rows: polars.DataFrame
    """All columns that were given."""
    names: tuple[str, ...]
    """What each row is called: by the column with names, else its number, from 1."""
    letters: tuple[str, ...]
    """The segment of each row; an empty text: outside of every segment."""
    probabilities: tuple[float, ...] | None
    """That each row belongs to its segment; None where the technique has none."""
    ignored: tuple[str, ...]
    """Columns that were given and have no part in the run."""
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.letters)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by letter, A first; “” of those outside, last, where there are any."""
        letters = [letter for letter in self.letters if letter]
        found = {one: letters.count(one) for one in sorted(set(letters), key=_order)}
        return found | ({"": outside} if (outside := len(self) - len(letters)) else {})

    def frame(self, *, names: Mapping[str, str] | None = None) -> polars.DataFrame:
        """Return the rows with their segment, its name where ``names`` has one, and probability."""
        import polars as pl

        told = [pl.Series("segment", [letter or None for letter in self.letters], pl.String)]
        if names is not None:
            called = [names.get(letter) for letter in self.letters]
            told.append(pl.Series("segment name", called, pl.String))
        if self.probabilities is not None:
            told.append(pl.Series("probability", self.probabilities, pl.Float64))
        return self.rows.with_columns(
            series.alias(_unused(series.name, self.rows.columns)) for series in told
        )


def asked_columns(fit: Fit) -> list[AskedColumn]:
    """Return what a new row must have to get a segment of ``fit``, for a form."""
    pipeline = _pipeline(fit)
    encoder, types = pipeline.encoder, _types(fit, pipeline)
    return [
        AskedColumn(
            name=name,
            type=types[name],
            categories=tuple(encoder.categories_.get(name, ())),
            may_be_empty=encoder.missing != "refuse",
        )
        for name in pipeline.columns
    ]


def assign_rows(fit: Fit, rows: Sequence[Mapping[str, object]]) -> AssignedRows:
    """Return ``rows`` (column -> number, date, text, or None: not known) with their segments.

    Raises FitError where the run gives no segments, a column is missing or a value does not fit.
    Other columns are ignored, and told.
    """
    import polars as pl

    pipeline = _pipeline(fit)
    if not rows:
        raise FitError("There are no rows to assign.")
    given = list(dict.fromkeys(name for row in rows for name in row))
    found = _matched(pipeline.columns, given)
    columns = {
        name: _values(name, pipeline.encoder.kinds_[name], [row.get(found[name]) for row in rows])
        for name in pipeline.columns
    }
    table = Table(np.arange(1, len(rows) + 1), columns, pipeline.encoder.kinds_)
    frame = pl.DataFrame(
        {name: [_shown(row.get(name)) for row in rows] for name in given}, strict=False
    )
    return _assigned(fit, pipeline, table, frame, found, ())


def assign_upload(fit: Fit, upload: Upload) -> AssignedRows:
    """Return the rows of the file ``upload`` with their segments; the upload stays as it is.

    Columns are found by their names. Raises FileError or ProblemsError where the file cannot be
    read or a cell does not fit, with at most five such cells, and FitError where the run gives no
    segments or a column is missing. Other columns are ignored, and told.
    """
    from headwater.sources.files.interpret import interpret
    from headwater.sources.files.limits import Limits
    from headwater.sources.files.load import read_grid
    from headwater.sources.files.reading import Reading
    from headwater.sources.files.table import to_table
    from headwater.sources.uploads import local_file

    pipeline = _pipeline(fit)
    limits = Limits.from_settings()
    reading = Reading.from_json(upload.reading)
    with local_file(upload) as path:
        grid = read_grid(path, reading, limits)
    found = _matched(pipeline.columns, list(grid.names))
    types = _types(fit, pipeline)
    asked = {
        found[name]: {
            "type": types[name],
            "role": "category" if kind == "categorical" else "feature",
        }
        for name, kind in pipeline.encoder.kinds_.items()
    }
    rest = {name: {"role": "out"} for name in grid.names if name not in asked}
    read = interpret(grid, reading, {**rest, **asked}, limits)
    if grid.problems.total:
        raise ProblemsError(grid.problems.shown(), grid.problems.total)
    if not read.frame.height:
        raise FileError(f"“{upload.file_name}” has no rows.")
    table = to_table(read.frame, read.columns, [found[name] for name in pipeline.columns])
    columns = {name: table.columns[found[name]] for name in pipeline.columns}
    table = Table(table.ids, columns, pipeline.encoder.kinds_)
    return _assigned(fit, pipeline, table, read.frame, found, (*reading.notes, *grid.notes))


def _pipeline(fit: Fit) -> Pipeline:
    """Return the pipeline of ``fit``; raise FitError where it gives no segments."""
    if fit.status != FitStatus.SUCCEEDED or not fit.artifact:
        raise FitError(f"“{fit}” has not succeeded, so it gives no segments.")
    pipeline = unpack(fit.artifact, fit.artifact_digest)
    if not pipeline.makes_groups or not pipeline.letters:
        label = TECHNIQUES[fit.technique].label
        raise FitError(f"“{fit}” ({label}) has no segments that a row could be put in.")
    return pipeline


def _types(fit: Fit, pipeline: Pipeline) -> dict[str, ColumnType]:
    """Return the type that each column has in a file."""
    version = version_read(fit.source)
    kept = {} if version is None else {one["name"]: one["type"] for one in version.columns}
    dates = date_columns(fit)
    plain: dict[ColumnKind, ColumnType] = {
        "numeric": "number",
        "boolean": "boolean",
        "categorical": "text",
    }
    types: dict[str, Any] = {
        name: kept.get(name) or ("date" if name in dates else plain[kind])
        for name, kind in pipeline.encoder.kinds_.items()
    }
    return types


def _matched(columns: Sequence[str], given: Sequence[str]) -> dict[str, str]:
    """Return column -> its name among ``given``, as it stands or but for capitals and spaces."""
    alike = {_plain(name): name for name in reversed(given)}
    found = {
        name: name if name in given else alike[_plain(name)]
        for name in columns
        if name in given or _plain(name) in alike
    }
    missing = [f"“{name}”" for name in columns if name not in found]
    if missing:
        there = listed([f"“{name}”" for name in given[:12]])
        raise FitError(
            f"The column{'s'[: len(missing) > 1]} {listed(missing)} "
            f"{'are' if len(missing) > 1 else 'is'} missing, and the run learned from "
            f"{'them' if len(missing) > 1 else 'it'}. There {'is' if len(given) == 1 else 'are'} "
            f"{there}{' and others' if len(given) > 12 else ''}."
        )
    return found


def _assigned(
    fit: Fit,
    pipeline: Pipeline,
    table: Table,
    frame: polars.DataFrame,
    found: Mapping[str, str],
    notes: Sequence[str],
) -> AssignedRows:
    letters = pipeline.predict(table)
    probabilities = None
    if pipeline.has_probabilities:
        place = {letter: i for i, letter in enumerate(pipeline.letters)}
        of_each = pipeline.probabilities(table)
        probabilities = tuple(
            float(of_each[row, place[letter]]) if letter else 0.0
            for row, letter in enumerate(letters)
        )
    name_column = str(fit.source.get("name", ""))
    named = next((one for one in frame.columns if _plain(one) == _plain(name_column)), None)
    names = [str(number) for number in range(1, len(letters) + 1)]
    if named is not None and name_column:
        texts = frame[named].to_list()
        names = [n if text is None else str(text) for n, text in zip(names, texts, strict=True)]
    used = {*found.values(), named}
    return AssignedRows(
        fit=fit,
        rows=frame,
        names=tuple(names),
        letters=tuple(letters),
        probabilities=probabilities,
        ignored=tuple(name for name in frame.columns if name not in used),
        notes=(*notes, *_told(pipeline, table)),
    )


def _told(pipeline: Pipeline, table: Table) -> list[str]:
    """Return what was made of values that are missing, or were not there to be learned from."""
    told = []
    for name, kind in pipeline.encoder.kinds_.items():
        values = table.columns[name]
        if kind == "categorical":
            known = pipeline.encoder.categories_[name]
            there = np.array([v is not None for v in values], dtype=np.bool_)
            n_new = int((there & (category_codes(values, known) < 0)).sum())
            if n_new:
                texts = counted(n_new, "value")
                told.append(
                    f"“{name}” has {texts} that {'was' if n_new == 1 else 'were'} not there to be "
                    "learned from; they count as no category."
                )
            continue
        n_missing = int(np.isnan(values).sum())
        if n_missing:
            told.append(f"“{name}” lacks {counted(n_missing, 'value')}, filled as in the run.")
    return told


def _values(name: str, kind: ColumnKind, given: Sequence[object]) -> NDArray[Any]:
    if kind == "categorical":
        texts = np.empty(len(given), dtype=object)
        texts[:] = [None if value in (None, "") else str(value) for value in given]
        return texts
    numbers = np.empty(len(given))
    for i, value in enumerate(given):
        try:
            if isinstance(value, str):
                numbers[i] = float(value) if value.strip() else np.nan
            else:
                numbers[i] = to_number(value)
        except (TypeError, ValueError):
            raise FitError(f"“{name}” was “{value}”; it takes a number.") from None
    return numbers


def _shown(value: object) -> Any:
    """Return a value as a frame holds it."""
    if isinstance(value, Decimal):
        return float(value)
    known = (str, int, float, bool, dt.date, dt.timedelta)
    return value if value is None or isinstance(value, known) else str(value)


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").split())


def _unused(name: str, taken: Sequence[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name} ({i})" for i in range(2, len(taken) + 3) if f"{name} ({i})" not in taken)


def _order(letter: str) -> tuple[int, str]:
    return len(letter), letter
