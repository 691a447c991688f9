"""The drawing of a network: what is drawn, said and linked, and that it fits."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from headwater.console.networks.drawing import drawing_of
from headwater.console.networks.edges import renamed, uses
from headwater.console.networks.examples import EXAMPLES
from headwater.console.networks.misread import Misread, misread
from headwater.console.networks.shown import rounded
from headwater.engines.network.definition import Definition, Node
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2, definition, node

ALL = [EXAMPLE_1, EXAMPLE_2, *(example.definition for example in EXAMPLES.values())]


@pytest.mark.parametrize("stated", ALL)
def test_all_of_it_lies_within_the_picture(stated: Definition) -> None:
    drawing = drawing_of(stated)

    assert drawing is not None
    assert {one.name for one in drawing.nodes} == set(stated.by_name)
    assert {(edge.parent, edge.child) for edge in drawing.edges} == set(stated.edges)
    for one in drawing.nodes:
        assert one.rx <= one.cx <= drawing.width - one.rx
        assert one.ry <= one.cy <= drawing.height - one.ry
    for plate in drawing.plates:
        assert plate.x >= 0
        assert plate.y >= 0
        assert plate.x + plate.width <= drawing.width
        assert plate.y + plate.height <= drawing.height
    for edge in drawing.edges:
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", edge.path)]
        assert all(0 <= x <= drawing.width for x in numbers[::2])
        assert all(0 <= y <= drawing.height for y in numbers[1::2])


def test_an_edge_leads_from_below_its_parent_to_above_its_child() -> None:
    drawing = drawing_of(EXAMPLE_1)
    assert drawing is not None
    at = {one.name: one for one in drawing.nodes}
    (edge,) = [edge for edge in drawing.edges if edge.parent == "mu"]
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", edge.path)]

    assert numbers[:2] == pytest.approx([at["mu"].cx, at["mu"].cy + at["mu"].ry])
    assert numbers[-2:] == pytest.approx([at["Y"].cx, at["Y"].cy - at["Y"].ry])
    assert numbers[-4] == numbers[-2]  # it arrives upright, so the arrowhead stands straight


def test_what_is_observed_computed_and_repeated_looks_so() -> None:
    drawing = drawing_of(EXAMPLE_2)
    assert drawing is not None
    assert [one.name for one in drawing.nodes if one.css == "hw-node-observed"] == ["Y"]
    assert sorted(plate.label for plate in drawing.plates) == ["× 10", "× rows of Y"]
    assert (drawing.has_observed, drawing.has_double) == (True, False)
    regression = drawing_of(EXAMPLES["regression"].definition)
    assert regression is not None
    assert {one.name for one in regression.nodes if one.is_double} == {"slope", "line"}
    assert all(one.inner_rx < one.rx for one in regression.nodes)


def test_a_long_name_is_shortened_to_its_ellipse_and_said_in_full_sentences() -> None:
    long = "a_name_that_is_as_long_as_names_of_nodes_may_be_x"
    drawing = drawing_of(definition(node(long, "GaussianARD", "0, 1")))

    assert drawing is not None
    (one,) = drawing.nodes
    assert one.shown.endswith("…")
    assert len(one.shown) * 8.2 < 2 * one.rx
    assert f"“{long}” is stochastic" in drawing.sentences[1]


def test_the_picture_links_nodes_and_carries_no_style_of_its_own() -> None:
    drawing = drawing_of(EXAMPLE_1, address=lambda name: f"/{name}/" if name != "tau" else "")

    text = render_to_string("headwater/parts/network_drawing.html", {"drawing": drawing})

    assert re.findall(r'<a href="(/\w+/)"><title>', text) == ["/mu/", "/Y/"]
    assert '<g role="img"><title>tau Gamma</title>' in text
    assert "<title>Y GaussianARD: Gaussian number, observed</title>" in text
    assert "style" not in text
    assert "<li>“mu” is stochastic: Gaussian number (GaussianARD)." in text


def test_names_are_escaped() -> None:
    bad = Definition((Node("<b>", "stochastic", "<i>", "0, 1"),))

    text = render_to_string(
        "headwater/parts/network_drawing.html", {"drawing": drawing_of(bad), "model": "<u>"}
    )

    assert not re.search(r"<[biu]>", text)


def test_nothing_is_drawn_of_no_nodes_and_anything_of_wrong_ones() -> None:
    assert drawing_of(Definition(())) is None
    circle = Definition(
        (
            Node("a", "stochastic", "", "b"),
            Node("b", "stochastic", "Gaussian", "a,, ]"),
        ),
        (("a", "b"), ("b", "a"), ("a", "a"), ("a", "gone")),
    )
    drawing = drawing_of(circle)
    assert drawing is not None
    assert len(drawing.nodes) == 2
    assert len(drawing.edges) == 2


@pytest.mark.parametrize(
    ("text", "position", "marked"),
    [
        ("0, 1]", 4, Misread("0, 1", "]", "")),
        ("[1,", 3, Misread("[1,", "", "")),
        ("1,\r\n2 3\n4", 6, Misread("2 ", "3", "")),
        ("1,\n2", 2, Misread("1,", "", "")),
        ("x" * 60 + "!" + "y" * 60, 60, Misread("…" + "x" * 48, "!", "y" * 48 + "…")),
    ],
)
def test_the_wrong_character_is_marked_in_its_line(
    text: str, position: int, marked: Misread
) -> None:
    assert misread(text, position) == marked


def test_a_name_is_changed_where_it_is_a_node_and_nowhere_else() -> None:
    text = "mu, numpy.full(2, 1), plates=(:dl|mu, :dl_mu), other=[mu, mux, 'mu']"

    changed = renamed(text, "mu", "m")

    assert changed == "m, numpy.full(2, 1), plates=(:dl|m, :dl_m), other=[m, mux, 'mu']"
    assert renamed("mu,, ]", "mu", "m") == "mu,, ]"
    assert uses("mu, [tau, mu], plates=(:dl|Y, )") == ["mu", "tau"]
    assert uses("mu,, ]") == []


def test_only_long_numbers_are_rounded() -> None:
    assert rounded("1e-05, 0.123456789, -12.3456789e-10, 12345678, x0.5") == (
        "1e-05, 0.12346, -1.2346e-09, 12345678, x0.5"
    )


def test_a_definition_without_columns_has_no_observed_look() -> None:
    nodes = tuple(replace(one, columns=()) for one in EXAMPLE_1.nodes)
    drawing = drawing_of(Definition(nodes, EXAMPLE_1.edges))

    assert drawing is not None
    assert not drawing.has_observed
