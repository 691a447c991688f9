"""Dendrograms: drawn where SciPy draws them, cut as SciPy cuts, with letters that stay."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster.hierarchy import dendrogram, fcluster, linkage
from sklearn.metrics import adjusted_rand_score

from headwater.engines.clustering.hierarchical import Hierarchical
from headwater.engines.segments.tree import (
    Tree,
    cut,
    cut_heights,
    letters_of_cuts,
    letters_of_nodes,
)
from headwater.engines.segments.tree_layout import tree_layout
from tests.engines.segments.data import Floats, blobs

METHODS = ("ward", "complete", "average", "single")


def tree(n: int, method: str = "ward", *, seed: int = 3, ties: bool = False) -> NDArray[np.float64]:
    X: Floats = np.random.default_rng(seed).normal(size=(n, 3))
    made: NDArray[np.float64] = linkage(X.round(0) if ties else X, method)
    return made


def lines(layout: dict[str, object]) -> set[tuple[float, ...]]:
    """Return what is drawn as SciPy says it: the x and y of each merge's three strokes."""
    nodes = [(leaf["x"], 0.0) for leaf in layout["leaves"]]  # type: ignore[index]
    drawn = set()
    for left, right, height, _, x in layout["merges"]:  # type: ignore[misc, attr-defined]
        (x1, y1), (x2, y2) = nodes[left], nodes[right]
        assert x == (x1 + x2) / 2
        drawn.add((x1, x1, x2, x2, y1, height, height, y2))
        nodes.append((x, height))
    return drawn


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n", "limit"), [(2, 60), (30, 60), (60, 60), (61, 60), (200, 40)])
def test_drawn_where_scipy_draws(method: str, n: int, limit: int, ties: bool) -> None:
    Z = tree(n, method, ties=ties)
    names = [f"row {i}" for i in range(n)]
    expected = dendrogram(
        Z, p=limit, truncate_mode="lastp", distance_sort="descending", no_plot=True, labels=names
    ) if n > limit else dendrogram(Z, distance_sort="descending", no_plot=True)  # fmt: skip
    layout = tree_layout(Z, names, limit=limit)
    assert json.loads(json.dumps(layout, allow_nan=False)) == layout
    strokes = zip(expected["icoord"], expected["dcoord"], strict=True)
    assert lines(layout) == {(*x, *y) for x, y in strokes}
    assert len(layout["leaves"]) == min(n, limit)
    assert (layout["truncated"], layout["n"], layout["height"]) == (n > limit, n, Z[-1, 2])
    for leaf, node in zip(layout["leaves"], expected["leaves"], strict=True):
        if node < n:
            assert (leaf["name"], leaf["row"], leaf["size"]) == (names[node], node, 1)
        else:
            assert (leaf["name"], leaf["row"]) == (None, None)
            assert (leaf["size"], leaf["height"]) == (Z[node - n, 3], Z[node - n, 2])
            assert len(leaf["names"]) == min(3, leaf["size"])
    assert sum(leaf["size"] for leaf in layout["leaves"]) == n


@pytest.mark.parametrize("method", METHODS)
def test_cut_into_the_groups_of_scipy(method: str) -> None:
    Z = tree(70, method)
    for k in (*range(1, 71), 100):
        labels = cut(Z, k)
        assert adjusted_rand_score(labels, fcluster(Z, k, "maxclust")) == 1.0
        assert labels.max() + 1 == min(k, 70)
        sizes = np.bincount(labels)
        firsts = [int((labels == group).argmax()) for group in range(len(sizes))]
        ranked = sorted(zip(-sizes, firsts, strict=True))
        assert [first for _, first in ranked] == firsts


@pytest.mark.parametrize("method", METHODS)
def test_ties_are_divided_one_merge_at_a_time(method: str) -> None:
    Z = tree(70, method, ties=True)
    most = len(np.unique(np.random.default_rng(3).normal(size=(70, 3)).round(0), axis=0))
    for k in range(1, 71):
        labels = cut(Z, k)
        assert labels.max() + 1 == min(k, most)
        if k < 70:  # with as many groups as rows SciPy divides equal rows too
            coarse = fcluster(Z, k, "maxclust")
            for group in range(labels.max() + 1):
                assert len(set(coarse[labels == group])) == 1
    for each in cut_heights(Z, limit=70):
        scipys = fcluster(Z, each["k"], "maxclust") if each["k"] < 70 else None
        assert adjusted_rand_score(cut(Z, each["k"]), scipys) == 1.0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("ties", [False, True])
def test_groups_and_numbers_are_those_of_the_technique(method: str, ties: bool) -> None:
    X = np.random.default_rng(3).normal(size=(90, 2))
    fitted = Hierarchical(3, linkage=method).fit(X.round(0) if ties else X)  # type: ignore[arg-type]
    whole = Tree.of(fitted.linkage_, fitted.leaf_sizes_)
    for k in range(1, min(whole.most_groups, 40) + 1):
        assert np.array_equal(cut(whole, k)[fitted.leaf_of_row_], fitted.cut(k))


def test_leaves_that_stand_for_several_rows() -> None:
    X = np.repeat(
        np.array([[0.0], [1.0], [10.0], [12.0], [40.0]]), [1000, 1, 3000, 1500, 2], axis=0
    )
    fitted = Hierarchical(3, linkage="average").fit(X)
    whole = Tree.of(fitted.linkage_, fitted.leaf_sizes_)
    layout = tree_layout(whole, ["a", "b", "c", "d", "e"], letters=letters_of_nodes(
        whole, 3, ("A", "B", "C")
    ))  # fmt: skip
    assert layout["n"] == 5503
    assert {leaf["name"]: leaf["size"] for leaf in layout["leaves"]} == {
        "a": 1000, "b": 1, "c": 3000, "d": 1500, "e": 2
    }  # fmt: skip
    assert [merge[3] for merge in layout["merges"]] == [1001, 4500, 5501, 5503]
    assert np.array_equal(cut(whole, 3)[fitted.leaf_of_row_], fitted.labels_)
    assert letters_of_cuts(whole, 3, ("A", "B", "C"))[4] == ("A", "D", "B", "C")


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_a_line_within_the_heights_cuts_into_that_many(method: str, ties: bool) -> None:
    Z = tree(55, method, ties=ties)
    offered = cut_heights(Z)
    assert [each["k"] for each in offered] == sorted({each["k"] for each in offered})
    assert offered[0] == {"k": 1, "low": Z[-1, 2], "high": None}
    for each in offered:
        top = each["low"] + 1 if each["high"] is None else each["high"]
        for height in (each["low"], (each["low"] + top) / 2, np.nextafter(top, 0)):
            assert len(set(fcluster(Z, height, "distance"))) == each["k"]
    for higher, lower in pairwise(offered):
        assert lower["high"] == higher["low"]  # no height is left without a number of groups
    if not ties:
        assert len(offered) == 50


def test_all_rows_alike_are_one_group() -> None:
    Z = linkage(np.ones((5, 2)), "average")
    assert cut_heights(Z) == [{"k": 1, "low": 0.0, "high": None}]
    assert [len(set(cut(Z, k))) for k in range(1, 6)] == [1] * 5
    assert letters_of_cuts(Z, 1, ("A",)) == {1: ("A",)}


def test_a_tree_of_one_row() -> None:
    Z = np.zeros((0, 4))
    assert tree_layout(Z, ["only"])["leaves"][0]["name"] == "only"
    assert cut(Z, 1).tolist() == [0]
    assert letters_of_cuts(Z, 1, ("C",)) == {1: ("C",)}


def test_the_larger_half_keeps_the_letter() -> None:
    # Rows 0-3, 4-5, 6: two groups far apart, of which the first has a smaller one beside it.
    X = np.array([0.0, 0.1, 0.3, 0.6, 3.0, 3.2, 20.0])[:, np.newaxis]
    found = letters_of_cuts(linkage(X, "average"), 2, ("C", "A"), used=["D"])
    assert found[1] == ("C",)
    assert found[2] == ("C", "A")
    assert found[3] == ("C", "E", "A")  # 4-5 leave C; B is not given, since later ones were
    # 3 leaves 0-2; of equal sizes the one with the first row stands first
    assert found[4] == ("C", "E", "F", "A")
    assert set(found[7]) == {"A", "C", "E", "F", "G", "H", "I"}


@given(st.integers(2, 60), st.integers(1, 60), st.sampled_from(METHODS), st.booleans())
def test_letters_follow_the_rule_at_every_cut(n: int, base: int, method: str, ties: bool) -> None:
    Z = tree(n, method, seed=n, ties=ties)
    base = len(set(cut(Z, base)))
    if base > 50:
        return
    found = letters_of_cuts(Z, base, tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:base]) + tuple(
        f"A{chr(65 + i)}" for i in range(base - 26)
    ))  # fmt: skip
    assert list(found) == list(range(1, min(Tree.of(Z).most_groups, 50) + 1))
    for fewer, more in pairwise(found):
        one, other = np.array(found[fewer]), np.array(found[more])
        assert len(set(other)) == more
        before, after = one[cut(Z, fewer)], other[cut(Z, more)]
        assert set(before) <= set(after)
        (newcomer,) = set(after) - set(before)
        (parent,) = set(before[after == newcomer])  # the group that it left keeps its letter
        assert (after == parent).sum() >= (after == newcomer).sum()


def test_letters_of_what_is_drawn() -> None:
    X, _ = blobs((30, 20, 10), apart=9)
    Z = linkage(X, "ward")
    nodes = letters_of_nodes(Z, 3, ("A", "B", "C"))
    layout = tree_layout(Z, [str(i) for i in range(60)], limit=10, letters=nodes)
    assert len(layout["letters"]) == len(layout["leaves"]) + len(layout["merges"]) == 19
    groups = np.array(["A", "B", "C"])[cut(Z, 3)]
    whole = Tree.of(Z)
    for node in whole.groups_at(3):
        assert set(groups[whole.leaves_below(node)]) == {nodes[node]}
    assert layout["letters"][-1] == "A"


def test_too_few_letters_and_names_are_refused() -> None:
    Z = tree(5)
    with pytest.raises(ValueError, match="cut into 3 has 3 groups, and 2 letters were given"):
        letters_of_cuts(Z, 3, ("A", "B"))
    with pytest.raises(ValueError, match="The tree has 5 leaves and 4 names were given"):
        tree_layout(Z, ["a"] * 4)
    with pytest.raises(ValueError, match="0 groups were asked for"):
        cut(Z, 0)


def test_a_deep_chain_is_drawn_without_recursion() -> None:
    Z = linkage(np.cumsum(np.arange(5000.0))[:, np.newaxis], "single")
    layout = tree_layout(Z, [""] * 5000)
    assert [leaf["size"] for leaf in layout["leaves"]] == [4941, *[1] * 59]
    assert len(set(cut(Z, 7))) == 7
