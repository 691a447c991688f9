"""Letters of a tree stay where they are, wherever it is cut."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage

from headwater.engines.clustering.hierarchical import Hierarchical
from headwater.engines.segments.tree_letters import letters_at, letters_of_tree


def _letters(X: np.ndarray, base: int, *, used: tuple[str, ...] = ()) -> dict[int, dict[str, set]]:
    """Return k -> letter -> rows of each cut."""
    fitted = Hierarchical(base).fit(X)
    names = tuple("ABCDEFGH"[:base])
    nodes = letters_of_tree(
        fitted.linkage_, fitted.leaf_sizes_, fitted.leaf_groups_, names, used=used
    )
    found = {}
    for k in range(1, len(X)):
        cut = fitted.with_cut(k)
        letters = letters_at(cut.linkage_, cut.leaf_sizes_, cut.leaf_groups_, nodes)
        assert len(letters) == len(set(letters)) == cut.n_groups_
        found[k] = {
            letter: set(np.flatnonzero(cut.labels_ == group).tolist())
            for group, letter in enumerate(letters)
        }
    return found


@pytest.mark.parametrize("base", [1, 3, 5])
def test_each_cut_differs_from_the_next_by_one_letter(base: int) -> None:
    X = np.random.default_rng(base).normal(size=(40, 3))
    cuts = _letters(X, base)
    assert set(cuts[base]) == set("ABCDEFGH"[:base])
    for k in range(1, 39):
        fewer, more = cuts[k], cuts[k + 1]
        (new,) = set(more) - set(fewer)
        assert set(fewer) <= set(more)
        changed = [letter for letter in fewer if fewer[letter] != more[letter]]
        assert len(changed) == 1
        (split,) = changed
        assert fewer[split] == more[split] | more[new]
        assert len(more[split]) >= len(more[new])  # the larger half keeps the letter


def test_letters_that_were_used_are_not_given_again() -> None:
    cuts = _letters(np.random.default_rng(0).normal(size=(12, 2)), 2, used=("A", "B", "C", "D"))
    assert list(cuts[2]) == ["A", "B"]
    assert set(cuts[4]) == {"A", "B", "E", "F"}


def test_merges_at_one_height_are_steps_of_their_own() -> None:
    X = np.array([[0.0], [1.0], [10.0], [11.0], [20.0], [21.0]])
    cuts = _letters(X, 3)
    assert sorted(map(len, cuts[4].values())) == [1, 1, 2, 2]
    assert sorted(cuts[5]) == list("ABCDE")


def test_the_larger_half_is_told_by_rows_where_leaves_stand_for_several() -> None:
    tree = linkage(np.array([[0.0], [1.0], [5.0]]))
    sizes = np.array([1, 1, 50])
    tree[:, 3] = [2, 52]
    nodes = letters_of_tree(tree, sizes, np.zeros(3, dtype=np.int64), ("A",))
    assert letters_at(tree, sizes, np.array([1, 1, 0]), nodes) == ("A", "B")
