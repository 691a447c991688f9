"""Technique: one kind of statistical model, as the catalog has it. Import-light: no NumPy here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from headwater.engines.parameters import Parameter, Parameters

Family = Literal["clustering", "decomposition", "network", "classification", "text"]

ENCODER = "headwater.engines.encoding:Encoder"
"""What turns rows of a table into the numbers that an estimator sees."""


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
    """Types, besides plain values, arrays and the encoder, that an artifact of it may hold."""
    encoder_path: str = ENCODER
    """“package.module:Class” of what turns the data into the numbers that the estimator sees."""

    def load(self) -> type[Any]:
        """Return the estimator's class, imported."""
        return _imported(self.path)

    def load_encoder(self) -> type[Any]:
        """Return the encoder's class, imported."""
        return _imported(self.encoder_path)

    @property
    def encoder_type(self) -> str:
        """The name of the encoder's type, as an artifact has it."""
        return self.encoder_path.replace(":", ".")

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


def _imported(path: str) -> type[Any]:
    module, _, name = path.partition(":")
    found: type[Any] = getattr(import_module(module), name)
    return found


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
