"""Technique: one kind of statistical model, as the catalog has it. Import-light: no NumPy here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from headwater.engines.parameters import Parameter, Parameters

Family = Literal["clustering", "decomposition", "network"]


@dataclass(frozen=True, slots=True)
class Technique:
    """One kind of statistical model: its words, its estimator, its declared parameters."""

    key: str
    label: str
    family: Family
    summary: str
    """What it does, for people who are no statisticians."""
    path: str
    """“package.module:Class” of the estimator."""
    parameters: Parameters
    """Without restarts, iterations and threads, which are asked for once for all techniques."""
    restarts_parameter: str | None
    iterations_parameter: str | None
    threads_parameter: str | None
    limit_parameter: str | None
    """The parameter that bounds the number of groups; None: nothing among the parameters does."""
    finds_number: bool
    """True: the number of groups, where there are any, is found. False: it is the limit."""
    objective: str
    """What the estimator's ``objective_`` is called."""
    objective_rises: bool
    """True: more is better."""
    trusted: tuple[str, ...]
    """Types, besides plain values and arrays, that an artifact of this technique may hold."""

    def load(self) -> type[Any]:
        """Return the estimator's class, imported."""
        module, _, name = self.path.partition(":")
        estimator: type[Any] = getattr(import_module(module), name)
        return estimator

    def build(
        self,
        parameters: Mapping[str, Any],
        *,
        restarts: int,
        iterations: int,
        threads: int | None = None,
    ) -> Any:
        """Return an unfitted estimator; raises ParameterError where parameters do not fit."""
        options = self.parameters.clean(parameters)
        for name, value in (
            (self.restarts_parameter, restarts),
            (self.iterations_parameter, iterations),
            (self.threads_parameter, threads),
        ):
            if name is not None:
                options[name] = value
        return self.load()(**options)


def random_seed(default: int) -> Parameter:
    """Return the parameter that techniques with random numbers share."""
    return Parameter(
        "random_state",
        "Random seed",
        "integer",
        default,
        "The start of the random numbers. The same number on the same data gives the same result.",
        minimum=0,
        maximum=2**32 - 1,
        advanced=True,
    )
