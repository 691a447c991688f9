"""Pending: rows that lack a label, or have one that no longer fits, get one without a fit."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, router, transaction
from django.db.models import Q

from headwater.conf import settings
from headwater.learning.errors import FitError, NotInferredError
from headwater.learning.lock import lock_labels
from headwater.learning.models import Fit, StatisticalModel
from headwater.learning.targets import Target, resolve_target
from headwater.sources.models import Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from headwater.engines.artifact import Pipeline
    from headwater.engines.table import Table

logger = logging.getLogger("headwater.learning")


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of the rows that were looked at."""

    fit_id: int
    """The fit whose parameters gave the labels."""
    read: int
    """Rows that were looked at."""
    assigned: int
    """Rows that have another label now than before."""
    unchanged: int
    """Rows whose label was the same."""
    unfit: int
    """Rows with a value that does not fit, such as a missing one where none may be; left alone."""
    superseded: bool
    """Whether a newer fit, or a reset, came meanwhile; nothing was written after that."""


def assign_pending(
    model: StatisticalModel, *, refresh: bool = False, block_rows: int | None = None
) -> Assigned:
    """Label the rows of ``model`` that have no label, by the fit that serves; return the counts.

    ``refresh`` looks at all rows, and so also finds those whose values have changed since the
    fit. Rows outside the filter that the fit had are neither read nor written. Rows are read,
    labelled and written by primary key in blocks, each in one transaction that writes nothing
    once another fit serves. Raises ``NotInferredError`` before the first fit, and ``FitError``
    where the fit that serves wrote no labels or its field is gone.
    """
    fit, target = _serving(model)
    from headwater.engines.artifact import unpack  # numbers: for those who assign in bulk only
    from headwater.learning.learn import source_of

    source = source_of(fit.source)
    pipeline = unpack(fit.artifact or b"", fit.artifact_digest)
    if list(pipeline.columns) != list(source.columns):
        raise FitError(
            f"“{model}” joins columns of several models ({', '.join(pipeline.columns)}), and rows "
            "are assigned in bulk by columns of one. Fit it again instead."
        )
    rows = source.queryset()
    if not refresh:
        rows = rows.filter(_lacks(target))
    read = assigned = unfit = unchanged = 0
    superseded = False
    for block in _blocks(rows, block_rows or settings().BLOCK_ROWS):
        table, n_unfit = _fitting(block, source, pipeline)
        read += len(table) + n_unfit
        unfit += n_unfit
        written = _write(fit, target, table, pipeline) if len(table) else (0, 0)
        if written is None:
            superseded = True
            break
        assigned += written[0]
        unchanged += written[1]
    done = Assigned(fit.pk, read, assigned, unchanged, unfit, superseded)
    _log(model, done)
    return done


def _serving(model: StatisticalModel) -> tuple[Fit, Target]:
    """Return the fit that serves, with its artifact, and where it wrote."""
    fit = Fit.objects.filter(
        pk__in=StatisticalModel.objects.filter(pk=model.pk).values("current_fit")
    ).first()
    if fit is None:
        raise NotInferredError(
            f"“{model}” has no inference yet, so there are no groups to assign rows to. Run one "
            "first."
        )
    if not fit.results_storage:
        raise FitError(
            f"The inference of “{model}” that serves now wrote no labels. Name a field that takes "
            "them, and run it again."
        )
    return fit, resolve_target(fit.results_storage)


def _lacks(target: Target) -> Q:
    name = target.field.name
    return Q(**{name: ""}) | Q(**{f"{name}__isnull": True})


def _blocks(rows: models.QuerySet[Any], size: int) -> Iterator[models.QuerySet[Any]]:
    """Yield ``rows`` in parts of about ``size``, by ranges of the key: what is done stays done."""
    after: object = None
    while True:
        ahead = rows if after is None else rows.filter(pk__gt=after)
        ahead = ahead.order_by("pk")
        last = list(ahead.values_list("pk", flat=True)[size - 1 : size])
        yield ahead.filter(pk__lte=last[0]) if last else ahead
        if not last:
            return
        after = last[0]


def _fitting(block: models.QuerySet[Any], source: Source, pipeline: Pipeline) -> tuple[Table, int]:
    """Return the rows whose values the fit can take, and how many others there are."""
    from headwater.engines.table import Table
    from headwater.sources.read import read_table

    table = read_table(block, source.columns, labels=source.labels)
    fits = _can_be_encoded(table, refuse_missing=pipeline.encoder.missing == "refuse")
    n_unfit = int((~fits).sum())
    if not n_unfit:
        return table, 0
    columns = {name: values[fits] for name, values in table.columns.items()}
    return Table(table.ids[fits], columns, table.kinds), n_unfit


def _can_be_encoded(table: Table, *, refuse_missing: bool) -> NDArray[np.bool_]:
    import numpy as np

    fits = np.ones(len(table), dtype=np.bool_)
    for name, values in table.columns.items():
        if table.kinds[name] != "categorical":
            numbers = values.astype(np.float64)
            fits &= np.isfinite(numbers) if refuse_missing else ~np.isinf(numbers)
        elif refuse_missing:
            fits &= np.array([value is not None for value in values], dtype=np.bool_)
    return fits


def _write(fit: Fit, target: Target, table: Table, pipeline: Pipeline) -> tuple[int, int] | None:
    """Write the labels of ``table``; return how many changed and did not, None if superseded.

    The check and the writing are one transaction under the lock that a fit takes as well, so
    either the newer fit has been seen, or it has yet to write over what stands here.
    """
    from headwater.learning.write_back import write_back

    labels = pipeline.predict(table)
    using = router.db_for_write(Fit)
    with transaction.atomic(using=using):
        lock_labels(fit.model_id, using=using)
        rows = StatisticalModel.objects.using(using)
        if not rows.filter(pk=fit.model_id, current_fit=fit).exists():
            return None
        written = write_back(target.model, target.field.name, table.ids, labels)
    return written.updated, written.unchanged


def _log(model: StatisticalModel, done: Assigned) -> None:
    logger.info(
        "“%s”: %d rows read, %d labels assigned by fit %d, %d rows do not fit.%s",
        *(model, done.read, done.assigned, done.fit_id, done.unfit),
        " A newer fit came meanwhile." if done.superseded else "",
    )
