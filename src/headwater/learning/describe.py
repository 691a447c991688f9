"""Describe: what an estimator learned, as letters, scores, profiles and pictures to be kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.conf import settings
from headwater.engines.artifact import Packed, Pipeline, pack
from headwater.engines.catalog import Technique
from headwater.engines.encoding import Encoder
from headwater.engines.fingerprint import fingerprints
from headwater.engines.matching import Grouping, Matching, match_labels
from headwater.engines.profile import profile_groups, scatter
from headwater.engines.table import Matrix, Table
from headwater.learning.describe_groups import describe_groups
from headwater.learning.membership import Members, unpack_members
from headwater.learning.models import Fit, FitStatus, Membership
from headwater.learning.reporter import DESCRIBED, Reporter
from headwater.sources.models import Source
from headwater.sources.reads import rows_key

FAR = 3.0
"""Outlier score above which a row lies outside: so lies one in 1,000 rows of a group's core."""
HEAVY = "student_t"
OUTLIERS = 50
"""Outliers that are kept by key, the farthest."""
TRACE_POINTS = 2_000
"""Points of the objective's trace that are kept, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What a fit found, ready to be stored."""

    ids: NDArray[Any]
    labels: NDArray[np.str_] | None
    """(n,) letter of each row; None where the technique makes no groups."""
    members: Members | None
    artifact: Packed
    letters: tuple[str, ...]
    scores: dict[str, Any]
    trace: dict[str, Any]
    summary: dict[str, Any]
    n_rows: int | None = None
    """How many rows were learned from; None: those of ``ids``."""
    serves: bool = True
    """False: the fit is kept, and the one before goes on serving."""


def describe(
    fit: Fit,
    technique: Technique,
    table: Table,
    matrix: Matrix,
    encoder: Encoder,
    estimator: Any,
    reporter: Reporter,
    *,
    letters: tuple[str, ...] = (),
    source: Source | None = None,
) -> Learned:
    """Return what is kept of the groups that ``estimator`` found in ``table``.

    ``letters``: of each group, where they are known; else the groups are matched with those of the
    fit before. ``source`` is asked for names and known labels of the rows.
    """
    groups = np.asarray(estimator.labels_, dtype=np.int64)
    centres, centre_columns = _centres(encoder, estimator, table)
    matching = _match(fit, table, groups, centres, centre_columns, letters)
    letters = matching.letters
    pipeline = Pipeline(fit.technique, encoder, estimator, letters, tuple(table.columns))
    artifact = pack(pipeline)
    reporter.phase("finish", share=DESCRIBED)
    return Learned(
        ids=table.ids,
        labels=np.array([*letters, ""])[groups],  # -1: in no group
        members=Members(
            Grouping(table.ids, groups, centres, letters),
            centre_columns,
            fingerprints(table),
            tuple(table.columns),
        ),
        artifact=artifact,
        letters=letters,
        scores=scores_of(fit, technique, estimator),
        trace=trace_of(estimator),
        summary=summarise(fit, table, matrix, encoder, estimator, matching, source=source),
    )


def summarise(
    fit: Fit,
    table: Table,
    matrix: Matrix,
    encoder: Encoder,
    estimator: Any,
    matching: Matching,
    *,
    source: Source | None = None,
) -> dict[str, Any]:
    """Return what is told of the groups with the letters of ``matching``, as JSON can hold it."""
    groups = np.asarray(estimator.labels_, dtype=np.int64)
    letters = matching.letters
    far = _outlier_scores(estimator, matrix)
    # Heavy tails take outliers in; what a group is like is told without them.
    outside = far > FAR if far is not None and fit.parameters.get("family") == HEAVY else None
    picture = scatter(
        table,
        groups,
        letters,
        matrix=matrix if _is_wide(matrix) else None,
        log=encoder.log,
        limit=settings().SCATTER_POINTS,
        outside=outside,
    )
    return {
        "groups": profile_groups(table, groups, letters, outside=outside),
        "scatter": picture,
        "columns": encoder.report_,
        "notes": [*encoder.notes(), *getattr(estimator, "notes_", ()), *_left_out(outside)],
        "matching": {"moved": matching.moved, "compared": matching.compared},
        **_outliers(far, table),
        **describe_groups(
            table,
            matrix,
            groups,
            letters,
            estimator=estimator,
            source=source,
            picture=picture,
            used=fit.model.letters,
        ),
    }


def scores_of(fit: Fit, technique: Technique, estimator: Any) -> dict[str, Any]:
    """Return how well it went, for lists and for comparing fits."""
    return {
        "objective": _finite(estimator.objective_),
        "objective_name": technique.objective,
        "objective_rises": technique.objective_rises,
        "n_iter": len(estimator.objectives_),
        "converged": bool(estimator.converged_),
        "n_groups_limit": fit.parameters.get(technique.limit_parameter or ""),
    }


def trace_of(estimator: Any) -> dict[str, Any]:
    """Return the objective along the way and of each restart, for pictures."""
    objectives = _finite_list(estimator.objectives_)
    return {
        "objectives": objectives[:: math.ceil(len(objectives) / TRACE_POINTS) or 1],
        "restarts": _finite_list(estimator.restart_objectives_),
    }


def _outlier_scores(estimator: Any, matrix: Matrix) -> NDArray[np.float64] | None:
    """Return how far each row lies outside of every group, if the estimator can tell."""
    if not hasattr(estimator, "outlier_scores"):
        return None
    scores: NDArray[np.float64] = estimator.outlier_scores(matrix.X)
    return scores


def _outliers(scores: NDArray[np.float64] | None, table: Table) -> dict[str, Any]:
    """Return what is told of the rows that lie outside of every group."""
    if scores is None:
        return {}
    outside = np.flatnonzero(scores > FAR)
    farthest = outside[np.argsort(-scores[outside], kind="stable")][:OUTLIERS]
    return {
        "outliers": {
            "n": len(outside),
            "share": len(outside) / len(scores),
            "rule": (
                "An outlier lies farther from the middle of every group than one in "
                f"{10**FAR:,.0f} rows of a group's core would."
            ),
            "sample": [
                [key, round(float(score), 2)]
                for key, score in zip(table.ids[farthest].tolist(), scores[farthest], strict=True)
            ],
        }
    }


def _left_out(outside: NDArray[np.bool_] | None) -> list[str]:
    n = 0 if outside is None else int(outside.sum())
    if not n:
        return []
    rows = "1 outlier is" if n == 1 else f"{n:,} outliers are"
    return [f"{rows} counted with the nearest group, and left out of its means and spreads."]


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
        before = Fit.objects.filter(
            model=fit.model_id, status=FitStatus.SUCCEEDED, membership__isnull=False
        ).only("pk", "source")
        return next((one for one in before.order_by("-pk") if _same_rows(one, fit)), None)
    return current if _same_rows(current, fit) else None


def _same_rows(one: Fit, other: Fit) -> bool:
    return rows_key(one.source) == rows_key(other.source)


def _match(
    fit: Fit,
    table: Table,
    groups: NDArray[np.int64],
    centres: NDArray[np.float64] | None,
    centre_columns: tuple[str, ...],
    letters: tuple[str, ...],
) -> Matching:
    """Return letters that agree with those of the fit before, or the given ones."""
    model = fit.model
    before = fit_before(fit)
    if before is None:
        return match_labels(None, Grouping(table.ids, groups, centres, letters))
    kept = Membership.objects.filter(fit=before).first()
    members = None if kept is None else unpack_members(kept.packed)
    previous = None
    if members is not None:
        previous = members.grouping
        if members.centre_columns != centre_columns:
            centres = None  # of other columns, so not comparable
    current = Grouping(table.ids, groups, centres, letters)
    return match_labels(previous, current, retired=model.letters)


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
