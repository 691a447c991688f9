"""Sample: built-in rows with what they are, and with what to try on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars

Cell = str | float | int


@dataclass(frozen=True, slots=True)
class SampleColumn:
    """One column: its name, its type and its role, as a dataset keeps them."""

    name: str
    type: str
    role: str

    def as_json(self) -> dict[str, str]:
        """Return it as ``DatasetVersion.columns`` holds it."""
        return {"name": self.name, "type": self.type, "role": self.role}


@dataclass(frozen=True, slots=True)
class Sample:
    """Built-in rows, and the technique that shows something on them."""

    key: str
    name: str
    summary: str
    """What the rows are, in one sentence."""
    description: str
    """Where they come from, and what to look for."""
    columns: tuple[SampleColumn, ...]
    n_rows: int
    technique: str
    """Key in ``engines.catalog.TECHNIQUES``."""
    parameters: Mapping[str, Any]
    frame: Callable[[int], polars.DataFrame]
    """Gives so many rows; a sample of a fixed size gives all it has."""
    encoding: Mapping[str, Any] = field(default_factory=dict)
    any_size: bool = False
    """Whether more or fewer rows can be asked for."""

    def names_of(self, *roles: str) -> list[str]:
        """Return the names of the columns that have one of ``roles``."""
        return [column.name for column in self.columns if column.role in roles]

    @property
    def features(self) -> list[str]:
        """Columns that are learned from."""
        return self.names_of("feature", "category")


def columns_of(
    *, id: str = "", name: str = "", features: Sequence[str] = (), categories: Sequence[str] = ()
) -> tuple[SampleColumn, ...]:
    """Return the columns of a small sample: numbers to learn from, and texts."""
    found = [SampleColumn(id, "number", "id")] if id else []
    found += [SampleColumn(name, "text", "name")] if name else []
    found += [SampleColumn(one, "number", "feature") for one in features]
    found += [SampleColumn(one, "text", "category") for one in categories]
    return tuple(found)


def fixed_rows(
    columns: Sequence[SampleColumn], rows: Sequence[Sequence[Cell]]
) -> Callable[[int], polars.DataFrame]:
    """Return the function that makes a frame of ``rows``, whatever size is asked for."""

    def frame(size: int) -> polars.DataFrame:
        import polars

        names = [column.name for column in columns]
        return polars.DataFrame(list(map(list, rows)), schema=names, orient="row")

    return frame
