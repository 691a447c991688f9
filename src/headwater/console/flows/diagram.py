"""The stock-flow diagram: stocks as tanks, flows as pipes, the outside as clouds; laid out here.

The stocks stand one below the other. A flow to the next stock goes straight down, one back to it
straight up; longer ones run in lanes, those down on the right and those up on the left. Every
inflow from outside comes from a cloud of its own on the left, every outflow goes to one on the
right. So nothing but lanes can cross.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from headwater.console.flows.strokes import Spot, arrow_at, path_of, shortened
from headwater.console.flows.tanks import Cloud, DrawnPipe, DrawnTank, Pipe, StockDiagram, Tank
from headwater.console.words import counted, figure

OUTSIDE = ""
BOX_WIDTH, BOX_HEIGHT, GAP = 190.0, 72.0, 68.0
PORT, ARRIVAL = 44.0, 24.0
"""Heights of a pipe at the side of a box: with a name above and a rate below, and without words."""
PIPE = 132.0
"""Length of a pipe from or to a cloud."""
CLOUD_WIDTH, CLOUD_HEIGHT = 46.0, 28.0
LANE = 22.0
MARGIN = 10.0
_THIN, _THICK = 3.0, 9.0


@dataclass(slots=True)
class _Side:
    """The ports of one side of one box, from top to bottom."""

    arriving: list[tuple[int, Pipe]]
    """Lane and pipe."""
    cloud: Pipe | None
    leaving: list[tuple[int, Pipe]]

    def ports(self) -> list[Pipe]:
        """Return the pipes in an order in which no two of one box cross."""
        return [
            *(pipe for _, pipe in sorted(self.arriving, key=lambda one: one[0])),
            *([self.cloud] if self.cloud else []),
            *(pipe for _, pipe in sorted(self.leaving, key=lambda one: -one[0])),
        ]

    def height(self, state: str) -> float:
        """Return the height that all of them take at the box of ``state``."""
        return sum(_room_for(pipe, state) for pipe in self.ports())


def _room_for(pipe: Pipe, state: str) -> float:
    """Return the height of ``pipe`` at the box of ``state``: its words stand where it begins."""
    return PORT if OUTSIDE in (pipe.source, pipe.sink) or pipe.source == state else ARRIVAL


def diagram_of(tanks: Sequence[Tank], pipes: Sequence[Pipe]) -> StockDiagram:
    """Return the drawing of ``tanks`` and the ``pipes`` between them; each pair of ends once."""
    place = {tank.state: number for number, tank in enumerate(tanks)}
    down = _lanes([p for p in pipes if _span(p, place) > 1], place)
    up = _lanes([p for p in pipes if _span(p, place) < -1], place)
    left = [_Side([], None, []) for _ in tanks]
    right = [_Side([], None, []) for _ in tanks]
    for pipe in pipes:
        if pipe.source == OUTSIDE:
            left[place[pipe.sink]].cloud = pipe
        elif pipe.sink == OUTSIDE:
            right[place[pipe.source]].cloud = pipe
    for lanes, sides in ((down, right), (up, left)):
        for pipe, lane in lanes:
            sides[place[pipe.source]].leaving.append((lane, pipe))
            sides[place[pipe.sink]].arriving.append((lane, pipe))
    for side in left:  # there, what leaves goes up: the other way round
        side.arriving, side.leaving = side.leaving, side.arriving
    return _Layout(
        tanks, pipes, place, left, right, dict(_by_ends(down)), dict(_by_ends(up))
    ).draw()


Ends = tuple[str, str]


def _by_ends(lanes: list[tuple[Pipe, int]]) -> dict[Ends, int]:
    return {(pipe.source, pipe.sink): lane for pipe, lane in lanes}


def _span(pipe: Pipe, place: dict[str, int]) -> int:
    """Return how many boxes further down a pipe ends; 0 for one from or to outside."""
    if OUTSIDE in (pipe.source, pipe.sink):
        return 0
    return place[pipe.sink] - place[pipe.source]


def _lanes(pipes: list[Pipe], place: dict[str, int]) -> list[tuple[Pipe, int]]:
    """Return each pipe with its lane: short ones within long ones, none upon another."""
    taken: list[list[tuple[int, int]]] = []
    found = []
    for pipe in sorted(pipes, key=lambda one: abs(_span(one, place))):
        low, high = sorted((place[pipe.source], place[pipe.sink]))
        lane = next(
            (n for n, kept in enumerate(taken) if all(high <= a or b <= low for a, b in kept)),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found.append((pipe, lane))
    return found


@dataclass(slots=True)
class _Layout:
    tanks: Sequence[Tank]
    pipes: Sequence[Pipe]
    place: dict[str, int]
    left: list[_Side]
    right: list[_Side]
    down: dict[Ends, int]
    up: dict[Ends, int]

    def draw(self) -> StockDiagram:
        """Return the whole drawing."""
        tops: list[float] = []
        heights: list[float] = []
        y = MARGIN
        for left, right in zip(self.left, self.right, strict=True):
            state = self.tanks[len(heights)].state
            heights.append(max(BOX_HEIGHT, left.height(state) + 6, right.height(state) + 6))
            tops.append(y)
            y += heights[-1] + GAP
        x = MARGIN + self._room(self.left, self.up)
        width = x + BOX_WIDTH + self._room(self.right, self.down) + MARGIN
        drawn: list[DrawnPipe] = []
        clouds: list[Cloud] = []
        for pipe in self.pipes:
            drawn.append(self._pipe(pipe, x, tops, heights, clouds))
        return StockDiagram(
            width=round(width, 1),
            height=round(y - GAP + MARGIN, 1),
            tanks=tuple(
                self._tank(tank, x, top, height)
                for tank, top, height in zip(self.tanks, tops, heights, strict=True)
            ),
            pipes=tuple(drawn),
            clouds=tuple(clouds),
            sentences=tuple(self._sentences()),
            has_idle=any(pipe.is_idle for pipe in drawn),
        )

    @staticmethod
    def _room(sides: list[_Side], lanes: dict[Ends, int]) -> float:
        """Return the width that one side of the boxes needs."""
        has_clouds = any(side.cloud for side in sides)
        if not has_clouds and not lanes:
            # Words beside the pipes between two boxes may be longer than half a box.
            return 40.0
        n_lanes = max(lanes.values(), default=-1) + 1
        return PIPE + (CLOUD_WIDTH if has_clouds else 0) + (14 + n_lanes * LANE if n_lanes else 0)

    def _lane_x(self, x: float, lane: int, side: int) -> float:
        sides = self.right if side > 0 else self.left
        cloud = CLOUD_WIDTH if any(one.cloud for one in sides) else 0
        away = PIPE + cloud + 14 + lane * LANE
        return x + BOX_WIDTH + away if side > 0 else x - away

    def _port_y(self, sides: list[_Side], box: int, pipe: Pipe, top: float, height: float) -> float:
        state = self.tanks[box].state
        y = top + (height - sides[box].height(state)) / 2
        for one in sides[box].ports():
            room = _room_for(one, state)
            if one is pipe:
                break
            y += room
        return y + room / 2

    def _pipe(
        self,
        pipe: Pipe,
        x: float,
        tops: list[float],
        heights: list[float],
        clouds: list[Cloud],
    ) -> DrawnPipe:
        source, sink = self.place.get(pipe.source), self.place.get(pipe.sink)
        if source is None:
            sink = self.place[pipe.sink]
            y = self._port_y(self.left, sink, pipe, tops[sink], heights[sink])
            clouds.append(Cloud(x - PIPE - CLOUD_WIDTH, y - CLOUD_HEIGHT / 2))
            points = [(x - PIPE - 3, y), (x, y)]
            return self._drawn(pipe, points, (x - PIPE / 2 - 6, y))
        right = x + BOX_WIDTH
        if sink is None:
            y = self._port_y(self.right, source, pipe, tops[source], heights[source])
            clouds.append(Cloud(right + PIPE, y - CLOUD_HEIGHT / 2))
            return self._drawn(pipe, [(right, y), (right + PIPE, y)], (right + PIPE / 2 - 6, y))
        if abs(sink - source) == 1:
            return self._straight(pipe, x, tops, heights)
        side = 1 if sink > source else -1
        sides = self.right if side > 0 else self.left
        lanes = self.down if side > 0 else self.up
        lane_x = self._lane_x(x, lanes[pipe.source, pipe.sink], side)
        edge = right if side > 0 else x
        begin = self._port_y(sides, source, pipe, tops[source], heights[source])
        end = self._port_y(sides, sink, pipe, tops[sink], heights[sink])
        points = [(edge, begin), (lane_x, begin), (lane_x, end), (edge, end)]
        return self._drawn(pipe, points, (edge + side * (PIPE / 2 - 6), begin))

    def _straight(self, pipe: Pipe, x: float, tops: list[float], heights: list[float]) -> DrawnPipe:
        """Return a pipe between two boxes, one below the other."""
        source, sink = self.place[pipe.source], self.place[pipe.sink]
        is_down = sink > source
        upper = min(source, sink)
        has_both = any(p.source == pipe.sink and p.sink == pipe.source for p in self.pipes)
        centre = x + BOX_WIDTH / 2
        at = centre + ((-14 if is_down else 14) if has_both else 0)
        low, high = tops[upper] + heights[upper], tops[upper + 1]
        points = [(at, low), (at, high)] if is_down else [(at, high), (at, low)]
        on_left = has_both and is_down
        return self._drawn(pipe, points, (at, (low + high) / 2), beside=-1 if on_left else 1)

    def _drawn(
        self,
        pipe: Pipe,
        points: list[Spot],
        valve: Spot,
        beside: int = 0,
    ) -> DrawnPipe:
        """Return the pipe along ``points``; its words stand above and below, or ``beside``."""
        most = max((one.moves for one in self.pipes), default=0)
        is_idle = not pipe.moves
        width = 1.6 if is_idle else _THIN + (_THICK - _THIN) * sqrt(pipe.moves / most)
        at_x, at_y = valve
        if beside:
            anchor = "start" if beside > 0 else "end"
            words_x = at_x + beside * 14
            name_at, rate_at = (words_x, at_y - 3), (words_x, at_y + 11)
            if not pipe.name:
                rate_at = (words_x, at_y + 4)
        else:
            anchor = "middle"
            name_at, rate_at = (at_x, at_y - 8), (at_x, at_y + 17)
        mark = next((tank.mark for tank in self.tanks if tank.state == pipe.source), None)
        return DrawnPipe(
            path=path_of(points),
            arrow=arrow_at(points[-2], points[-1], width),
            width=round(width, 1),
            tone="outside" if mark is None else str(mark.colour),
            is_idle=is_idle,
            valve=(round(at_x, 1), round(at_y, 1)),
            name=shortened(pipe.name, 24 if beside else 19),
            rate=pipe.rate,
            anchor=anchor,
            name_at=name_at,
            rate_at=rate_at,
            said=self._said(pipe),
        )

    def _tank(self, tank: Tank, x: float, top: float, height: float) -> DrawnTank:
        most = max((one.level or 0 for one in self.tanks), default=0)
        share = (tank.level or 0) / most if most else 0.0
        filled = max(3.0, share * (height - 4)) if tank.level else 0.0
        level = figure(tank.level)
        return DrawnTank(
            name=tank.name,
            shown=shortened(tank.name, 20),
            said=f"{tank.name}: {'not counted' if tank.level is None else level}",
            level=level,
            mark=tank.mark,
            x=x,
            y=top,
            width=BOX_WIDTH,
            height=height,
            fill_y=round(top + height - 2 - filled, 1),
            fill_height=round(filled, 1),
        )

    def _name(self, state: str) -> str:
        return next((tank.name for tank in self.tanks if tank.state == state), "outside")

    def _said(self, pipe: Pipe) -> str:
        named = f"{pipe.name}: " if pipe.name else ""
        way = f"{named}from {self._name(pipe.source)} to {self._name(pipe.sink)}"
        if not pipe.periods:
            return f"{way}; no rate yet"
        if not pipe.moves:
            return f"{way}; nothing moved so in {counted(pipe.periods, pipe.per)}"
        moved = counted(pipe.moves, "move")
        return f"{way}, {pipe.rate}; {moved} in {counted(pipe.periods, pipe.per)}"

    def _sentences(self) -> list[str]:
        levels = [f"{tank.name} holds {counted(tank.level, 'object')}." for tank in self.tanks]
        ways = []
        for pipe in self.pipes:
            said = self._said(pipe)
            ways.append(f"{said[0].upper()}{said[1:]}.")
        return [*levels, *ways]
