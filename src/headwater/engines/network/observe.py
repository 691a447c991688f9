"""Observe: rows of a table as what a distribution takes, with the first row that does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.definition import Node
from headwater.engines.network.errors import NetworkError

_AXES = {"Gaussian": 1, "Dirichlet": 1, "Multinomial": 1}
"""Axes of one value, where it is no single number."""
_WHOLE = ("Poisson", "Binomial", "Bernoulli", "Categorical", "Multinomial")
_NEVER = ("Wishart", "GaussianGamma", "MaximumLikelihood", "Concentration", "GammaShape")


class DataError(NetworkError):
    """A value that a node cannot observe; ``row`` counts from 0."""

    node: str
    row: int

    def __init__(self, sentence: str, *, node: str, row: int) -> None:
        self.node, self.row = node, row
        super().__init__(sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        return _data_error, (str(self), self.node, self.row)


def _data_error(sentence: str, node: str, row: int) -> DataError:
    return DataError(sentence, node=node, row=row)


def leaf(node: Node, positional: Sequence[Any]) -> str:
    """Return the distribution of the values: of a Mixture that of its components."""
    if node.type != "Mixture":
        return node.type
    return getattr(positional[1], "__name__", "") if len(positional) > 1 else ""


def variable_axes(node: Node, positional: Sequence[Any], keywords: Mapping[str, Any]) -> int:
    """Return how many of the last axes of the data are one value."""
    kind = leaf(node, positional)
    if kind in _NEVER:
        raise NetworkError(
            f"“{node.name}” is {kind}, which cannot observe columns of a table; leave its columns "
            "out, or choose another distribution."
        )
    if node.type == "Mixture":
        return _AXES.get(kind, 0)
    if isinstance(keywords.get("ndim"), int):
        return int(keywords["ndim"])
    if node.type == "GaussianARD" and isinstance(keywords.get("shape"), (list, tuple)):
        return len(keywords["shape"])
    return _AXES.get(kind, 0)


def fit_shape(rows: NDArray[Any], axes: int) -> NDArray[Any]:
    """Return ``rows`` with an axis for a single column, where one value is a vector."""
    return rows[:, np.newaxis] if axes == 1 and rows.ndim == 1 else rows


def observed_values(
    node: Node, made: Any, rows: NDArray[Any], positional: Sequence[Any]
) -> NDArray[Any]:
    """Return ``rows`` in the type that BayesPy takes.

    Raises DataError, which names the first row that the distribution cannot have given.
    """
    kind = leaf(node, positional)
    return checked(node.name, kind, as_numbers(node.name, rows), limit=_limit(kind, made))


def as_numbers(name: str, rows: NDArray[Any]) -> NDArray[np.float64]:
    """Return ``rows`` as floats; raises NetworkError for what are no numbers."""
    try:
        return np.asarray(rows, dtype=np.float64)
    except (TypeError, ValueError):
        kind = "texts" if rows.dtype.kind in "OUS" else str(rows.dtype)
        raise NetworkError(f"“{name}” takes numbers, and was given {kind}.") from None


def checked(
    name: str, kind: str, values: NDArray[np.float64], *, limit: NDArray[Any] | int | None
) -> NDArray[Any]:
    """Return ``values`` as the distribution ``kind`` takes them; raises DataError.

    ``limit`` is the number of trials, or of categories.
    """
    _refuse(name, kind, values, ~np.isfinite(values), "takes finite numbers")
    if kind in _WHOLE:
        wrong = (values < 0) | (values != np.floor(values))
        if kind == "Bernoulli":
            _refuse(name, kind, values, wrong | (values > 1), "takes 0 or 1")
        elif kind == "Categorical" and limit is not None:
            what = f"takes a whole number from 0 to {int(np.max(limit)) - 1}, one per category"
            _refuse(name, kind, values, wrong | (values >= limit), what)
        elif kind == "Binomial" and limit is not None:
            what = f"takes a count from 0 to {int(np.max(limit))}, its number of trials"
            _refuse(name, kind, values, wrong | (values > limit), what)
        else:
            _refuse(name, kind, values, wrong, "takes counts")
        if kind == "Multinomial" and limit is not None:
            total = values.sum(axis=-1)
            what = f"takes counts that add up to {int(np.max(limit))}, its number of trials"
            _refuse(name, kind, total, total != limit, what)
        return values.astype(np.int64)
    if kind in ("Gamma", "Exponential"):
        _refuse(name, kind, values, values <= 0, "takes numbers above 0")
    elif kind == "Beta":
        what = "takes numbers between 0 and 1, without the ends"
        _refuse(name, kind, values, (values <= 0) | (values >= 1), what)
    elif kind == "Dirichlet":
        what = "takes shares between 0 and 1, without the ends"
        _refuse(name, kind, values, (values <= 0) | (values >= 1), what)
        total = values.sum(axis=-1)
        what = "takes shares that add up to 1"
        _refuse(name, kind, total, np.abs(total - 1) > 1e-6, what)
    return values


def _limit(kind: str, made: Any) -> NDArray[Any] | int | None:
    if kind == "Categorical":
        return int(made.dims[0][0])
    if kind in ("Binomial", "Multinomial"):
        return trials(made)
    return None


def trials(made: Any) -> NDArray[Any]:
    """Return the numbers of trials of a node of BayesPy that counts successes."""
    distribution = made._distribution
    distribution = getattr(distribution, "squeezed_distribution", distribution)
    return np.asarray(distribution.N)


def _refuse(
    name: str, kind: str, values: NDArray[np.float64], wrong: NDArray[np.bool_], what: str
) -> None:
    if not wrong.any():
        return
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    column = f", column {place[1] + 1}," if len(place) > 1 and values.shape[1] > 1 else ""
    raise DataError(
        f"“{name}” is {kind} and {what}; row {place[0] + 1:,}{column} has {values[place]:g}.",
        node=name,
        row=place[0],
    )
