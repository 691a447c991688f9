"""Tanks, pipes and clouds: what a stock-flow diagram is made of, as stated and as drawn."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.console.flows.strokes import Spot
from headwater.console.letters import Mark
from headwater.console.words import figure


@dataclass(frozen=True, slots=True)
class Tank:
    """A stock; ``level`` None: it was not counted."""

    state: str
    name: str
    mark: Mark
    level: int | None


@dataclass(frozen=True, slots=True)
class Pipe:
    """A flow from one stock to another, "" being outside; ``moves`` in ``periods``."""

    source: str
    sink: str
    name: str
    moves: int
    periods: int
    per: str

    @property
    def rate(self) -> str:
        """Moves a period in words; how many there were decides on the digits."""
        if not self.periods:
            return ""
        return f"{figure(round(self.moves / self.periods, 6), 2)} a {self.per}"


@dataclass(frozen=True, slots=True)
class DrawnTank:
    """A box, filled as high as its level is among all."""

    name: str
    shown: str
    said: str
    level: str
    mark: Mark
    x: float
    y: float
    width: float
    height: float
    fill_y: float
    fill_height: float

    @property
    def fill_x(self) -> float:
        return self.x + 2

    @property
    def fill_width(self) -> float:
        return self.width - 4

    @property
    def centre_x(self) -> float:
        return self.x + self.width / 2

    @property
    def name_y(self) -> float:
        return self.y + self.height / 2 - 7

    @property
    def level_y(self) -> float:
        return self.y + self.height / 2 + 18

    @property
    def mark_x(self) -> float:
        return self.x + 10

    @property
    def mark_y(self) -> float:
        return self.y + 10


@dataclass(frozen=True, slots=True)
class DrawnPipe:
    """A pipe with its arrowhead, its valve and its words."""

    path: str
    arrow: str
    width: float
    tone: str
    """Number of the colour of its source, or “outside”."""
    is_idle: bool
    """Nothing went through it: a thin broken line."""
    valve: Spot
    name: str
    rate: str
    anchor: str
    name_at: Spot
    rate_at: Spot
    said: str

    @property
    def inner(self) -> float:
        """Width of what flows within the walls of the pipe."""
        return max(1.0, self.width - 2.4)


@dataclass(frozen=True, slots=True)
class Cloud:
    """The outside, at one end of a pipe."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class StockDiagram:
    """What ``parts/stocks_diagram.html`` draws."""

    width: float
    height: float
    tanks: tuple[DrawnTank, ...]
    pipes: tuple[DrawnPipe, ...]
    clouds: tuple[Cloud, ...]
    sentences: tuple[str, ...]
    """The same as text."""
    has_idle: bool
