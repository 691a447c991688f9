"""Layout: where the nodes, edges and plates of a network stand in a drawing of it.

Import-light, without an external program, and the same for the same definition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from headwater.engines.network.definition import Definition, Node, NodeKind
from headwater.engines.network.layers import Layers, arrange, straighten
from headwater.engines.network.node_types import NODE_TYPES
from headwater.engines.network.plates import members, sides_of

Point = tuple[float, float]

BOX_HEIGHT = 52.0
_LEAST_WIDTH, _MOST_WIDTH = 92.0, 280.0
_LETTER, _SMALL_LETTER = 8.2, 6.6
"""Widths of a letter of the name and of the type below it."""
_ACROSS = 52.0
"""Between two boxes: room for the borders of two plates."""
_BEND = 8.0
_DOWN = 96.0
"""Between two layers: room for the borders of plates, their labels, and the arrows."""
_PAD = 12.0
_LABEL = 20.0
_MARGIN = 16.0


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """The box of one node; ``x`` and ``y`` are its left upper corner, y grows downwards."""

    name: str
    kind: NodeKind
    type: str
    label: str
    """The type in plain words."""
    is_observed: bool
    x: float
    y: float
    width: float
    height: float
    plates: str
    """“× 10”, “× rows of Y”: what repeats it and is not drawn as a rectangle; often empty."""

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """One edge as a line from the border of the parent to that of the child."""

    parent: str
    child: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class PlacedPlate:
    """A rectangle around exactly the nodes that are repeated together."""

    label: str
    """“× 10”, “× rows of Y”; it stands in the right lower corner."""
    nodes: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing from (0, 0) to (``width``, ``height``), in units of about a pixel."""

    nodes: tuple[PlacedNode, ...]
    edges: tuple[PlacedEdge, ...]
    plates: tuple[PlacedPlate, ...]
    """Outer ones first."""
    width: float
    height: float


def lay_out(definition: Definition) -> Layout:
    """Return the drawing of ``definition``: parents above children, whatever is wrong with it.

    Nodes whose name was there before, and edges from or to no node or to the node itself, are left
    out. In a circle one edge goes up.
    """
    nodes = definition.by_name
    edges = [
        edge
        for edge in dict.fromkeys(definition.edges)
        if edge[0] in nodes and edge[1] in nodes and edge[0] != edge[1]
    ]
    groups = {name: sides_of(node) or None for name, node in nodes.items()}
    layers = arrange(list(nodes), edges, groups)
    widths = {name: _width(node) for name, node in nodes.items()}
    middles = straighten(layers, widths, groups, gap=_ACROSS, bend=_BEND)
    boxes = {
        name: _place(node, middles[name] - widths[name] / 2, layers.layer[name], widths[name])
        for name, node in nodes.items()
    }
    lines = [_line(layers, edge, boxes, middles) for edge in edges]
    plates = _plates(definition, boxes)
    return _in_frame(list(boxes.values()), lines, plates, definition)


def describe(definition: Definition) -> list[str]:
    """Return what the drawing shows as sentences, parents before children."""
    nodes = definition.by_name
    observing = sum(node.is_observed for node in nodes.values())
    edges = len(set(definition.edges))
    sentences = [
        f"The network has {_counted(len(nodes), 'node')}, of which {observing} "
        f"{'observes' if observing == 1 else 'observe'} data, and {_counted(edges, 'edge')}."
    ]
    drawn = lay_out(definition).nodes
    place = {name: at for at, name in enumerate(nodes)}
    for box in sorted(drawn, key=lambda box: (box.y, place[box.name])):
        node = nodes[box.name]
        known = NODE_TYPES.get(node.type)
        label = f"{known.label} ({node.type})" if known else node.type or "without a type"
        sentence = f"“{node.name}” is {node.kind}: {label}."
        parents = list(dict.fromkeys(definition.parents(node.name)))
        if parents:
            sentence += f" It depends on {_listed([f'“{parent}”' for parent in parents])}."
        if node.parameters.strip():
            sentence += f" Its parameters are: {' '.join(node.parameters.split())}."
        sides = [
            f"once for each of the {side}" if side.startswith("rows") else f"{side} times"
            for side in sides_of(node)
        ]
        if sides:
            sentence += f" It is repeated {_listed(sides)}."
        if node.is_observed:
            sentence += f" It observes {_listed(list(node.columns))}."
        sentences.append(sentence)
    return sentences


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _width(node: Node) -> float:
    letters = max(len(node.name) * _LETTER, len(node.type) * _SMALL_LETTER)
    return round(min(max(letters + 28, _LEAST_WIDTH), _MOST_WIDTH), 1)


def _place(node: Node, x: float, layer: int, width: float) -> PlacedNode:
    known = NODE_TYPES.get(node.type)
    return PlacedNode(
        name=node.name,
        kind=node.kind,
        type=node.type,
        label=known.label if known else node.type,
        is_observed=node.is_observed,
        x=x,
        y=layer * (BOX_HEIGHT + _DOWN),
        width=width,
        height=BOX_HEIGHT,
        plates="",
    )


def _line(
    layers: Layers,
    edge: tuple[str, str],
    boxes: dict[str, PlacedNode],
    middles: dict[str | tuple[str, int], float],
) -> PlacedEdge:
    """Return the edge as a line that passes layers upright, so that it crosses no box."""
    parent, child = edge
    goes_down = layers.layer[parent] < layers.layer[child]
    upper, lower = (parent, child) if goes_down else (child, parent)
    points = [(boxes[upper].centre[0], boxes[upper].y + BOX_HEIGHT)]
    for bend in layers.passing(upper, lower):
        top = bend[1] * (BOX_HEIGHT + _DOWN)
        points += [(middles[bend], top), (middles[bend], top + BOX_HEIGHT)]
    points.append((boxes[lower].centre[0], boxes[lower].y))
    return PlacedEdge(parent, child, tuple(points if goes_down else reversed(points)))


def _plates(definition: Definition, boxes: dict[str, PlacedNode]) -> list[PlacedPlate]:
    """Return the rectangles that can be drawn, large ones first; sides left over have none."""
    found = members(definition)
    plates: list[PlacedPlate] = []
    depths: list[int] = []
    for side in sorted(found, key=lambda side: len(found[side])):  # small ones within large ones
        inside = set(found[side])
        shared = [bool(inside & set(other.nodes)) for other in plates]
        depth = 1 + max((d for d, both in zip(depths, shared, strict=True) if both), default=0)
        plate = _around([boxes[name] for name in found[side]], f"× {side}", depth)
        strangers = (box for name, box in boxes.items() if name not in inside)
        if any(_overlap(plate, box) for box in strangers):
            continue
        apart = (other for other, both in zip(plates, shared, strict=True) if not both)
        if any(_overlap(plate, other) for other in apart):
            continue
        plates.append(plate)
        depths.append(depth)
    return plates[::-1]


def _around(boxes: list[PlacedNode], label: str, depth: int) -> PlacedPlate:
    pad = _PAD * depth
    left = min(box.x for box in boxes) - pad
    top = min(box.y for box in boxes) - pad
    right = max(box.x + box.width for box in boxes) + pad
    right = max(right, left + len(label) * _SMALL_LETTER + _PAD)
    bottom = max(box.y + box.height for box in boxes) + pad + _LABEL * depth
    return PlacedPlate(
        label, tuple(box.name for box in boxes), left, top, right - left, bottom - top
    )


def _overlap(one: PlacedPlate, other: PlacedNode | PlacedPlate) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _in_frame(
    nodes: list[PlacedNode],
    edges: list[PlacedEdge],
    plates: list[PlacedPlate],
    definition: Definition,
) -> Layout:
    """Return all of it moved to begin at the margin, with the labels of plates not drawn."""
    corners = [(item.x, item.y, item.x + item.width, item.y + item.height) for item in nodes]
    corners += [(item.x, item.y, item.x + item.width, item.y + item.height) for item in plates]
    corners += [(x, y, x, y) for edge in edges for x, y in edge.points]
    left = min((corner[0] for corner in corners), default=0.0) - _MARGIN
    top = min((corner[1] for corner in corners), default=0.0) - _MARGIN
    right = max((corner[2] for corner in corners), default=0.0) + _MARGIN
    bottom = max((corner[3] for corner in corners), default=0.0) + _MARGIN

    def across(x: float) -> float:
        return round(x - left, 1)

    def down(y: float) -> float:
        return round(y - top, 1)

    drawn = {(name, plate.label) for plate in plates for name in plate.nodes}
    placed = []
    for box in nodes:
        labels = [f"× {side}" for side in sides_of(definition.by_name[box.name])]
        left_over = " ".join(label for label in labels if (box.name, label) not in drawn)
        placed.append(replace(box, x=across(box.x), y=down(box.y), plates=left_over))
    return Layout(
        nodes=tuple(placed),
        edges=tuple(
            replace(edge, points=tuple((across(x), down(y)) for x, y in edge.points))
            for edge in edges
        ),
        plates=tuple(replace(plate, x=across(plate.x), y=down(plate.y)) for plate in plates),
        width=round(right - left, 1),
        height=round(bottom - top, 1),
    )
