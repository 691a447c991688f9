"""The tree in which rows join into segments, drawn on its side, with the line that cuts it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headwater.console.letters import Mark, mark
from headwater.console.words import counted, figure, listed

WIDTH = 860
LEFT = 230
"""Room for the names of the leaves."""
RIGHT = 26
TOP = 34
BOTTOM = 46
PITCH = 24
"""Height of one leaf's line; many leaves stand closer."""
MANY = 36
CLOSE = 17
LONGEST = 30
"""A longer name is cut short in the drawing; the table has all of it."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row, or several that joined early, at the left edge of the drawing."""

    label: str
    """As it is drawn."""
    name: str
    """In full."""
    y: float
    x: float
    """Where its line begins: right of the edge where it stands for several rows."""
    size: int
    mark: Mark | None
    """Of the segment that it is in; None where the tree tells no letter."""

    @property
    def mark_y(self) -> float:
        """Where its mark begins, which is drawn in a box of 12."""
        return self.y - 6


@dataclass(frozen=True, slots=True)
class Branch:
    """One merge: two arms and the bar that joins them."""

    path: str
    css: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One number of the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A line at a height of at least ``low`` and less than ``high`` leaves ``n`` segments."""

    n: int
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class Dendrogram:
    """See ``templates/headwater/parts/segment_tree.html``."""

    title: str
    subtitle: str
    summary: str
    reading: tuple[str, ...]
    height: int
    leaves: tuple[Leaf, ...]
    branches: tuple[Branch, ...]
    ticks: tuple[Tick, ...]
    cuts: tuple[Cut, ...]
    n: int
    """Segments that the line leaves now."""
    line: float
    """Where the line stands."""
    data: dict[str, Any]
    """What ``dendrogram.js`` needs to colour the tree as the line moves."""
    file_name: str
    width: int = WIDTH

    @property
    def bottom(self) -> int:
        """Where the axis stands."""
        return self.height - BOTTOM

    @property
    def left(self) -> int:
        """Where the axis begins."""
        return LEFT

    @property
    def right(self) -> int:
        """Where the axis ends."""
        return WIDTH - RIGHT

    @property
    def middle(self) -> int:
        """The middle of the axis."""
        return (self.left + self.right) // 2

    @property
    def mark_x(self) -> int:
        """Where the marks of the leaves begin."""
        return LEFT - 18

    @property
    def name_x(self) -> int:
        """Where the names of the leaves end."""
        return LEFT - 26

    @property
    def first(self) -> int:
        """The smallest number of segments that is offered."""
        return 2 if self.most > 1 else 1

    @property
    def most(self) -> int:
        """The largest number of segments that can be asked for."""
        return max(cut.n for cut in self.cuts)


def cuts_of(tree: Mapping[str, Any]) -> tuple[Cut, ...]:
    """Return every number of segments that a line can leave, 1 first.

    Merges at one height leave a number out between them. A tree that is drawn in part ends at its
    leaves.
    """
    heights = sorted((float(merge[2]) for merge in tree["merges"]), reverse=True)
    floor = max((float(leaf["height"]) for leaf in tree["leaves"]), default=0.0)
    n_leaves = len(tree["leaves"])
    cuts = []
    for n in range(1, n_leaves + 1):
        high = None if n == 1 else heights[n - 2]
        low = heights[n - 1] if n < n_leaves else floor
        if high is None or low < high:
            cuts.append(Cut(n, low, high))
    return tuple(cuts)


def nearest_cut(cuts: Sequence[Cut], n: int) -> Cut:
    """Return the cut that leaves ``n`` segments, else the nearest number below, else the first."""
    below = [cut for cut in cuts if cut.n <= n]
    return below[-1] if below else cuts[0]


def dendrogram(
    tree: Mapping[str, Any], *, n: int, names: Mapping[str, str], linkage: str, name: str
) -> Dendrogram:
    """Return the drawing of ``tree``, as ``engines.segments.tree_layout`` has it, cut into ``n``.

    ``names``: letter -> what the segment is called; ``linkage``: how distances are measured.
    """
    cuts = cuts_of(tree)
    cut = nearest_cut(cuts, n)
    leaves, merges = tree["leaves"], tree["merges"]
    top = max(float(tree["height"]), 1e-300)
    pitch = PITCH if len(leaves) <= MANY else CLOSE
    height = TOP + pitch * len(leaves) + BOTTOM

    def x_of(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * value / (1.06 * top), 2)

    def y_of(place: float) -> float:
        return round(TOP + pitch * place / 10, 2)

    letters = list(tree.get("letters") or [None] * (len(leaves) + len(merges)))
    heights = [float(leaf["height"]) for leaf in leaves] + [float(merge[2]) for merge in merges]
    at = _line_height(cut, top)
    owner = _owners(merges, heights, letters, len(leaves), at)
    branches = []
    for number, (left, right, merged, _, _) in enumerate(merges):
        ends = [
            (
                x_of(heights[child]),
                y_of(leaves[child]["x"] if child < len(leaves) else merges[child - len(leaves)][4]),
            )
            for child in (left, right)
        ]
        joint = x_of(merged)
        (x1, y1), (x2, y2) = ends
        letter = owner[len(leaves) + number]
        branches.append(
            Branch(
                f"M{x1:g} {y1:g}H{joint:g}V{y2:g}H{x2:g}",
                f"hw-tree-{mark(letter).colour}" if letter else "hw-tree-over",
            )
        )
    drawn = tuple(
        _leaf(leaf, y_of(leaf["x"]), x_of(float(leaf["height"])), owner[place])
        for place, leaf in enumerate(leaves)
    )
    return Dendrogram(
        title=_title(tree, cuts),
        subtitle=f"{counted(int(tree['n']), 'row')}, joined step by step: the farther to the "
        f"right two branches meet, the less alike they are ({linkage})",
        summary=_summary(drawn, names, bool(tree["truncated"])),
        reading=_reading(bool(tree["truncated"])),
        height=height,
        leaves=drawn,
        branches=tuple(branches),
        ticks=tuple(Tick(x_of(value), figure(value, 3)) for value in _ticks(top)),
        cuts=cuts,
        n=cut.n,
        line=x_of(at),
        data={
            "merges": [[left, right] for left, right, *_ in merges],
            "heights": heights,
            "letters": letters,
            "leaves": len(leaves),
            "marks": {
                letter: {"colour": mark(letter).colour, "path": mark(letter).path}
                for letter in sorted({one for one in letters if one})
            },
            "cuts": [[one.n, one.low, one.high] for one in cuts],
            "scale": [LEFT, (WIDTH - LEFT - RIGHT) / (1.06 * top)],
            "top": top,
        },
        file_name=f"{name}-dendrogram",
    )


def _line_height(cut: Cut, top: float) -> float:
    """Return the height at which the line is drawn: in the middle of where it may be."""
    return (cut.low + (1.04 * top if cut.high is None else cut.high)) / 2


def _owners(
    merges: Sequence[Sequence[Any]],
    heights: Sequence[float],
    letters: Sequence[str | None],
    n_leaves: int,
    at: float,
) -> list[str | None]:
    """Return the letter of the segment that each node is in; None above the line."""
    owner: list[str | None] = [None] * len(heights)
    roots = [len(heights) - 1]
    while roots:
        node = roots.pop()
        if node < n_leaves or heights[node] <= at:
            below = [node]
            while below:
                one = below.pop()
                owner[one] = letters[node]
                if one >= n_leaves:
                    below += merges[one - n_leaves][:2]
        else:
            roots += merges[node - n_leaves][:2]
    return owner


def _leaf(leaf: Mapping[str, Any], y: float, x: float, letter: str | None) -> Leaf:
    if leaf["name"] is not None:
        full = str(leaf["name"])
    else:
        rest = leaf["size"] - len(leaf["names"])
        more = f" and {rest:,} more" if rest > 0 else ""
        full = f"{leaf['size']:,} rows: {', '.join(map(str, leaf['names']))}{more}"
    short = full if len(full) <= LONGEST else full[: LONGEST - 1].rstrip(" ,") + "…"
    return Leaf(short, full, y, x, int(leaf["size"]), mark(letter) if letter else None)


def _ticks(top: float) -> list[float]:
    """Return four to six round numbers from 0 to ``top``."""
    raw = top / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    return [step * number for number in range(int(top / step * 1.0001) + 1)]


def _title(tree: Mapping[str, Any], cuts: Sequence[Cut]) -> str:
    """Return where the tree has its longest gap, which is where a cut is most at home."""
    inner = [one for one in cuts if one.high is not None and 1 < one.n < len(tree["leaves"])]
    if not inner:
        return "How the rows join"
    longest = max(inner, key=lambda one: (one.high or 0.0) - one.low)
    return f"The longest stretch without a join leaves {longest.n} segments"


def _summary(leaves: Sequence[Leaf], names: Mapping[str, str], truncated: bool) -> str:
    by_letter: dict[str, list[str]] = {}
    for leaf in leaves:
        if leaf.mark is not None:
            by_letter.setdefault(leaf.mark.letter, []).append(leaf.name)
    if truncated or len(leaves) > 16:
        return f"{counted(len(by_letter), 'segment')} below the line." + (
            " Only the last joins are drawn; leaves stand for several rows." if truncated else ""
        )
    told = [
        f"{f'{letter} · {names[letter]}' if names.get(letter) else letter}: {listed(rows)}"
        for letter, rows in sorted(by_letter.items())
    ]
    return "; ".join(told) + "."


def _reading(truncated: bool) -> tuple[str, ...]:
    told = (
        "Every row begins at the left. Going right, the two nearest branches join, again and "
        "again, until all are one.",
        "The upright line cuts the tree: what is joined to its left is one segment. Drag it, or "
        "set the number of segments; all of the page follows at once.",
        "A long stretch without a join is a good place to cut: there, segments are far from one "
        "another.",
    )
    if not truncated:
        return told
    return (*told, "There are too many rows to draw each, so those that join early are one leaf.")
