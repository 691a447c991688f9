"""Export: a file made of a fit, as bytes that come one block after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import slugify

from headwater.learning.models import Fit

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}


class ExportError(ValueError):
    """A file that cannot be made; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is made while it is read."""

    file_name: str
    content_type: str
    blocks: Iterator[bytes]
    notes: tuple[str, ...] = ()
    """What has become of the rows since the fit, in sentences."""


def file_name(fit: Fit, what: str, format: str) -> str:
    """Return “customers-run-12-rows.csv”."""
    return f"{slugify(fit.model.name) or 'model'}-run-{fit.pk}-{what}.{format}"


def check_format(format: str, *known: str) -> None:
    """Raise ``ExportError`` where ``format`` is not among the known ones."""
    if format not in known:
        raise ExportError(f"There is no export as “{format}”; there is {', '.join(known)}.")
