"""suggest_components: how many principal components are worth keeping, by three rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

ENOUGH = 0.8
"""Share of the variance that the suggested components explain together."""
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Components:
    """Numbers of components by each rule."""

    cumulative: int | None
    """The least that explain 80 % together; None where those given do not."""
    broken_stick: int
    """The first ones that each explain more than the same piece of a stick broken at random
    (MacArthur 1957; Jackson 1993)."""
    kaiser: int
    """Those that explain more than an average column does (Kaiser 1960)."""
    suggested: int
    """``cumulative``, or all that are given."""
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return all of it."""
        return asdict(self)


def suggest_components(explained: Sequence[float], n_columns: int | None = None) -> Components:
    """Return how many components are worth keeping.

    ``explained`` is the share of the variance along each, falling; ``n_columns`` how many there
    could be, where only the first are given.
    """
    shares = np.asarray(explained, dtype=np.float64)
    total = len(shares) if n_columns is None else n_columns
    if not len(shares) or total < len(shares):
        raise ValueError(
            f"{len(shares)} shares of the variance were given for {total} columns; "
            "it takes at least one, and at most one for each column."
        )
    sums = np.cumsum(shares)
    enough = np.flatnonzero(sums >= ENOUGH - ROUNDING)
    cumulative = int(enough[0]) + 1 if len(enough) else None
    pieces = np.cumsum(1 / np.arange(total, 0, -1))[::-1][: len(shares)] / total
    suggested = len(shares) if cumulative is None else cumulative
    return Components(
        cumulative=cumulative,
        broken_stick=_first(shares > pieces + ROUNDING),
        kaiser=_first(shares > 1 / total + ROUNDING),
        suggested=suggested,
        sentence=_sentence(suggested, float(sums[suggested - 1]), cumulative is not None),
    )


def _first(passes: np.typing.NDArray[np.bool_]) -> int:
    """Return how many pass before the first that does not."""
    return len(passes) if passes.all() else int((~passes).argmax())


def _sentence(n: int, share: float, is_enough: bool) -> str:
    subject = "The first component explains" if n == 1 else f"The first {n} components explain"
    if is_enough:
        return f"{subject} {share:.0%} of the variance, as the first to reach {ENOUGH:.0%}."
    return f"{subject} {share:.0%} of the variance; {ENOUGH:.0%} would take more."
