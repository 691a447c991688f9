"""Read what the nodes of a network observe: by primary key, rows of one moment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.encoding import Encoder
from headwater.engines.network.definition import Definition
from headwater.engines.table import Matrix, Table
from headwater.learning.errors import FitError
from headwater.learning.learn import read_rows, source_of
from headwater.networks.state import observations


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What one node observes."""

    node: str
    table: Table
    encoder: Encoder
    matrix: Matrix

    @property
    def values(self) -> NDArray[np.float64]:
        """(n,) of one column, (n, D) of several; a category of a Categorical is its number."""
        X = self.matrix.X
        return X[:, 0] if X.shape[1] == 1 else np.ascontiguousarray(X)

    def codes(self) -> NDArray[np.int64]:
        """Return (n,) numbers of the categories of the only column, in their order."""
        codes: NDArray[np.int64] = self.matrix.X.argmax(axis=1).astype(np.int64)
        return codes


def read_observed(whole: Mapping[str, Any], encoding: Mapping[str, Any]) -> dict[str, Observed]:
    """Return node -> what it observes; ``whole`` as ``state.definition`` gives it.

    Columns of one model and filter are read in one statement. A node that reads several models
    joins them by primary key. Raises FitError for rows that do not belong together.
    """
    parts = observations(dict(whole))
    tables = _tables(parts)
    observed: dict[str, Observed] = {}
    for name in dict.fromkeys(part["node"] for part in parts):
        own = [(part, tables[_key(part)]) for part in parts if part["node"] == name]
        table = _joined(name, own)
        encoder = Encoder(**_for(encoding, table))
        observed[name] = Observed(name, table, encoder, encoder.fit_transform(table))
    return observed


def engine_data(definition: Definition, observed: Mapping[str, Observed]) -> dict[str, Any]:
    """Return node -> values as the engine takes them."""
    data: dict[str, Any] = {}
    for name, one in observed.items():
        kinds = list(one.table.kinds.values())
        categorical = definition.by_name[name].type == "Categorical" and kinds == ["categorical"]
        data[name] = one.codes() if categorical else one.values
    return data


def _key(part: Mapping[str, Any]) -> tuple[str, str]:
    return part["model"], json.dumps(part["filter"], sort_keys=True, default=str)


def _tables(parts: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Table]:
    """Read each model and filter once, with all columns that any node takes of it."""
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    for part in parts:
        whole = wanted.setdefault(_key(part), {**part, "columns": []})
        whole["columns"] += [name for name in part["columns"] if name not in whole["columns"]]
    return {key: read_rows(source_of(reads)) for key, reads in wanted.items()}


def _joined(node: str, own: Sequence[tuple[Mapping[str, Any], Table]]) -> Table:
    """Return the columns of one node; of several models, joined by primary key."""
    (first, table), *others = own
    columns = {name: table.columns[name] for name in first["columns"]}
    kinds = {name: table.kinds[name] for name in first["columns"]}
    for part, other in others:
        if not np.array_equal(table.ids, other.ids):
            raise FitError(_torn(node, first, table, part, other))
        for name in part["columns"]:
            shown = name if name not in columns else f"{part['model']}.{name}"
            columns[shown], kinds[shown] = other.columns[name], other.kinds[name]
    return Table(table.ids, columns, kinds)


def _torn(
    node: str, first: Mapping[str, Any], table: Table, part: Mapping[str, Any], other: Table
) -> str:
    lonely = np.setxor1d(table.ids.astype(str), other.ids.astype(str))
    return (
        f"The columns of “{node}” are of different rows: {first['model']} has {len(table):,} and "
        f"{part['model']} has {len(other):,}. They are joined by primary key, and {len(lonely):,} "
        f"keys are in one of them only, such as {lonely[0]}. Read both through one model, by a "
        "relation to one row, or filter the rows."
    )


def _for(encoding: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """Return ``encoding`` for one node: only its own columns are put on a log scale."""
    log = [name for name in encoding.get("log", ()) if name in table.columns]
    return {**encoding, "log": log}
