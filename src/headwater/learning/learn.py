"""Learn: from the rows of a source to groups with letters, in memory; nothing is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from numpy.typing import NDArray

from headwater.conf import settings
from headwater.engines.artifact import Packed, Pipeline, pack
from headwater.engines.catalog import ENCODING, TECHNIQUES, Technique
from headwater.engines.encoding import Encoder
from headwater.engines.matching import Grouping, Matching, match_labels
from headwater.engines.profile import profile_groups, scatter
from headwater.engines.table import Matrix, Table
from headwater.learning.errors import FitError
from headwater.learning.membership import Members, unpack_members
from headwater.learning.models import Fit, FitStatus, Membership
from headwater.learning.reporter import DESCRIBED, LEARNED, READ, Reporter
from headwater.sources.models import Source
from headwater.sources.read import read_table

TRACE_POINTS = 2_000
"""Points of the objective's trace that are kept, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What a fit found, ready to be stored."""

    ids: NDArray[Any]
    labels: NDArray[np.str_]
    """(n,) letter of each row."""
    members: Members
    artifact: Packed
    letters: tuple[str, ...]
    scores: dict[str, Any]
    trace: dict[str, Any]
    summary: dict[str, Any]


def learn(fit: Fit, reporter: Reporter) -> Learned:
    """Read, encode, fit, match and describe, as ``fit`` says.

    Raises what its parts raise for bad input (each a sentence), and ``FitStopped``.
    """
    technique = TECHNIQUES.get(fit.technique)
    if technique is None:
        raise FitError(f"There is no technique “{fit.technique}”.")
    source = source_of(fit)
    estimator = technique.build(
        fit.parameters,
        restarts=fit.engine_meta_iterations,
        iterations=fit.engine_iterations,
        threads=settings().THREADS,
    )
    encoder = Encoder(**ENCODING.clean(fit.encoding))
    reporter.phase("reading", share=0.0)
    table = read_table(source.queryset(), source.columns)
    if not len(table):
        met = " that meet the filter" if source.filter else ""
        raise FitError(f"There are no rows of {fit.source['model']}{met} to learn from.")
    matrix = encoder.fit_transform(table)
    reporter.phase("search", share=READ)
    _fit_estimator(estimator, matrix, reporter)
    reporter.phase("finish", share=LEARNED)
    return _describe(fit, technique, table, matrix, encoder, estimator, reporter)


def source_of(fit: Fit) -> Source:
    """Return the source as it was when ``fit`` was asked for, checked against the models of now."""
    try:
        model = apps.get_model(fit.source["model"])
    except LookupError:
        raise FitError(f"The model “{fit.source['model']}” is not installed any more.") from None
    source = Source(
        content_type=ContentType.objects.get_for_model(model, for_concrete_model=False),
        columns=fit.source["columns"],
        filter=fit.source["filter"],
    )
    try:
        source.clean()
    except ValidationError as error:
        raise FitError(" ".join(error.messages)) from None
    return source


def _fit_estimator(estimator: Any, matrix: Matrix, reporter: Reporter) -> None:
    try:
        estimator.fit(matrix.X, callback=reporter)
    except (ValueError, FloatingPointError) as error:  # an estimator's errors are sentences
        raise FitError(str(error)) from error
    except MemoryError:
        rows, columns = matrix.X.shape
        raise FitError(
            f"There is not enough memory to learn from {rows:,} rows and {columns} columns. "
            "Filter the rows, or use a machine with more memory."
        ) from None


def _describe(
    fit: Fit,
    technique: Technique,
    table: Table,
    matrix: Matrix,
    encoder: Encoder,
    estimator: Any,
    reporter: Reporter,
) -> Learned:
    groups = np.asarray(estimator.labels_, dtype=np.int64)
    centres, centre_columns = _centres(encoder, estimator, table)
    matching = _match(fit, table, groups, centres, centre_columns)
    letters = matching.letters
    pipeline = Pipeline(fit.technique, encoder, estimator, letters, tuple(table.columns))
    artifact = pack(pipeline)
    reporter.phase("finish", share=DESCRIBED)
    objectives = _finite_list(estimator.objectives_)
    return Learned(
        ids=table.ids,
        labels=np.array(letters)[groups],
        members=Members(Grouping(table.ids, groups, centres, letters), centre_columns),
        artifact=artifact,
        letters=letters,
        scores={
            "objective": _finite(estimator.objective_),
            "objective_name": technique.objective,
            "objective_rises": technique.objective_rises,
            "n_iter": len(objectives),
            "converged": bool(estimator.converged_),
            "n_groups_limit": fit.parameters.get(technique.limit_parameter or ""),
        },
        trace={
            "objectives": objectives[:: math.ceil(len(objectives) / TRACE_POINTS) or 1],
            "restarts": _finite_list(estimator.restart_objectives_),
        },
        summary={
            "groups": profile_groups(table, groups, letters),
            "scatter": scatter(
                table,
                groups,
                letters,
                matrix=matrix if _is_wide(matrix) else None,
                log=encoder.log,
                limit=settings().SCATTER_POINTS,
            ),
            "columns": encoder.report_,
            "notes": [*encoder.notes(), *getattr(estimator, "notes_", ())],
            "matching": {"moved": matching.moved, "compared": matching.compared},
        },
    )


def _is_wide(matrix: Matrix) -> bool:
    """Return whether a picture needs the encoded columns, because there are more than two."""
    return len(matrix.names) > 2


def fit_before(fit: Fit) -> Fit | None:
    """Return the fit whose letters those of ``fit`` continue; None where A begins anew.

    It is the one that serves. After a reset none does: then the last that succeeded with rows of
    the same model and has a membership still.
    """
    current = fit.model.current_fit
    if current is None:
        return (
            Fit.objects.filter(
                model=fit.model_id,
                status=FitStatus.SUCCEEDED,
                source__model=fit.source["model"],
                membership__isnull=False,
            )
            .only("pk")
            .order_by("-pk")
            .first()
        )
    return current if current.source.get("model") == fit.source["model"] else None


def _match(
    fit: Fit,
    table: Table,
    groups: NDArray[np.int64],
    centres: NDArray[np.float64] | None,
    centre_columns: tuple[str, ...],
) -> Matching:
    """Return letters that agree with those of the fit before."""
    model = fit.model
    before = fit_before(fit)
    if before is None:
        return match_labels(None, Grouping(table.ids, groups, centres))
    kept = Membership.objects.filter(fit=before).first()
    members = None if kept is None else unpack_members(kept.packed)
    previous = None
    if members is not None:
        previous = members.grouping
        if members.centre_columns != centre_columns:
            centres = None  # of other columns, so not comparable
    return match_labels(previous, Grouping(table.ids, groups, centres), retired=model.letters)


def _centres(
    encoder: Encoder, estimator: Any, table: Table
) -> tuple[NDArray[np.float64] | None, tuple[str, ...]]:
    """Return the groups' centres (K, d) in the own units of the numeric columns, and those."""
    names = tuple(name for name, kind in table.kinds.items() if kind != "categorical")
    if not names:
        return None, ()
    original = encoder.inverse(np.asarray(estimator.means_))
    return np.column_stack([original[name] for name in names]), names


def _finite(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _finite_list(values: Any) -> list[float | None]:
    return [_finite(value) for value in values]
