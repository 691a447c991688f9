"""HeatTable: a table whose cells are shaded by a share, and say it in words as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headwater.console.letters import Mark

SHADES = 10
"""``console.css`` has one class for each shade, hw-heat-0 (nothing) to hw-heat-10 (all)."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell; ``shade`` None: it is not part of the map, and stays plain."""

    main: str
    small: str = ""
    shade: int | None = None
    is_same: bool = False
    """True: the row and the column are the same stock."""
    spoken: str = ""
    """What the cell says where it is read without its row and column; shown on hover."""

    @property
    def css(self) -> str:
        """The classes of its table cell."""
        shade = "" if self.shade is None else f" hw-heat hw-heat-{self.shade}"
        return f"hw-number{shade}{' hw-heat-same' if self.is_same else ''}"


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row with the label before it."""

    label: str
    cells: Sequence[HeatCell]
    mark: Mark | None = None
    is_outside: bool = False
    """True: the row of the outside, told apart by a line above it."""


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """The head of one column."""

    label: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class HeatTable:
    """See ``templates/headwater/parts/heat_table.html``."""

    key: str
    title: str
    subtitle: str
    summary: str
    reading: tuple[str, ...]
    corner: str
    columns: Sequence[HeatColumn]
    rows: Sequence[HeatRow]


def shade(share: float | None) -> int | None:
    """Return the shade of a share from 0 to 1; only nothing at all has the shade 0.

    >>> shade(0), shade(0.004), shade(0.5), shade(1), shade(None)
    (0, 1, 5, 10, None)
    """
    if share is None:
        return None
    if share <= 0:
        return 0
    return max(1, min(SHADES, round(share * SHADES)))
