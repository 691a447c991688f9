"""The stock-flow diagram: nothing lies upon anything else, whatever flows are stated."""

from __future__ import annotations

import re
from itertools import combinations, product
from random import Random

import pytest

from headwater.console.flows.colours import mark_at
from headwater.console.flows.diagram import CLOUD_HEIGHT, CLOUD_WIDTH, diagram_of
from headwater.console.flows.tanks import DrawnPipe, Pipe, StockDiagram, Tank

Box = tuple[float, float, float, float]
Segment = tuple[tuple[float, float], tuple[float, float]]


def diagram(size: int, ends: list[tuple[int, int]]) -> StockDiagram:
    """Return the drawing of ``size`` stocks; −1 stands for outside."""
    tanks = [Tank(f"s{n}", f"Stock {n}", mark_at(n, f"Stock {n}"), n * 10) for n in range(size)]
    names = {-1: "", **{n: f"s{n}" for n in range(size)}}
    pipes = [
        Pipe(names[source], names[sink], f"{source} to {sink}", 3 * n, 10, "day")
        for n, (source, sink) in enumerate(ends)
    ]
    return diagram_of(tanks, pipes)


def boxes(drawn: StockDiagram) -> list[Box]:
    tanks = [(one.x, one.y, one.x + one.width, one.y + one.height) for one in drawn.tanks]
    clouds = [(one.x, one.y, one.x + CLOUD_WIDTH, one.y + CLOUD_HEIGHT) for one in drawn.clouds]
    return [*tanks, *clouds]


def apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def corners(pipe: DrawnPipe) -> list[tuple[float, float]]:
    """Return the corners of a pipe, round ones as if they were sharp, and its tip."""
    path = re.findall(r"([MLQ])([-\d.]+) ([-\d.]+)(?: ([-\d.]+) ([-\d.]+))?", pipe.path)
    tip = pipe.arrow.split()[0].split(",")
    middle = [(float(x), float(y)) for kind, x, y, *_ in path if kind == "Q"]
    return [(float(path[0][1]), float(path[0][2])), *middle, (float(tip[0]), float(tip[1]))]


def segments(pipe: DrawnPipe) -> list[Segment]:
    found = corners(pipe)
    return list(zip(found, found[1:], strict=False))  # noqa: RUF007


def run_together(one: Segment, other: Segment) -> bool:
    """Return whether two segments lie upon one another; crossing at a right angle is allowed."""
    for axis in (0, 1):
        same = {point[axis] for point in (*one, *other)}
        if len(same) == 1:
            across = 1 - axis
            low = max(min(p[across] for p in one), min(p[across] for p in other))
            high = min(max(p[across] for p in one), max(p[across] for p in other))
            if high - low > 0.5:
                return True
    return False


def every_way(size: int) -> list[tuple[int, int]]:
    return [(a, b) for a, b in product(range(-1, size), repeat=2) if a != b]


@pytest.mark.parametrize("size", range(1, 9))
def test_with_every_flow_nothing_lies_upon_anything(size: int) -> None:
    drawn = diagram(size, every_way(size))

    assert len(drawn.tanks) == size
    assert len(drawn.pipes) == size * (size + 1)
    assert len(drawn.clouds) == 2 * size
    for one, other in combinations(boxes(drawn), 2):
        assert apart(one, other)
    for first, second in combinations(drawn.pipes, 2):
        for one, other in product(segments(first), segments(second)):
            assert not run_together(one, other), (first.name, second.name)
    for x0, y0, x1, y1 in boxes(drawn):
        assert 0 <= x0 < x1 <= drawn.width
        assert 0 <= y0 < y1 <= drawn.height


@pytest.mark.parametrize("seed", range(12))
def test_a_pipe_leads_from_its_source_to_its_sink(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    size = random.randint(2, 8)
    ends = random.sample(every_way(size), k=min(9, size * (size + 1)))
    drawn = diagram(size, ends)

    def touches(point: tuple[float, float], number: int) -> bool:
        tank = drawn.tanks[number]
        on_side = point[0] in (tank.x, tank.x + tank.width) and (
            tank.y < point[1] < tank.y + tank.height
        )
        on_end = point[1] in (tank.y, tank.y + tank.height) and (
            tank.x < point[0] < tank.x + tank.width
        )
        return on_side or on_end

    for pipe, (source, sink) in zip(drawn.pipes, ends, strict=True):
        first, *_, last = corners(pipe)
        if source >= 0:
            assert touches(first, source), pipe.said
        if sink >= 0:
            assert touches(last, sink), pipe.said
        for x, y in corners(pipe):
            assert 0 <= x <= drawn.width
            assert 0 <= y <= drawn.height


def test_words_beside_pipes_do_not_touch_those_of_the_next() -> None:
    drawn = diagram(5, every_way(5))

    spots = [pipe.name_at for pipe in drawn.pipes] + [pipe.rate_at for pipe in drawn.pipes]
    sides = [pipe.anchor for pipe in drawn.pipes] * 2
    for (one, this), (other, that) in combinations(zip(spots, sides, strict=True), 2):
        if abs(one[0] - other[0]) < 60 and this == that:
            assert abs(one[1] - other[1]) >= 13


def test_thickness_and_words_say_how_much_went_through() -> None:
    tanks = [Tank(n, n.upper(), mark_at(i, n), 5) for i, n in enumerate("abc")]
    pipes = [
        Pipe("a", "b", "Much", 400, 10, "day"),
        Pipe("b", "c", "Little", 4, 10, "day"),
        Pipe("c", "", "", 0, 10, "day"),
        Pipe("", "a", "", 0, 0, "day"),
    ]
    much, little, none, unknown = diagram_of(tanks, pipes).pipes

    assert much.width > little.width > none.width
    assert (much.rate, little.rate, none.rate, unknown.rate) == (
        "40 a day",
        "0.4 a day",
        "0 a day",
        "",
    )
    assert (much.tone, little.tone, unknown.tone) == ("0", "1", "outside")
    assert (much.is_idle, none.is_idle) == (False, True)
    assert diagram_of(tanks, pipes).sentences == (
        "A holds 5 objects.",
        "B holds 5 objects.",
        "C holds 5 objects.",
        "Much: from A to B, 40 a day; 400 moves in 10 days.",
        "Little: from B to C, 0.4 a day; 4 moves in 10 days.",
        "From C to outside; nothing moved so in 10 days.",
        "From outside to A; no rate yet.",
    )


def test_the_fullest_tank_is_full_and_an_empty_one_empty() -> None:
    tanks = [
        Tank("full", "Full", mark_at(0, ""), 100),
        Tank("half", "Half", mark_at(1, ""), 50),
        Tank("empty", "Empty", mark_at(2, ""), 0),
        Tank("new", "New", mark_at(3, ""), None),
    ]
    full, half, empty, new = diagram_of(tanks, []).tanks

    assert full.fill_height == full.height - 4
    assert half.fill_height == (half.height - 4) / 2
    assert (empty.fill_height, new.fill_height) == (0, 0)
    assert (empty.level, new.level) == ("0", "–")
    assert new.said == "New: not counted"


def test_a_long_name_is_cut_in_the_picture_and_whole_in_words() -> None:
    long = "Customers who have not been seen for a long time"
    drawn = diagram_of([Tank("a", long, mark_at(0, ""), 1)], [])

    assert drawn.tanks[0].shown == "Customers who have…"
    assert drawn.tanks[0].said == f"{long}: 1"
