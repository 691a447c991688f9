"""Read what the nodes of a network observe: by primary key, rows of one moment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.encoding import Encoder
from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.language import Reference, parse
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
        """(n,) of one column, (n, D) of several, as the engine takes them."""
        X = self.matrix.X
        return X[:, 0] if X.shape[1] == 1 else np.ascontiguousarray(X)


def read_observed(whole: Mapping[str, Any], encoding: Mapping[str, Any]) -> dict[str, Observed]:
    """Return node -> what it observes; ``whole`` as ``state.definition`` gives it.

    Columns of one model and filter are read in one statement. A node that reads several models
    joins them by primary key. Raises FitError for rows that do not belong together.
    """
    definition = Definition.from_json(whole)
    parts = observations(dict(whole))
    tables = _tables(parts)
    observed: dict[str, Observed] = {}
    for name in dict.fromkeys(part["node"] for part in parts):
        own = [(part, tables[_key(part)]) for part in parts if part["node"] == name]
        table = _joined(name, own)
        node = definition.by_name[name]
        encoder = Encoder(**_for(encoding, table), codes=_takes_categories(node))
        observed[name] = Observed(name, table, encoder, encoder.fit_transform(table))
    return observed


def _takes_categories(node: Node) -> bool:
    """Return whether the values of ``node`` are numbers of categories, also as a mixture's."""
    if node.type != "Mixture":
        return node.type == "Categorical"
    given = parse(node.parameters).positional
    return any(
        isinstance(one, Reference) and one.path.endswith(".Categorical") for one in given[1:2]
    )


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
