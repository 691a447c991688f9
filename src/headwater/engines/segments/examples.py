"""find_examples: of each group a row that is typical, and one that almost belongs elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from headwater.engines.scales import Floats
from headwater.engines.segments.members import Members, centres_of

EXAMPLE_BLOCK = 8_192


@dataclass(frozen=True, slots=True)
class Example:
    """Two rows of one group, by their index in the data."""

    group: int
    """The estimator's number of the group."""
    typical: int
    """The member nearest to the group's mean."""
    counter: int | None
    """The member that lies nearest to another group, measured by its distance to its own: the
    greatest own distance over distance to the nearest other mean. None where the group has one
    row, where all of its rows are as typical, or where there is no other group."""
    towards: int | None
    """The group that ``counter`` lies nearest to."""
    margin: float | None
    """Of ``counter``, (other - own) / the larger of the two distances: 1 within its group, 0 half
    way, below 0 nearer to the other group's mean (the simplified silhouette of Hruschka, de
    Castro & Campello 2004)."""


def find_examples(X: Floats, labels: NDArray[Any]) -> tuple[Example, ...]:
    """Return the examples of each group that has rows, in the order of the groups.

    Of rows that are as good, the first is taken. Rows outside of every group are left out.
    """
    members = Members.of(labels)
    n_groups = len(members)
    if not n_groups:
        return ()
    centres = centres_of(X, members)
    own = np.empty(len(members.rows))
    margins = np.ones(len(members.rows))
    towards = np.full(len(members.rows), -1, dtype=np.int64)
    for start in range(0, len(own), EXAMPLE_BLOCK):
        block = slice(start, start + EXAMPLE_BLOCK)
        distances = cdist(X[members.rows[block]], centres)
        at = np.arange(len(distances)), members.codes[block]
        own[block] = distances[at]
        if n_groups > 1:
            distances[at] = np.inf
            towards[block] = distances.argmin(axis=1)
            nearest = distances.min(axis=1)
            larger = np.maximum(own[block], nearest)
            np.divide(nearest - own[block], larger, out=margins[block], where=larger > 0)
    order = np.argsort(members.codes, kind="stable")
    found = []
    for code, mine in enumerate(np.split(order, np.cumsum(members.sizes)[:-1])):
        typical = mine[own[mine].argmin()]
        counter = mine[margins[mine].argmin()]
        is_one = n_groups > 1 and margins[counter] < margins[typical]
        found.append(
            Example(
                group=int(members.groups[code]),
                typical=int(members.rows[typical]),
                counter=int(members.rows[counter]) if is_one else None,
                towards=int(members.groups[towards[counter]]) if is_one else None,
                margin=float(margins[counter]) if is_one else None,
            )
        )
    return tuple(found)


def examples_as_json(
    examples: Sequence[Example], ids: NDArray[Any], letters: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return letter -> ``typical`` (id), ``counter`` (id or None), ``towards`` (letter or None)
    and ``margin`` (or None)."""
    return {
        letters[example.group]: {
            "typical": ids[example.typical].item(),
            "counter": None if example.counter is None else ids[example.counter].item(),
            "towards": None if example.towards is None else letters[example.towards],
            "margin": example.margin,
        }
        for example in examples
    }
