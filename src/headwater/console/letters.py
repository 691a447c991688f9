"""The colour and marker shape of a group: the same for a letter on every page and in every fit."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.engines.letters import index_of

N_COLOURS = 8
"""Okabe and Ito's palette; its colours stand in ``console.css``, ``--hw-group-0`` and so on."""

SHAPES: tuple[tuple[str, str], ...] = (
    ("circle", "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z"),
    ("square", "M2.2 2.2h11.6v11.6H2.2z"),
    ("triangle", "M8 1.2L15.2 14.2H.8z"),
    ("diamond", "M8 .6L15.4 8L8 15.4L.6 8z"),
    ("pointed down", "M8 14.8L.8 1.8h14.4z"),
    ("cross", "M5.7 1h4.6v4.7H15v4.6h-4.7V15H5.7v-4.7H1V5.7h4.7z"),
    ("star", "M8 .6l2.3 4.9 5.3.7-3.9 3.7 1 5.3L8 12.6l-4.7 2.6 1-5.3L.4 6.2l5.3-.7z"),
)
"""(name, path in a box of 16 x 16). Seven shapes and eight colours: 56 letters differ in one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How the group of a letter is drawn."""

    letter: str
    colour: int
    """Index of the colour in the palette."""
    shape: str
    path: str

    @property
    def fill(self) -> str:
        """Name of the colour in a chart option; the page replaces it."""
        return f"$group-{self.colour}"

    @property
    def line(self) -> str:
        """Name of the outline colour: the one that stands out from the page."""
        return f"$group-line-{self.colour}"

    @property
    def symbol(self) -> str:
        """The shape as ECharts takes it."""
        return f"path://{self.path}"


def mark(letter: str) -> Mark:
    """Return the colour and shape of ``letter``."""
    index = max(0, index_of(letter))
    name, path = SHAPES[index % len(SHAPES)]
    return Mark(letter=letter, colour=index % N_COLOURS, shape=name, path=path)
