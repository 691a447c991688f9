"""Dates: a fit sees them as days since 1970-01-01; people read them as dates again."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.apps import apps
from django.db import models
from django.utils.formats import date_format

from headwater.learning.models import Fit
from headwater.sources.kinds import ColumnError, resolve
from headwater.sources.models.dataset import DatasetVersion, version_read
from headwater.words import figure

DateKind = Literal["date", "datetime"]
Dates = dict[str, DateKind]
"""Column -> its kind, for those that hold dates."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def date_columns(fit: Fit) -> Dates:
    """Return which columns of ``fit`` hold dates; none where its Django model is gone."""
    version = version_read(fit.source)
    if version is not None:
        return _of_version(version, fit.source.get("columns", []))
    try:
        model = apps.get_model(str(fit.source.get("model", "")))
    except (LookupError, ValueError):
        return {}
    dates: Dates = {}
    for column in fit.source.get("columns", []):
        try:
            field: Any = resolve(model, column).field
        except ColumnError:
            continue
        field = getattr(field, "output_field", field)
        if isinstance(field, models.DateTimeField):
            dates[column] = "datetime"
        elif isinstance(field, models.DateField):
            dates[column] = "date"
    return dates


def _of_version(version: DatasetVersion, columns: list[str]) -> Dates:
    types = {column["name"]: column["type"] for column in version.columns}
    return {name: "datetime" for name in columns if types.get(name) == "date"}


def as_date(days: float, kind: DateKind, *, with_time: bool = False) -> str:
    """Return the date (UTC) that lies ``days`` after 1970-01-01; the number where there is none.

    >>> as_date(20779.16, "date"), as_date(0.5, "datetime", with_time=True)
    ('22 Nov 2026', '1 Jan 1970, 12:00')
    """
    try:
        moment = _EPOCH + dt.timedelta(days=days)
    except (OverflowError, ValueError):
        return figure(float(days))
    return date_format(moment, "j M Y, H:i" if with_time and kind == "datetime" else "j M Y")


def date_and_spread(mean: float, spread: float | None, kind: DateKind) -> str:
    """Return “22 Nov 2026 ± 12 days”; a spread within two days shows the time as well."""
    near = spread is not None and spread < 2
    text = as_date(mean, kind, with_time=near)
    return f"{text} ± {figure(float(spread), 2)} days" if spread else text
