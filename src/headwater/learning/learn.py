"""Learn: from the rows of a source to groups with letters, in memory; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from headwater.conf import settings
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.encoding import Encoder
from headwater.engines.table import Table
from headwater.learning.chain import label_fields
from headwater.learning.describe import Learned, describe
from headwater.learning.describe_decomposition import describe_decomposition
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.learning.reporter import LEARNED, READ, Reporter
from headwater.sources.models import Source
from headwater.sources.models.dataset import version_read
from headwater.sources.reads import dataset_id

TOO_MANY_ROWS = (
    "There is not enough memory to learn from so many rows and columns. Filter the rows, or use a "
    "machine with more memory."
)


def learn(fit: Fit, reporter: Reporter) -> Learned:
    """Read, encode, fit, match and describe, as ``fit`` says.

    Raises what its parts raise for bad input (each a sentence), and ``FitStopped``.
    """
    technique = TECHNIQUES.get(fit.technique)
    if technique is None:
        raise FitError(f"There is no technique “{fit.technique}”.")
    source = source_of(fit.source)
    estimator = technique.build(
        fit.parameters,
        restarts=fit.engine_meta_iterations,
        iterations=fit.engine_iterations,
        threads=settings().THREADS,
    )
    encoder = Encoder(**ENCODING.clean(fit.encoding))
    reporter.phase("reading", share=0.0)
    table = read_rows(source)
    matrix = encoder.fit_transform(table)
    reporter.phase("search", share=READ)
    fit_estimator(estimator, matrix.X, reporter)
    reporter.phase("finish", share=LEARNED)
    if technique.family == "decomposition":
        return describe_decomposition(fit, technique, table, matrix, encoder, estimator, source)
    return describe(fit, technique, table, matrix, encoder, estimator, reporter, source=source)


def source_of(reads: Mapping[str, Any]) -> Source:
    """Return the source that ``reads`` (``Source.as_json``) tells of, checked against now."""
    source = _of_dataset(reads) if dataset_id(reads) is not None else _of_model(reads)
    source.columns, source.filter = reads["columns"], reads["filter"]
    source.name_column, source.known_column = reads.get("name", ""), reads.get("known", "")
    source.labels = label_fields()
    try:
        source.clean()
    except ValidationError as error:
        raise FitError(" ".join(error.messages)) from None
    return source


def _of_model(reads: Mapping[str, Any]) -> Source:
    try:
        model = apps.get_model(reads["model"])
    except LookupError:
        raise FitError(f"The model “{reads['model']}” is not installed any more.") from None
    return Source(content_type=ContentType.objects.get_for_model(model, for_concrete_model=False))


def _of_dataset(reads: Mapping[str, Any]) -> Source:
    """Return the source of the version that ``reads`` names."""
    version = version_read(reads)
    if version is None:
        raise FitError("The dataset that was learned from, or this version of it, is gone.")
    source = Source(dataset=version.dataset)
    source.pinned = version
    return source


def read_rows(source: Source) -> Table:
    """Return the table of ``source``; raise FitError where it has no rows."""
    table = source.read()
    if not len(table):
        of = f"“{source.rows_name}”" if source.is_dataset else source.model_label
        met = " that meet the filter" if source.filter else ""
        raise FitError(f"There are no rows of {of}{met} to learn from.")
    return table


def fit_estimator(estimator: Any, data: Any, reporter: Reporter) -> None:
    """Fit ``estimator`` to ``data``; what it says is wrong becomes a FitError."""
    with told(TOO_MANY_ROWS):
        estimator.fit(data, callback=reporter)


@contextmanager
def told(too_much: str) -> Iterator[None]:
    """Turn what an estimator says is wrong into a FitError; ``too_much`` for want of memory."""
    try:
        yield
    except (ValueError, FloatingPointError) as error:  # an estimator's errors are sentences
        raise FitError(str(error)) from error
    except MemoryError:
        raise FitError(too_much) from None
