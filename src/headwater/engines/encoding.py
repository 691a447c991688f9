"""Encoder: columns of a table as the numbers that an estimator sees, and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from headwater.engines.scales import (
    Floats,
    mean_and_spread,
    median,
    quartile_distance,
    signed_exp,
    signed_log,
)
from headwater.engines.table import ColumnKind, Matrix, Table
from headwater.engines.values import (
    EncodingError,
    as_number,
    as_numbers,
    category_codes,
    is_missing,
    n_values,
    row_error,
    unknown_category,
)

RowEncoder = Callable[[Mapping[str, Any]], Floats]
Missing = Literal["mean", "median", "refuse"]
Scale = Literal["standard", "robust", "none"]

CATEGORIES = 50
"""Different values that a categorical column may have, at most."""


@dataclass(frozen=True, slots=True)
class _Column:
    """How one original column is encoded."""

    name: str
    kind: ColumnKind
    log: bool
    at: int
    """Its first encoded column."""
    width: int
    """How many encoded columns it has."""
    fill: float
    """Stands for a missing number, on the column's scale; NaN where missing is refused."""
    offset: float
    scale: float
    categories: tuple[str, ...]


class Encoder:
    """Learned encoding of a table; a part of the artifact, so it holds plain values only.

    Numeric columns: the signed log where asked for, then, by ``scale``, “standard” (x - mean) /
    standard deviation, “robust” (x - median) / distance of the quartiles (the standard deviation
    where half of the values are the same), or “none”; a constant column is divided by 1. Booleans
    stay 0 and 1. A categorical column becomes one column for each category seen by ``fit``, which
    holds 0 or ``category_weight``; a missing or unknown category is all zeros. With ``codes`` it
    becomes one column instead, the number of the category in their order, and a missing or unknown
    category is refused. Missing numbers get the column's mean or
    median (of the logs, on a log scale), missing booleans the more frequent value.

    After ``fit``: ``names_``, the encoded columns; ``columns_`` and ``kinds_``, the original ones;
    ``report_``, for each original column a dict with ``name``, ``kind``, ``log``, ``constant``,
    ``n_missing``, ``filled_with`` (own units; None where nothing is filled) and ``categories``.

    >>> table = Table(np.arange(3), {"age": np.array([20.0, 30.0, 40.0])}, {"age": "numeric"})
    >>> encoder = Encoder().fit(table)
    >>> encoder.transform(table).X.ravel().round(3).tolist()
    [-1.225, 0.0, 1.225]
    >>> encoder.encode_row({"age": 30}).tolist()
    [0.0]
    """

    columns_: tuple[str, ...]
    kinds_: dict[str, ColumnKind]
    names_: tuple[str, ...]
    report_: list[dict[str, Any]]
    fill_: dict[str, float]
    offset_: dict[str, float]
    scale_: dict[str, float]
    categories_: dict[str, tuple[str, ...]]

    def __init__(
        self,
        *,
        scale: Scale = "standard",
        log: Sequence[str] = (),
        missing: Missing = "mean",
        category_weight: float = 1.0,
        max_categories: int = CATEGORIES,
        codes: bool = False,
    ) -> None:
        self.codes = codes
        self.scale = scale
        self.log = tuple(log)
        self.missing = missing
        self.category_weight = category_weight
        self.max_categories = max_categories
        self._encode_row: RowEncoder | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if key != "_encode_row"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._encode_row = None

    def fit(self, table: Table) -> Self:
        """Learn scales, categories and fillings from ``table``; returns self.

        Raises EncodingError for no rows, no columns, infinite values, a column with nothing but
        missing values, too many categories, or a log scale on what is no numeric column.
        """
        self._check_asked(table)
        self._encode_row = None
        self.columns_ = tuple(table.columns)
        self.kinds_ = {name: table.kinds[name] for name in self.columns_}
        self.fill_, self.offset_, self.scale_ = {}, {}, {}
        self.categories_, self.report_ = {}, []
        names: list[str] = []
        for name in self.columns_:
            if self.kinds_[name] == "categorical":
                categories, n_missing = self._fit_categories(name, table.columns[name])
                names += [name] if self.codes else [f"{name}={category}" for category in categories]
                filled, constant, n_categories = None, len(categories) == 1, len(categories)
            else:
                n_missing, constant = self._fit_numbers(name, table)
                names.append(name)
                filled, n_categories = self._filled(name) if n_missing else None, 0
            self.report_.append(
                {
                    "name": name,
                    "kind": self.kinds_[name],
                    "log": name in self.log,
                    "constant": constant,
                    "n_missing": n_missing,
                    "filled_with": filled,
                    "categories": n_categories,
                }
            )
        self.names_ = tuple(names)
        return self

    def transform(self, table: Table) -> Matrix:
        """Return the encoded (n, d') matrix of ``table``, column by column in memory."""
        X = np.empty((len(self.names_), len(table))).T
        for column in self._plan():
            if column.name not in table.columns:
                raise EncodingError(f"The column “{column.name}”, which was learned from, is gone.")
            values = table.columns[column.name]
            if column.kind == "categorical":
                codes = category_codes(values, column.categories)
                if self.missing == "refuse" or self.codes:
                    self._refuse_missing(column.name, table, is_missing(values))
                if self.codes:
                    if (codes < 0).any():
                        row = int((codes < 0).argmax())
                        raise unknown_category(column.name, values[row], column.categories)
                    X[:, column.at] = codes
                    continue
                block = X[:, column.at : column.at + column.width]
                block[:] = codes[:, np.newaxis] == np.arange(column.width)
                if self.category_weight != 1:
                    block *= self.category_weight
                continue
            numbers = as_numbers(column.name, values, table.ids)
            missing = np.isnan(numbers)
            if missing.any() and math.isnan(column.fill):
                self._refuse_missing(column.name, table, missing)
            scaled = signed_log(numbers) if column.log else numbers
            np.divide(
                np.where(missing, column.fill, scaled) - column.offset,
                column.scale,
                out=X[:, column.at],
            )
        return Matrix(ids=table.ids, X=X, names=self.names_)

    def fit_transform(self, table: Table) -> Matrix:
        """Return ``fit(table).transform(table)``."""
        return self.fit(table).transform(table)

    def encode_row(self, observation: Mapping[str, Any]) -> Floats:
        """Return the (d',) encoding of one observation; see ``compile``."""
        if self._encode_row is None:
            self._encode_row = self.compile()
        return self._encode_row(observation)

    def compile(self) -> RowEncoder:
        """Return the function behind ``encode_row``: a few microseconds a call.

        It takes column name -> number, text or None (missing), ignores other names, and raises
        EncodingError for a column that is absent, infinite or of the wrong type.
        """
        plan = self._plan()
        numeric = [
            (c.name, c.at, c.log, c.fill, c.offset, c.scale)
            for c in plan
            if c.kind != "categorical"
        ]
        categorical = [
            (c.name, c.at, {category: i for i, category in enumerate(c.categories)})
            for c in plan
            if c.kind == "categorical"
        ]
        zeros = [0.0] * len(self.names_)
        as_codes, weight = self.codes, float(self.category_weight)
        refuse, isfinite, log1p, array = (
            self.missing == "refuse" or as_codes,
            math.isfinite,
            math.log1p,
            np.array,
        )

        def encode(observation: Mapping[str, Any]) -> Floats:
            row = zeros.copy()
            for name, at, log, fill, offset, scale in numeric:
                try:
                    value = observation[name]
                    x = fill if value is None else as_number(value)
                except (KeyError, TypeError, ValueError, OverflowError):
                    raise row_error(name, observation) from None
                if value is not None:
                    if not isfinite(x):
                        if x == x:
                            raise row_error(name, observation)
                        x = fill
                    elif log:
                        x = log1p(x) if x >= 0 else -log1p(-x)
                if x != x:
                    raise EncodingError(f"“{name}” is missing, and missing values are refused.")
                row[at] = (x - offset) / scale
            for name, at, places in categorical:
                try:
                    value = observation[name]
                except KeyError:
                    raise row_error(name, observation) from None
                if value is None or value != value:
                    if refuse:
                        raise EncodingError(f"“{name}” is missing, and missing values are refused.")
                    continue
                place = places.get(str(value))
                if as_codes:
                    if place is None:
                        raise unknown_category(name, value, tuple(places))
                    row[at] = place
                elif place is not None:
                    row[at + place] = weight
            return array(row)

        return encode

    def inverse(self, X: Floats) -> dict[str, NDArray[Any]]:
        """Return original column -> (n,) values in its own units, for (n, d') encoded rows.

        A categorical column gives the category with the greatest number, None where all are zero;
        a missing number gives what it was filled with.
        """
        original: dict[str, NDArray[Any]] = {}
        for column in self._plan():
            if column.kind == "categorical" and self.codes:
                names = np.array([*column.categories], dtype=object)
                nearest = np.clip(np.rint(X[:, column.at]), 0, len(names) - 1).astype(np.int64)
                original[column.name] = names[nearest]
            elif column.kind == "categorical":
                block = X[:, column.at : column.at + column.width]
                best = np.array([*column.categories], dtype=object)[block.argmax(axis=1)]
                best[block.max(axis=1) <= 0] = None
                original[column.name] = best
            else:
                numbers = X[:, column.at] * column.scale + column.offset
                original[column.name] = signed_exp(numbers) if column.log else numbers
        return original

    def notes(self) -> list[str]:
        """Return what a reader of the results should know of the columns, in sentences."""
        notes = []
        for column in self.report_:
            name, n_missing = column["name"], column["n_missing"]
            values = n_values(n_missing)
            if n_missing and column["filled_with"] is None:
                notes.append(f"“{name}” lacks {values}, which count as no category.")
            elif n_missing:
                notes.append(f"“{name}” lacks {values}, taken as {column['filled_with']:,.6g}.")
            if column["constant"]:
                notes.append(f"“{name}” is the same in every row and tells no groups apart.")
        return notes

    def _check_asked(self, table: Table) -> None:
        if not table.columns:
            raise EncodingError("There are no columns to learn from.")
        if not len(table):
            raise EncodingError("There are no rows to learn from.")
        if self.missing not in ("mean", "median", "refuse"):
            raise EncodingError(
                f"“missing” was {self.missing!r}; it takes one of “mean”, “median”, “refuse”."
            )
        if self.scale not in ("standard", "robust", "none"):
            raise EncodingError(
                f"“scale” was {self.scale!r}; it takes one of “standard”, “robust”, “none”."
            )
        weight = self.category_weight
        if not 0 < weight < math.inf:
            raise EncodingError(f"“category_weight” was {weight!r}; it takes a number above 0.")
        for name in self.log:
            if name not in table.columns:
                raise EncodingError(
                    f"The log scale is asked for “{name}”, which is none of the columns: "
                    f"{', '.join(table.columns)}."
                )
            if table.kinds[name] != "numeric":
                raise EncodingError(
                    f"The log scale is asked for “{name}”, which is {table.kinds[name]}; "
                    "it takes numeric columns."
                )

    def _fit_categories(self, name: str, values: NDArray[Any]) -> tuple[tuple[str, ...], int]:
        missing = is_missing(values)
        if missing.all():
            raise EncodingError(f"The column “{name}” has no values: all {len(values):,} lack.")
        if self.missing == "refuse" and missing.any():
            raise EncodingError(
                f"The column “{name}” lacks {n_values(int(missing.sum()))}, and missing values are "
                "refused."
            )
        categories = tuple(sorted({str(value) for value in values[~missing]}))
        if len(categories) > self.max_categories:
            raise EncodingError(
                f"The column “{name}” has {len(categories):,} different values; a categorical "
                f"column takes at most {self.max_categories}. Leave it out, or group its values."
            )
        self.categories_[name] = categories
        return categories, int(missing.sum())

    def _fit_numbers(self, name: str, table: Table) -> tuple[int, bool]:
        numbers = as_numbers(name, table.columns[name], table.ids)
        missing = np.isnan(numbers)
        n_missing = int(missing.sum())
        if n_missing == len(numbers):
            raise EncodingError(f"The column “{name}” has no values: all {n_missing:,} lack.")
        if n_missing and self.missing == "refuse":
            self._refuse_missing(name, table, missing)
        known = numbers[~missing] if n_missing else numbers
        if name in self.log:
            known = signed_log(known)
        offset, scale = mean_and_spread(known)
        constant = scale == 0
        if self.missing == "refuse":
            self.fill_[name] = math.nan
        elif self.kinds_[name] == "boolean":
            self.fill_[name] = float(known.mean() > 0.5)
        else:
            self.fill_[name] = offset if self.missing == "mean" else median(known)
        scaled = self.scale != "none" and self.kinds_[name] == "numeric"
        if scaled and self.scale == "robust":
            # Half of the values the same: the quartiles tell nothing of the spread of the others.
            offset, scale = median(known), quartile_distance(known) or scale
        self.offset_[name] = offset if scaled else 0.0
        self.scale_[name] = scale if scaled and not constant else 1.0
        return n_missing, constant

    def _filled(self, name: str) -> float:
        fill = self.fill_[name]
        return float(signed_exp(np.array(fill))) if name in self.log else fill

    def _refuse_missing(self, name: str, table: Table, missing: NDArray[np.bool_]) -> None:
        if missing.any():
            raise EncodingError(
                f"The column “{name}” lacks {n_values(int(missing.sum()))}, the first in row "
                f"{table.ids[missing.argmax()]}, and missing values are refused."
            )

    def _plan(self) -> list[_Column]:
        plan, at = [], 0
        for name in self.columns_:
            categories = tuple(self.categories_.get(name, ()))
            width = 1 if self.codes else len(categories) or 1
            plan.append(
                _Column(
                    name=name,
                    kind=self.kinds_[name],
                    log=name in self.log,
                    at=at,
                    width=width,
                    fill=self.fill_.get(name, math.nan),
                    offset=self.offset_.get(name, 0.0),
                    scale=self.scale_.get(name, 1.0),
                    categories=categories,
                )
            )
            at += width
        return plan
