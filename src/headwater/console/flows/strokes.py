"""Strokes: lines with round corners and arrowheads, for drawings made on the server."""

from __future__ import annotations

from collections.abc import Sequence

Spot = tuple[float, float]
ARROW = 9.0
"""Length of an arrowhead."""
_RADIUS = 9.0


def path_of(points: Sequence[Spot]) -> str:
    """Return the line through ``points``, its corners round, its end short of the arrowhead."""
    (x0, y0), *_ = points
    (bx, by), (ex, ey) = points[-2], points[-1]
    length = abs(ex - bx) + abs(ey - by)
    back = min(ARROW - 2, length / 2)
    end = (ex - back * _sign(ex - bx), ey - back * _sign(ey - by))
    path = f"M{x0:g} {y0:g}"
    for before, here, after in zip(points, points[1:-1], points[2:], strict=False):
        radius = min(_RADIUS, _far(before, here) / 2, _far(here, after) / 2)
        from_x = here[0] - radius * _sign(here[0] - before[0])
        from_y = here[1] - radius * _sign(here[1] - before[1])
        to_x = here[0] + radius * _sign(after[0] - here[0])
        to_y = here[1] + radius * _sign(after[1] - here[1])
        path += f"L{from_x:g} {from_y:g}Q{here[0]:g} {here[1]:g} {to_x:g} {to_y:g}"
    return f"{path}L{end[0]:g} {end[1]:g}"


def arrow_at(before: Spot, end: Spot, width: float) -> str:
    """Return the arrowhead at ``end`` as the points of a polygon."""
    dx, dy = _sign(end[0] - before[0]), _sign(end[1] - before[1])
    half = width / 2 + 4
    back_x, back_y = end[0] - ARROW * dx, end[1] - ARROW * dy
    one = (back_x + half * dy, back_y + half * dx)
    other = (back_x - half * dy, back_y - half * dx)
    return " ".join(f"{x:g},{y:g}" for x, y in (end, one, other))


def _far(one: Spot, other: Spot) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
