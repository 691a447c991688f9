"""The techniques of the workbench, with the words that help to choose one."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.engines.catalog import TECHNIQUES

FAMILIES = ("clustering", "decomposition")
"""Families whose models are analyses of the room “Segments”."""

ORDER = ("k_means", "hierarchical", "dbscan", "hdbscan", "variational_mixture", "pca")

SUITS = {
    "k_means": "Round groups of similar width, and you say how many.",
    "hierarchical": "A tree of rows that are joined step by step; you cut it where it suits.",
    "dbscan": "Crowded places of any shape; rows that lie alone stay outside.",
    "hdbscan": "Crowded places of different density; rows that lie alone stay outside.",
    "variational_mixture": "The number of groups is found, with a probability for each row.",
    "pca": "No groups: the few directions in which the rows differ most.",
}
"""What each technique is good for, in one line."""


SHORT = {
    "hierarchical": "Tree",
    "dbscan": "DBSCAN",
    "hdbscan": "HDBSCAN",
    "variational_mixture": "Mixture",
    "pca": "PCA",
}
"""What a technique is called in the name of an analysis, where its label is too long."""


@dataclass(frozen=True, slots=True)
class TechniqueCard:
    """One technique to choose."""

    key: str
    label: str
    suits: str
    summary: str


def technique_cards() -> list[TechniqueCard]:
    """Return the techniques that find segments or directions, the best known first."""
    found = [one for one in TECHNIQUES.values() if one.family in FAMILIES]
    found.sort(key=lambda one: ORDER.index(one.key) if one.key in ORDER else len(ORDER))
    return [
        TechniqueCard(one.key, one.label, SUITS.get(one.key, one.summary), one.summary)
        for one in found
    ]


def technique_keys() -> list[str]:
    """Return the keys of the techniques of the room."""
    return [card.key for card in technique_cards()]


def short_name(technique: str) -> str:
    """Return the technique's name in a word or two."""
    known = TECHNIQUES.get(technique)
    return SHORT.get(technique) or (known.label if known else technique)
