"""Rows of a fit: what it read, read again, with the groups that it gave them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.artifact import Pipeline, unpack
from headwater.engines.fingerprint import fingerprints
from headwater.engines.table import Table
from headwater.learning.errors import FitError
from headwater.learning.learn import source_of
from headwater.learning.membership import Members, unpack_members
from headwater.learning.models import Fit, FitStatus, Membership
from headwater.sources.models import Source


@dataclass(frozen=True, slots=True, eq=False)
class FitRows:
    """The rows of a finished fit that are still there, with what is kept of it."""

    source: Source
    pipeline: Pipeline
    members: Members
    """As they were: also of rows that are gone."""
    at: NDArray[np.int64]
    """(m,) place in the members' ids of each row of ``table``."""
    table: Table
    """(m,) rows that the fit had, with their values of now."""
    n_gone: int
    """Rows that the fit had and that are not there any more."""
    n_changed: int
    """Rows whose values are not those that the fit read."""
    n_new: int
    """Rows that came after the fit; they are not in ``table``."""

    def notes(self) -> list[str]:
        """Return what has become of the rows since the fit, in sentences."""
        told = []
        if self.n_gone:
            told.append(f"{_rows(self.n_gone)} gone since this run, and left out of all figures.")
        if self.n_changed:
            told.append(
                f"{_rows(self.n_changed)} of another value since this run; they stay in their "
                "group, and figures are those of now."
            )
        if self.n_new:
            told.append(f"{_rows(self.n_new)} newer than this run, and in no figure.")
        return told


def fit_rows(fit: Fit) -> FitRows:
    """Return the rows of ``fit`` with its groups; raise FitError where that is not kept any more.

    A fit of a dataset has the rows of the version that it read. Rows of a Django model may have
    changed, come or gone since.
    """
    members = members_of(fit)
    source = source_of(fit.source)
    pipeline = unpack(fit.artifact or b"", fit.artifact_digest)
    whole = source.read()
    ids = members.grouping.ids
    if (ids.dtype.kind in "iu") != (whole.ids.dtype.kind in "iu"):
        raise FitError(f"The rows of “{fit}” are told apart by other keys now. Run it again.")
    _, at, found = np.intersect1d(ids, whole.ids, assume_unique=True, return_indices=True)
    if not len(found):
        raise FitError(f"None of the rows of “{fit}” is there any more. Run it again.")
    order = np.argsort(found, kind="stable")
    at, found = at[order], found[order]
    table = whole if len(found) == len(whole) else taken(whole, found)
    n_changed = 0
    if members.digests is not None and members.read_columns == tuple(table.columns):
        n_changed = int((members.digests[at] != fingerprints(table)).sum())
    return FitRows(
        source=source,
        pipeline=pipeline,
        members=members,
        at=at,
        table=table,
        n_gone=len(ids) - len(at),
        n_changed=n_changed,
        n_new=len(whole) - len(table),
    )


def members_of(fit: Fit) -> Members:
    """Return who was in which group of ``fit``; raise FitError where that is not kept."""
    if fit.status != FitStatus.SUCCEEDED:
        raise FitError(f"“{fit}” has not succeeded, so there are no groups of it.")
    kept = Membership.objects.filter(fit=fit).first()
    if kept is None:
        raise FitError(
            f"Who was in which group of “{fit}” is not kept any more: there were many runs since. "
            "Take a newer run."
        )
    return unpack_members(kept.packed)


def taken(table: Table, rows: NDArray[Any]) -> Table:
    """Return the given rows of ``table``, by place."""
    columns = {name: values[rows] for name, values in table.columns.items()}
    return Table(table.ids[rows], columns, table.kinds)


def _rows(n: int) -> str:
    return "1 row is" if n == 1 else f"{n:,} rows are"
