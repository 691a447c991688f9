"""Functions that a parameter text may call, each with the size of its result known beforehand.

NumPy is imported only when one of them is called.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_DIMENSIONS = 32


class Misfit(ValueError):  # noqa: N818
    """An argument that does not fit; the message is the rest of a sentence about the call."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of NumPy: what it takes, and how many numbers its result holds."""

    name: str
    parameters: tuple[str, ...]
    required: int
    """How many of ``parameters``, from the first, have no default."""
    size: Callable[[Mapping[str, Any]], int]
    """Arguments by name -> numbers in the result, at least; Misfit where they do not fit."""
    summary: str

    @property
    def signature(self) -> str:
        """As in a manual: “numpy.eye(N, M=None, k=0)” without the defaults' values."""
        optional = (f"[{name}]" for name in self.parameters[self.required :])
        return f"numpy.{self.name}({', '.join((*self.parameters[: self.required], *optional))})"

    def bind(self, positional: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments by name; Misfit where one is missing, unknown or given twice."""
        if len(positional) > len(self.parameters):
            raise Misfit(f"is given {len(positional)} values, more than it takes: {self.signature}")
        bound = dict(zip(self.parameters, positional, strict=False))
        for name, value in keywords.items():
            if name not in self.parameters:
                raise Misfit(f"has no “{name[:40]}”: {self.signature}")
            if name in bound:
                raise Misfit(f"is given “{name}” twice: {self.signature}")
            bound[name] = value
        missing = [name for name in self.parameters[: self.required] if name not in bound]
        if missing:
            raise Misfit(f"lacks “{missing[0]}”: {self.signature}")
        return bound

    def __call__(self, *positional: Any, **keywords: Any) -> Any:
        numpy = importlib.import_module("numpy")
        with numpy.errstate(all="ignore"):  # what is not finite is refused by the caller
            return getattr(numpy, self.name)(*positional, **keywords)


def shape_of(value: Any) -> tuple[int, ...]:
    """Return the shape of a number, of nested lists of numbers, or of an array of numbers."""
    if isinstance(value, (bool, int, float)):
        return ()
    if isinstance(value, (list, tuple)):
        shapes = {shape_of(item) for item in value}
        if len(shapes) > 1:
            raise Misfit("is given lists whose rows have different lengths")
        return (len(value), *shapes.pop()) if shapes else (0,)
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind in ("b", "i", "u", "f"):
        return tuple(int(side) for side in value.shape)
    raise Misfit("takes numbers, and lists of numbers, only")


def volume(shape: Sequence[int]) -> int:
    """Return the numbers in an array of ``shape``; a side of 0 counts as 1, for its neighbours."""
    return math.prod(max(side, 1) for side in shape)


def _whole(name: str, value: Any, *, least: int | None = 0) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise Misfit(f"takes a whole number as “{name}”")
    try:
        number = int(value.__index__())
    except TypeError:  # an array that holds no single whole number
        raise Misfit(f"takes a whole number as “{name}”") from None
    if least is not None and number < least:
        raise Misfit(f"takes a whole number of at least {least} as “{name}”, not {number:,}")
    return number


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or shape_of(value) != ():
        raise Misfit(f"takes a number as “{name}”")
    return float(value)


def _sides(name: str, value: Any) -> tuple[int, ...]:
    sides = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    if len(sides) > MAX_DIMENSIONS:
        raise Misfit(f"takes {MAX_DIMENSIONS} numbers at most as “{name}”")
    return tuple(_whole(name, side) for side in sides)


def _filled(given: Mapping[str, Any]) -> int:
    sides = _sides("shape", given["shape"])
    inner = shape_of(given.get("fill_value", 0))
    if inner and any(
        side not in (1, outer) for side, outer in zip(inner[::-1], sides[::-1], strict=False)
    ):
        raise Misfit("has a “fill_value” that does not fit its “shape”")
    if len(inner) > len(sides):
        raise Misfit("has a “fill_value” with more dimensions than its “shape”")
    return volume(sides)


def _eye(given: Mapping[str, Any]) -> int:
    rows = _whole("N", given["N"])
    columns = rows if given.get("M") is None else _whole("M", given["M"])
    _whole("k", given.get("k", 0), least=None)
    return volume((rows, columns))


def _identity(given: Mapping[str, Any]) -> int:
    return volume((_whole("n", given["n"]),) * 2)


def _arange(given: Mapping[str, Any]) -> int:
    start, stop = _number("start", given["start"]), given.get("stop")
    start, stop = (0.0, start) if stop is None else (start, _number("stop", stop))
    step = 1.0 if given.get("step") is None else _number("step", given["step"])
    if step == 0:
        raise Misfit("takes a “step” other than 0")
    steps = (stop - start) / step
    if not math.isfinite(steps):
        raise Misfit("has more steps than can be counted")
    return max(math.ceil(steps), 0) + 1  # rounding may add one


def _linspace(given: Mapping[str, Any]) -> int:
    _number("start", given["start"])
    _number("stop", given["stop"])
    return _whole("num", given.get("num", 50))


def _array(given: Mapping[str, Any]) -> int:
    return volume(shape_of(given["object"]))


def _diag(given: Mapping[str, Any]) -> int:
    shape = shape_of(given["v"])
    offset = abs(_whole("k", given.get("k", 0), least=None))
    if len(shape) not in (1, 2):
        raise Misfit("takes a list of numbers, or a list of lists, as “v”")
    return volume((shape[0] + offset,) * 2) if len(shape) == 1 else min(shape)


def _repeat(given: Mapping[str, Any]) -> int:
    shape = shape_of(given["a"])
    repeats = given["repeats"]
    if given.get("axis") is not None:
        axis = _whole("axis", given["axis"], least=None)
        if not -len(shape) <= axis < len(shape):
            raise Misfit("has an “axis” that “a” does not have")
    many = repeats if isinstance(repeats, (list, tuple)) else [repeats]
    return volume(shape) * max((_whole("repeats", each) for each in many), default=0)


def _tile(given: Mapping[str, Any]) -> int:
    return volume(shape_of(given["A"])) * volume(_sides("reps", given["reps"]))


FUNCTIONS: dict[str, Function] = {
    "numpy.full": Function(
        "full", ("shape", "fill_value"), 2, _filled, "One number, as often as the shape says."
    ),
    "numpy.zeros": Function("zeros", ("shape",), 1, _filled, "Zeros."),
    "numpy.ones": Function("ones", ("shape",), 1, _filled, "Ones."),
    "numpy.eye": Function(
        "eye", ("N", "M", "k"), 1, _eye, "A matrix with ones on its diagonal, zeros elsewhere."
    ),
    "numpy.identity": Function("identity", ("n",), 1, _identity, "The identity matrix."),
    "numpy.arange": Function(
        "arange", ("start", "stop", "step"), 1, _arange, "Numbers at equal steps, without the end."
    ),
    "numpy.linspace": Function(
        "linspace", ("start", "stop", "num"), 2, _linspace, "So many numbers from start to stop."
    ),
    "numpy.array": Function("array", ("object",), 1, _array, "The array of nested lists."),
    "numpy.diag": Function(
        "diag", ("v", "k"), 1, _diag, "The matrix with these numbers on its diagonal."
    ),
    "numpy.repeat": Function(
        "repeat", ("a", "repeats", "axis"), 2, _repeat, "Each number, so many times in a row."
    ),
    "numpy.tile": Function("tile", ("A", "reps"), 2, _tile, "The whole, so many times in a row."),
}
"""Path -> function; the only ones there are, unless the caller of ``evaluate`` gives more."""
