"""Numbers and texts that values of columns become: in SQL for many rows, in Python for one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

NAN = float("nan")
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)


def to_number(value: object) -> float:
    """Return ``value`` as the float that a fit sees; None is NaN.

    True and false are 1 and 0, dates and times are days since 1970-01-01 (UTC; a time without a
    zone is taken as it stands), durations are days. Raises TypeError for anything else.
    """
    if value is None:
        return NAN
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=dt.UTC)
        return (value - _EPOCH) / _DAY
    if isinstance(value, dt.date):
        return float(value.toordinal() - _EPOCH_DAY)
    if isinstance(value, dt.timedelta):
        return value / _DAY
    number = getattr(value, "__float__", None)  # NumPy's scalars
    if number is None:
        raise TypeError(f"{value!r} is not a number, a date or true/false.")
    return float(number())


class AsNumber(models.Func):
    """``to_number`` in SQL: double precision; missing is NULL, or NaN where ``nan`` is set."""

    arity = 1
    output_field = models.FloatField()

    def __init__(self, expression: Combinable, *, of: models.Field[Any, Any], nan: bool) -> None:
        super().__init__(expression)
        self.of = getattr(of, "output_field", of)
        self.nan = nan

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        if isinstance(self.of, models.DateField):
            template = "(julianday(%(expressions)s) - 2440587.5)"
        elif isinstance(self.of, models.DurationField):
            template = "(CAST(%(expressions)s AS REAL) / 86400000000.0)"
        elif isinstance(self.of, models.BooleanField):
            template = "CAST(%(expressions)s AS REAL)"
        else:
            template = "%(expressions)s"  # a cast costs time, and would make 0 of what is no number
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        if isinstance(self.of, (models.DateField, models.DurationField)):
            template = "(EXTRACT(EPOCH FROM %(expressions)s) / 86400.0)::double precision"
        elif isinstance(self.of, models.BooleanField):
            template = "(%(expressions)s)::integer::double precision"
        else:
            template = "(%(expressions)s)::double precision"
        if self.nan:
            template = f"COALESCE({template}, 'NaN'::double precision)"
        return self.as_sql(compiler, connection, template=template, **context)


class AsInteger(models.Func):
    """An integer key as eight bytes."""

    arity = 1
    output_field = models.BigIntegerField()
    template = "CAST(%(expressions)s AS bigint)"


class AsText(models.Func):
    """A key or a choice as text."""

    arity = 1
    output_field = models.TextField()
    template = "CAST(%(expressions)s AS text)"
