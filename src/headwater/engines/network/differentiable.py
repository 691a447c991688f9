"""Differentiable: functions that a Function node may use, each with its gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Differentiable:
    """A function of arrays that knows how a change of its result changes each of its arguments."""

    function: Callable[..., Any]
    gradients: tuple[Callable[..., Any], ...]
    """One per argument: (slope by the result, *arguments) -> slope by the argument."""
    summary: str = ""

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)


def _square(A: Array) -> Array:
    return np.asarray(A @ A.mT)


def _square_slope(slope: Array, A: Array) -> Array:
    return np.asarray((slope + slope.mT) @ A)


def _exp_slope(slope: Array, x: Array) -> Array:
    return np.asarray(slope * np.exp(x))


def _scale_slope_matrix(slope: Array, A: Array, B: Array) -> Array:
    return np.asarray(slope * B)


def _scale_slope_other(slope: Array, A: Array, B: Array) -> Array:
    return np.asarray(slope * A)


DIFFERENTIABLE: dict[str, Differentiable] = {
    "headwater.square": Differentiable(
        _square,
        (_square_slope,),
        "A matrix times its transpose: symmetric, with no negative direction, whatever it is of.",
    ),
    "headwater.exp": Differentiable(
        np.exp, (_exp_slope,), "The exponential of each number: positive, whatever it is of."
    ),
    "headwater.multiply": Differentiable(
        np.multiply,
        (_scale_slope_matrix, _scale_slope_other),
        "Two arrays of the same shape, number by number.",
    ),
}
"""Path -> function: what “@” may name in a Function node, besides what a project allows."""
