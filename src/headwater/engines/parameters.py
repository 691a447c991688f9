"""Parameter, Parameters: one declaration for validation, forms and docs. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ParameterKind = Literal["integer", "number", "boolean", "choice", "text", "columns"]

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


class ParameterError(ValueError):
    """Values that do not fit their declaration; ``errors`` has a sentence for each of them."""

    errors: dict[str, str]

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))

    def __reduce__(self) -> tuple[type[ParameterError], tuple[dict[str, str]]]:
        return type(self), (self.errors,)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting: what it is called, what it takes, and what it does in plain words."""

    name: str
    label: str
    kind: ParameterKind
    default: Any
    help: str
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    """True: the value must lie above ``minimum``, not on it."""
    choices: tuple[tuple[str, str], ...] = ()
    """(value, label) pairs of a choice."""
    optional: bool = False
    """True: the setting may be left empty, which means None."""
    advanced: bool = False
    """True: forms show it folded away."""

    @property
    def expected(self) -> str:
        """What would fit, in words: “a whole number from 1 to 500”."""
        match self.kind:
            case "integer":
                words = f"a whole number{self._range()}"
            case "number":
                words = f"a number{self._range()}"
            case "boolean":
                words = "true or false"
            case "choice":
                words = "one of " + ", ".join(f"“{value}”" for value, _ in self.choices)
            case "text":
                words = "a text"
            case "columns":
                words = "a list of column names"
        return f"{words}, or nothing" if self.optional else words

    def clean(self, value: Any) -> Any:
        """Return ``value`` as its kind's Python type; else raise ValueError with a sentence."""
        if value is None or (self.optional and isinstance(value, str) and not value.strip()):
            if self.optional:
                return None
            raise self._misfit("nothing")
        match self.kind:
            case "integer":
                return self._within(self._integer(value))
            case "number":
                return self._within(self._number(value))
            case "boolean":
                return self._boolean(value)
            case "choice":
                if value not in [choice for choice, _ in self.choices]:
                    raise self._misfit(value)
                return value
            case "text":
                if not isinstance(value, str):
                    raise self._misfit(value)
                return value
            case "columns":
                return self._columns(value)

    def _range(self) -> str:
        low, high = self.minimum, self.maximum
        if low is None:
            return "" if high is None else f" of at most {high:,}"
        if high is None:
            return f" above {low:,}" if self.exclusive_minimum else f" of at least {low:,}"
        if self.exclusive_minimum:
            return f" above {low:,} and at most {high:,}"
        return f" from {low:,} to {high:,}"

    def _misfit(self, value: Any) -> ValueError:
        given = value if value == "nothing" else repr(value)
        if len(given) > 60:
            given = given[:57] + "..."
        return ValueError(f"“{self.label}” ({self.name}) was {given}; it takes {self.expected}.")

    def _within(self, number: float) -> float:
        low, high = self.minimum, self.maximum
        too_low = low is not None and (number < low or (self.exclusive_minimum and number == low))
        if too_low or (high is not None and number > high):
            raise self._misfit(number)
        return number

    def _integer(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, str):
            try:
                return int(value.strip())
            except ValueError:
                raise self._misfit(value) from None
        raise self._misfit(value)

    def _number(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise self._misfit(value)
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise self._misfit(value) from None
        if not math.isfinite(number):
            raise self._misfit(value)
        return number

    def _boolean(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower() if isinstance(value, (str, int)) else ""
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise self._misfit(value)

    def _columns(self, value: Any) -> list[str]:
        if isinstance(value, str):
            return [name.strip() for name in value.split(",") if name.strip()]
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise self._misfit(value)
        return list(value)


class Parameters(tuple[Parameter, ...]):
    """The settings of one technique, in the order that a form shows them.

    >>> sizes = Parameters([Parameter("n", "Groups", "integer", 10, "How many.", 1, 500)])
    >>> sizes.clean({"n": "12"})
    {'n': 12}
    >>> sizes.clean({"n": 0})
    Traceback (most recent call last):
    headwater.engines.parameters.ParameterError: “Groups” (n) was 0; it takes a whole number \
from 1 to 500.
    """

    __slots__ = ()

    def defaults(self) -> dict[str, Any]:
        """Return name -> default, as values that JSON can hold."""
        return {parameter.name: parameter.clean(parameter.default) for parameter in self}

    def clean(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every parameter's value, defaults filled in; JSON can hold it.

        Raises ParameterError with one sentence for each value that does not fit and for each
        name that is not declared.
        """
        if not isinstance(given, Mapping):
            raise ParameterError(
                {"": f"Parameters were {given!r}; they are names with their values."}
            )
        cleaned: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for parameter in self:
            try:
                cleaned[parameter.name] = parameter.clean(
                    given.get(parameter.name, parameter.default)
                )
            except ValueError as error:
                errors[parameter.name] = str(error)
        known = [parameter.name for parameter in self]
        for name in given:
            if name not in known:
                errors[str(name)] = f"There is no parameter “{name}”; there are {', '.join(known)}."
        if errors:
            raise ParameterError(errors)
        return cleaned
