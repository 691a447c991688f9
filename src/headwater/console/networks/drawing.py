"""Drawing: a network as the parts of an inline SVG, laid out on the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headwater.engines.network.definition import Definition
from headwater.engines.network.layout import Layout, PlacedEdge, PlacedNode, describe, lay_out

RING = 3.5
"""Between the two lines around a deterministic node."""
_LETTER, _ASIDE = 8.6, 20.0
"""Width of a letter of a name, and what is left free beside it."""


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """An ellipse with two lines of text."""

    name: str
    shown: str
    """Its name, shortened where it is very long."""
    type: str
    said: str
    """What it is, in a sentence, for its title."""
    address: str
    """Where a press on it leads; empty: nowhere."""
    css: str
    is_double: bool
    cx: float
    cy: float
    rx: float
    ry: float
    plates: str

    @property
    def inner_rx(self) -> float:
        return self.rx - RING

    @property
    def inner_ry(self) -> float:
        return self.ry - RING

    @property
    def name_y(self) -> float:
        """Baseline of the name."""
        return self.cy - 1

    @property
    def type_y(self) -> float:
        """Baseline of the type."""
        return self.cy + 13

    @property
    def plates_x(self) -> float:
        """Where the label of plates without a rectangle begins."""
        return self.cx + self.rx * 0.86

    @property
    def plates_y(self) -> float:
        return self.cy - self.ry * 0.72


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """A line with an arrowhead."""

    parent: str
    child: str
    path: str


@dataclass(frozen=True, slots=True)
class DrawnPlate:
    """A rounded rectangle with its label in the right lower corner."""

    label: str
    x: float
    y: float
    width: float
    height: float

    @property
    def label_x(self) -> float:
        return self.x + self.width - 10

    @property
    def label_y(self) -> float:
        return self.y + self.height - 8


@dataclass(frozen=True, slots=True)
class Drawing:
    """What ``parts/network_drawing.html`` needs."""

    width: float
    height: float
    nodes: list[DrawnNode]
    edges: list[DrawnEdge]
    plates: list[DrawnPlate]
    sentences: list[str]
    """The same as text."""
    has_observed: bool
    has_double: bool

    @property
    def summary(self) -> str:
        """The first sentence: how many nodes and edges there are."""
        return self.sentences[0]


def drawing_of(
    definition: Definition, *, address: Callable[[str], str] = lambda name: ""
) -> Drawing | None:
    """Return the drawing of ``definition``; None where there is no node to draw.

    ``address`` gives where a press on a node leads, by its name.
    """
    if not definition.nodes:
        return None
    layout: Layout = lay_out(definition)
    nodes = [_node(node, address(node.name)) for node in layout.nodes]
    return Drawing(
        width=layout.width,
        height=layout.height,
        nodes=nodes,
        edges=[DrawnEdge(edge.parent, edge.child, _path(edge)) for edge in layout.edges],
        plates=[
            DrawnPlate(plate.label, plate.x, plate.y, plate.width, plate.height)
            for plate in layout.plates
        ],
        sentences=describe(definition),
        has_observed=any(node.is_observed for node in layout.nodes),
        has_double=any(node.is_double for node in nodes),
    )


def _node(node: PlacedNode, address: str) -> DrawnNode:
    x, y = node.centre
    is_double = node.kind == "deterministic"
    # What is drawn comes first, as it is drawn: a name to be said aloud holds what is seen.
    room = max(4, int((node.width - _ASIDE) / _LETTER))
    shown = node.name if len(node.name) <= room else f"{node.name[: room - 1]}…"
    said = " ".join([shown, node.type or "?", *([node.plates] if node.plates else [])])
    said += f": {node.label}" if node.label != node.type else ""
    said += ", computed from its parents" if is_double else ""
    said += ", observed" if node.is_observed else ""
    return DrawnNode(
        name=node.name,
        shown=shown,
        type=node.type,
        said=said,
        address=address,
        css="hw-node-observed" if node.is_observed else "hw-node-hidden",
        is_double=is_double,
        cx=round(x, 1),
        cy=round(y, 1),
        rx=round(node.width / 2, 1),
        ry=round(node.height / 2, 1),
        plates=node.plates,
    )


def _path(edge: PlacedEdge) -> str:
    """Return the line: it leaves upright, arrives upright, and is straight where it is upright."""
    (x, y), *others = edge.points
    path = f"M{x:g} {y:g}"
    for to_x, to_y in others:
        if to_x == x:
            path += f"L{to_x:g} {to_y:g}"
        else:
            middle = (y + to_y) / 2
            path += f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {to_y:g}"
        x, y = to_x, to_y
    return path
