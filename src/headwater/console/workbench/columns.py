"""What the workbench knows of a column before anything is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from headwater.console.words import counted, figure

Kind = Literal["number", "date", "yes or no", "choices"]

KINDS: dict[str, Kind] = {
    "numeric": "number",
    "number": "number",
    "date": "date",
    "boolean": "yes or no",
    "categorical": "choices",
}
"""Kind of a table, or type of a dataset's column -> the word for it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be learned from."""

    name: str
    kind: Kind
    n_missing: int | None = None
    """None: nobody has counted."""
    mean: float | None = None
    median: float | None = None
    skewness: float | None = None
    suggests_log: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it may be put on a log scale."""
        return self.kind == "number"

    @property
    def why_log(self) -> str:
        """Why a log scale is suggested; empty where it is not."""
        if not self.suggests_log:
            return ""
        if self.skewness is None:
            return "suggested: a few values are much larger than the rest"
        return f"suggested: a long tail of large values (skewness {figure(self.skewness, 2)})"

    def filled(self, missing: str) -> str:
        """Return what is missing and what would stand in for it, given the choice ``missing``."""
        if not self.n_missing:
            return ""
        lacking = counted(self.n_missing, "value") + " missing"
        if missing == "refuse":
            return f"{lacking}: the run would stop"
        if self.kind == "choices":
            return f"{lacking}, which count as no category"
        if self.kind == "yes or no":
            return f"{lacking}, taken as the more frequent answer"
        stands_in = self.mean if missing == "mean" else self.median
        told = f" ({figure(float(stands_in))})" if stands_in is not None and self.is_number else ""
        return f"{lacking}, filled with the {missing}{told}"


def column_of(described: Mapping[str, str], profile: Mapping[str, Any]) -> Column:
    """Return a column of a dataset: name, type and role as kept, and its part of the profile."""
    known = profile.get(described["name"]) or {}
    kind = "choices" if described["role"] == "category" else KINDS.get(described["type"], "choices")
    is_number = kind == "number"
    return Column(
        name=described["name"],
        kind=kind,
        n_missing=known.get("n_missing"),
        mean=_number(known.get("mean")) if is_number else None,
        median=_number(known.get("median")) if is_number else None,
        skewness=_number(known.get("skewness")) if is_number else None,
        suggests_log=is_number and bool(known.get("suggests_log")),
    )


def _number(value: object) -> float | None:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if fits else None  # type: ignore[arg-type]
