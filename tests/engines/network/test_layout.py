"""A network is drawn from the top down: no box on another, and plates around their own nodes."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.layers import _rising, arrange, crossings
from headwater.engines.network.layout import (
    Layout,
    PlacedNode,
    PlacedPlate,
    describe,
    lay_out,
)
from tests.engines.network.test_check import DEFINITIONS, ONE, TWO


def apart(one: PlacedNode, other: PlacedNode) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def inside(plate: PlacedPlate, box: PlacedNode) -> bool:
    return (
        plate.x < box.x
        and plate.y < box.y
        and box.x + box.width < plate.x + plate.width
        and box.y + box.height < plate.y + plate.height
    )


def touches(plate: PlacedPlate, box: PlacedNode) -> bool:
    return (
        plate.x < box.x + box.width
        and box.x < plate.x + plate.width
        and plate.y < box.y + box.height
        and box.y < plate.y + plate.height
    )


def crosses(line: tuple[tuple[float, float], tuple[float, float]], box: PlacedNode) -> bool:
    """Return whether a piece of a line comes into the box, looked at in a hundred points."""
    (x0, y0), (x1, y1) = line
    for step in range(101):
        x, y = x0 + (x1 - x0) * step / 100, y0 + (y1 - y0) * step / 100
        if box.x < x < box.x + box.width and box.y < y < box.y + box.height:
            return True
    return False


def assert_drawn_well(layout: Layout) -> None:
    """Assert what holds for every drawing."""
    boxes = {box.name: box for box in layout.nodes}
    assert all(apart(one, other) for one, other in combinations(layout.nodes, 2))
    for box in layout.nodes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height
    for edge in layout.edges:
        upper, lower = boxes[edge.parent], boxes[edge.child]
        first, last = edge.points[0], edge.points[-1]
        if upper.y > lower.y:
            upper, lower, first, last = lower, upper, last, first
        assert first == pytest.approx((upper.centre[0], upper.y + upper.height), abs=0.11)
        assert last == pytest.approx((lower.centre[0], lower.y), abs=0.11)
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in edge.points)
        for piece in pairwise(edge.points):
            assert not any(crosses(piece, box) for box in layout.nodes)
    for plate in layout.plates:
        assert plate.x >= 0
        assert plate.x + plate.width <= layout.width
        assert plate.y + plate.height <= layout.height
        for box in layout.nodes:
            assert inside(plate, box) if box.name in plate.nodes else not touches(plate, box)


def test_one_metric() -> None:
    layout = lay_out(ONE)
    assert_drawn_well(layout)
    mu, tau, metric = layout.nodes
    assert mu.y == tau.y < metric.y
    assert metric.is_observed
    assert not mu.is_observed
    assert metric.centre[0] == pytest.approx((mu.centre[0] + tau.centre[0]) / 2, abs=0.2)
    assert [(plate.label, plate.nodes) for plate in layout.plates] == [
        ("× rows of avg1", ("avg1",))
    ]
    assert metric.label == "Gaussian number"


def test_mixture_is_drawn_as_in_a_textbook() -> None:
    layout = lay_out(TWO)
    assert_drawn_well(layout)
    plates = {plate.label: set(plate.nodes) for plate in layout.plates}
    assert plates == {"× rows of Y": {"Z", "Y"}, "× 10": {"mu", "Lambda"}}
    assert {box.plates for box in layout.nodes} == {""}
    row = {box.name: box.y for box in layout.nodes}
    assert row["alpha"] < row["Z"] == row["mu"] == row["Lambda"] < row["Y"]


def test_a_plate_that_would_frame_others_is_a_label() -> None:
    nodes = (
        Node("a", "stochastic", "Gamma", "1, 1, plates=(5, )"),
        Node("b", "stochastic", "Gamma", "1, a"),
        Node("c", "stochastic", "Gamma", "1, b, plates=(5, )"),
    )
    layout = lay_out(Definition(nodes, (("a", "b"), ("b", "c"))))
    assert_drawn_well(layout)
    assert layout.plates == ()
    assert [box.plates for box in layout.nodes] == ["× 5", "", "× 5"]


def test_plates_within_plates() -> None:
    nodes = (
        Node("rate", "stochastic", "Gamma", "1, 1, plates=(3, )"),
        Node("count", "stochastic", "Poisson", "rate, plates=(1000, 3)", ("a.B.c", "a.B.d")),
    )
    layout = lay_out(Definition(nodes, (("rate", "count"),)))
    assert_drawn_well(layout)
    outer, inner = layout.plates
    assert (outer.label, outer.nodes) == ("× 3", ("rate", "count"))
    assert (inner.label, inner.nodes) == ("× 1,000", ("count",))
    assert outer.x < inner.x
    assert inner.x + inner.width < outer.x + outer.width
    assert inner.y + inner.height < outer.y + outer.height


def test_long_edges_pass_beside_boxes() -> None:
    names = "abcd"
    nodes = tuple(Node(name, "stochastic", "GaussianARD", "0, 1") for name in names)
    edges = (("a", "b"), ("b", "c"), ("c", "d"), ("a", "d"), ("a", "c"))
    layout = lay_out(Definition(nodes, edges))
    assert_drawn_well(layout)
    assert [len(edge.points) for edge in layout.edges] == [2, 2, 2, 6, 4]


def test_a_circle_is_drawn_with_one_edge_up() -> None:
    nodes = tuple(Node(name, "stochastic", "GaussianARD", "0, 1") for name in "abc")
    layout = lay_out(Definition(nodes, (("a", "b"), ("b", "c"), ("c", "a"))))
    assert_drawn_well(layout)
    up = [edge.points[0][1] > edge.points[-1][1] for edge in layout.edges]
    assert up == [False, False, True]


def test_edges_that_need_not_cross_do_not() -> None:
    """Two rows of four, joined in the opposite order: 6 crossings as stated, none when drawn."""
    upper, lower = ["a", "b", "c", "d"], ["w", "x", "y", "z"]
    edges = list(zip(upper, reversed(lower), strict=True))
    layers = arrange([*upper, *lower], edges, {})
    assert crossings(layers) == 0
    layers.rows = [list(upper), list(lower)]
    assert crossings(layers) == 6


def test_nothing_to_draw() -> None:
    layout = lay_out(Definition(()))
    assert (layout.nodes, layout.edges, layout.plates) == ((), (), ())
    assert layout.width > 0
    assert describe(Definition(())) == [
        "The network has 0 nodes, of which 0 observe data, and 0 edges."
    ]


def test_the_drawing_in_sentences() -> None:
    assert describe(ONE) == [
        "The network has 3 nodes, of which 1 observes data, and 2 edges.",
        "“mu” is stochastic: Gaussian number (GaussianARD). Its parameters are: 0, 1e-6.",
        "“tau” is stochastic: Gamma (Gamma). Its parameters are: 1e-6, 1e-6.",
        "“avg1” is stochastic: Gaussian number (GaussianARD). It depends on “mu” and “tau”. Its "
        "parameters are: mu, tau. It is repeated once for each of the rows of avg1. It observes "
        "smartdjango.UserInfo.avg1.",
    ]
    sentences = describe(TWO)
    assert "“Z”, “mu” and “Lambda”" in sentences[-1]
    assert any("It is repeated 10 times." in sentence for sentence in sentences)


@st.composite
def acyclic(draw: st.DrawFn) -> Definition:
    """Return a network of up to 40 nodes whose edges follow the order of a shuffled list."""
    count = draw(st.integers(1, 40))
    order = draw(st.permutations(range(count)))
    pairs = draw(
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=60)
    )
    plates = st.sampled_from(["", "", ", plates=(10, )", ", plates=(:dl|n0, )", ", plates=(10, 2)"])
    nodes = tuple(
        Node(
            f"n{number}" + "x" * draw(st.sampled_from([0, 0, 0, 30])),
            "stochastic",
            "GaussianARD",
            "0, 1" + draw(plates),
            ("a.B.c",) if draw(st.integers(0, 5)) == 0 else (),
        )
        for number in range(count)
    )
    edges = {
        (nodes[order[min(a, b)]].name, nodes[order[max(a, b)]].name) for a, b in pairs if a != b
    }
    return Definition(nodes, tuple(sorted(edges)))


@settings(max_examples=100, deadline=None)
@given(acyclic())
def test_any_network_is_drawn_well(definition: Definition) -> None:
    layout = lay_out(definition)
    assert_drawn_well(layout)
    assert {(edge.parent, edge.child) for edge in layout.edges} == set(definition.edges)
    for edge in layout.edges:
        assert all(before[1] < after[1] for before, after in pairwise(edge.points))
    assert len(describe(definition)) == len(definition.nodes) + 1


@settings(max_examples=100, deadline=None)
@given(DEFINITIONS)
def test_whatever_is_wrong_it_is_drawn(definition: Definition) -> None:
    layout = lay_out(definition)
    assert {box.name for box in layout.nodes} == {node.name for node in definition.nodes}
    assert_drawn_well(layout)
    assert len(describe(definition)) == len(layout.nodes) + 1


@settings(deadline=None)
@given(acyclic())
def test_the_same_network_is_drawn_the_same(definition: Definition) -> None:
    assert lay_out(definition) == lay_out(replace(definition))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 4)), min_size=1, max_size=6))
def test_rising_is_the_nearest(pairs: list[tuple[int, int]]) -> None:
    """No small change that keeps the order comes nearer to what is wanted."""
    wanted, weights = zip(*pairs, strict=True)
    found = _rising(wanted, weights)

    def far(values: list[float]) -> float:
        return sum(w * (v - x) ** 2 for w, v, x in zip(weights, values, wanted, strict=True))

    assert all(a <= b + 1e-9 for a, b in pairwise(found))
    for first in range(len(found)):
        for last in range(first + 1, len(found) + 1):
            for step in (-1e-3, 1e-3):
                moved = [v + step * (first <= i < last) for i, v in enumerate(found)]
                if all(a <= b for a, b in pairwise(moved)):
                    assert far(moved) >= far(found) - 1e-9
