"""Values: columns as numbers and categories, with a sentence for what does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.scales import Floats


class EncodingError(ValueError):
    """A column or a value that cannot become numbers; the message names it."""


def is_missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a categorical column has None or NaN."""
    return np.fromiter((v is None or v != v for v in values), dtype=np.bool_, count=len(values))


def category_codes(values: NDArray[Any], categories: Sequence[str]) -> NDArray[np.int64]:
    """Return the position of each value in ``categories``; -1 for unknown and missing ones."""
    position = {category: i for i, category in enumerate(categories)}
    codes = (-1 if v is None or v != v else position.get(str(v), -1) for v in values)
    return np.fromiter(codes, dtype=np.int64, count=len(values))


def as_numbers(name: str, values: NDArray[Any], ids: NDArray[Any]) -> Floats:
    """Return a numeric column as float64 with NaN for missing; refuses infinite values."""
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise EncodingError(f"The column “{name}” holds values that are no numbers.") from None
    infinite = np.isinf(numbers)
    if infinite.any():
        raise EncodingError(
            f"The column “{name}” has an infinite value in row {ids[infinite.argmax()]}; "
            "it takes finite numbers."
        )
    return numbers


def unknown_category(name: str, value: Any, categories: Sequence[str]) -> EncodingError:
    """Return what is said of a category that was not there to be learned from."""
    return EncodingError(
        f"“{name}” was “{value}”, which was not among the categories that were learned from: "
        f"{', '.join(categories)}."
    )


def n_values(n: int) -> str:
    """Return “1 value”, “2 values” ..."""
    return "1 value" if n == 1 else f"{n:,} values"


def as_number(value: Any) -> float:
    """Return ``value`` as a float; text is no number."""
    if isinstance(value, (str, bytes)):
        raise TypeError
    return float(value)


def row_error(name: str, observation: Mapping[str, Any]) -> EncodingError:
    """Return what is wrong with one value of an observation."""
    if name not in observation:
        return EncodingError(f"The observation lacks “{name}”; give None where it is not known.")
    return EncodingError(f"“{name}” was {observation[name]!r}; it takes a finite number.")
