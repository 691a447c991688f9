"""Letters stay with their groups; new groups get letters that nobody had."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.engines.matching import Grouping, letter_at, match_labels, position_of


def before(
    labels: Any, letters: str = "ABCDEFGH", ids: Any = None, centres: Any = None
) -> Grouping:
    labels = np.array(labels)
    names = (
        tuple(letters[: labels.max() + 1]) if centres is None else tuple(letters[: len(centres)])
    )
    return Grouping(
        ids=np.arange(len(labels)) if ids is None else np.array(ids),
        labels=labels,
        centres=None if centres is None else np.array(centres, dtype=float),
        letters=names,
    )


def after(labels: Any, ids: Any = None, centres: Any = None) -> Grouping:
    grouping = before(labels, ids=ids, centres=centres)
    return Grouping(grouping.ids, grouping.labels, grouping.centres)


@given(st.integers(0, 10**9))
def test_letters_count_like_columns_of_a_spreadsheet(position: int) -> None:
    assert position_of(letter_at(position)) == position
    assert len(letter_at(position)) <= len(letter_at(position + 1))


@pytest.mark.parametrize("label", ["", "a", "A1", "Ä"])
def test_what_is_no_letter_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="takes letters from A to Z"):
        position_of(label)


def test_the_first_fit_names_groups_by_size() -> None:
    matching = match_labels(None, after([0, 1, 1, 1, 2, 2]))
    assert matching.letters == ("C", "A", "B")
    assert (matching.moved, matching.compared) == (0, 0)


@given(
    labels=st.lists(st.integers(0, 4), min_size=1, max_size=60),
    order=st.permutations(range(5)),
    shuffle=st.randoms(use_true_random=False),
)
def test_renumbered_groups_and_reordered_rows_keep_their_letters(
    labels: list[int], order: list[int], shuffle: Any
) -> None:
    present = sorted(set(labels))
    dense = [present.index(label) for label in labels]
    ranks = np.argsort(np.argsort([order[i] for i in range(len(present))]))
    rows = list(range(len(labels)))
    shuffle.shuffle(rows)
    matching = match_labels(
        before(dense), after([int(ranks[dense[row]]) for row in rows], ids=rows)
    )
    assert [matching.letters[ranks[i]] for i in range(len(present))] == list("ABCDE")[
        : len(present)
    ]
    assert (matching.moved, matching.compared) == (0, len(labels))


@given(
    old=st.lists(st.integers(0, 3), min_size=1, max_size=40),
    new=st.lists(st.integers(0, 4), min_size=1, max_size=40),
    shift=st.integers(0, 45),
    retired=st.sets(st.sampled_from(["F", "K", "Z"])),
)
def test_letters_are_each_given_once_and_never_again(
    old: list[int], new: list[int], shift: int, retired: set[str]
) -> None:
    previous, current = before(old), after(new, ids=np.arange(len(new)) + shift)
    matching = match_labels(previous, current, retired=retired)
    assert len(set(matching.letters)) == len(matching.letters) == max(new) + 1
    assert not set(matching.letters) & retired
    fresh = sorted(position_of(letter) for letter in set(matching.letters) - set(previous.letters))
    last = max(position_of(letter) for letter in retired | set(previous.letters))
    assert fresh == list(range(last + 1, last + 1 + len(fresh)))
    assert matching.compared == max(0, min(len(old), len(new) + shift) - shift)
    assert 0 <= matching.moved <= matching.compared


@given(
    old=st.lists(st.integers(0, 2), min_size=3, max_size=30),
    new=st.lists(st.integers(0, 2), min_size=3, max_size=30),
)
def test_no_other_pairing_keeps_more_rows(old: list[int], new: list[int]) -> None:
    n = min(len(old), len(new))
    old, new = [0, 1, 2, *old[:n]], [0, 1, 2, *new[:n]]
    kept = max(
        sum(p[a] == b for a, b in zip(new, old, strict=True)) for p in permutations(range(3))
    )
    matching = match_labels(before(old), after(new))
    dropped = sum(old.count(i) for i in range(3) if "ABC"[i] not in matching.letters)
    assert matching.compared - matching.moved >= kept - dropped


def test_a_birth_gets_the_next_letter_and_moves_nobody() -> None:
    matching = match_labels(before([0] * 5 + [1] * 5), after([1] * 5 + [2] * 5 + [0] * 4))
    assert matching.letters == ("C", "A", "B")
    assert (matching.moved, matching.compared) == (0, 10)


def test_a_death_leaves_the_other_letters_and_its_own_unused() -> None:
    first = match_labels(before([0] * 5 + [1] * 3 + [2] * 4), after([0] * 8 + [1] * 4))
    assert first.letters == ("A", "C")
    assert first.moved == 3
    second = match_labels(
        before([0] * 8 + [1] * 4, letters="AC"),
        after([0] * 8 + [1] * 4 + [2] * 3),
        retired=["B"],
    )
    assert second.letters == ("A", "C", "D")


def test_death_and_birth_at_once_do_not_hand_on_a_letter() -> None:
    old = before([0] * 50 + [1] * 50)
    new = after([0] * 100 + [1] * 40)
    assert match_labels(old, new).letters in [("A", "C"), ("B", "C")]
    stray = after([0] * 99 + [1] * 41)
    assert match_labels(old, stray).letters[1] == "C"


def test_a_split_leaves_the_letter_with_the_larger_part() -> None:
    matching = match_labels(before([0] * 10 + [1] * 10), after([0] * 4 + [1] * 6 + [2] * 10))
    assert matching.letters == ("C", "A", "B")
    assert matching.moved == 4


def test_ties_are_broken_by_distance() -> None:
    old = before([0] * 4, centres=[[0.0, 0.0]])
    near_first = after([0, 0, 1, 1], centres=[[0.1, 0.0], [9.0, 9.0]])
    near_second = after([0, 0, 1, 1], centres=[[9.0, 9.0], [0.1, 0.0]])
    assert match_labels(old, near_first).letters == ("A", "B")
    assert match_labels(old, near_second).letters == ("B", "A")


def test_without_a_common_row_the_centres_decide() -> None:
    old = before([0, 1], ids=[1, 2], centres=[[0.0], [10.0]])
    new = after([0, 1, 2], ids=[3, 4, 5], centres=[[9.0], [1.0], [100.0]])
    matching = match_labels(old, new)
    assert matching.letters == ("B", "A", "C")
    assert (matching.moved, matching.compared) == (0, 0)
    unknown = match_labels(before([0, 1], ids=[1, 2]), after([0, 1, 1], ids=[3, 4, 5]))
    assert unknown.letters == ("D", "C")


def test_centres_of_other_columns_are_left_aside() -> None:
    old = before([0, 0, 1], centres=[[0.0, 1.0], [2.0, 2.0]])
    assert match_labels(old, after([1, 1, 0], centres=[[1.0], [2.0]])).letters == ("B", "A")


def test_a_group_that_nobody_is_in_gets_a_letter_too() -> None:
    matching = match_labels(None, after([0, 2, 2], centres=[[0.0], [1.0], [2.0]]))
    assert matching.letters == ("B", "C", "A")


@pytest.mark.parametrize("kind", [str, object])
def test_keys_may_be_text(kind: type) -> None:
    ids = np.array(["x", "y", "z"], dtype=kind)
    matching = match_labels(before([0, 0, 1], ids=ids), after([1, 1, 0], ids=ids))
    assert matching.letters == ("B", "A")
    other = match_labels(before([0, 0, 1], ids=ids), after([1, 1, 0], ids=[1, 2, 3]))
    assert other.compared == 0


def test_letters_given_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="same letter"):
        match_labels(before([0, 1], letters="AA"), after([0, 1]))


def test_a_million_rows_are_matched_quickly() -> None:
    ids = np.arange(1_000_000)
    labels = ids % 7
    matching = match_labels(
        Grouping(ids, labels, letters=tuple("ABCDEFG")), Grouping(ids, (labels + 1) % 7)
    )
    assert matching.letters == tuple("GABCDEF")


def test_rows_in_no_group_make_no_group_the_same() -> None:
    old = before([-1, -1, -1, -1, 0, 0, 1, 1], "AB")
    matching = match_labels(old, after([0, 0, 0, 0, 1, 1, -1, -1]))
    assert matching.letters == ("C", "A")
    # Four came into a group, and two went out of theirs.
    assert (matching.moved, matching.compared) == (6, 8)


def test_rows_that_stay_in_no_group_have_not_moved() -> None:
    matching = match_labels(before([-1, -1, 0, 1], "AB"), after([-1, -1, 1, 0]))
    assert matching.letters == ("B", "A")
    assert (matching.moved, matching.compared) == (0, 4)


def test_a_fit_may_have_no_group_at_all() -> None:
    nothing = after([-1, -1, -1])
    assert match_labels(None, nothing).letters == ()
    gone = match_labels(before([0, 0, 1], "AB", centres=[[0.0], [1.0]]), nothing)
    assert (gone.letters, gone.moved, gone.compared) == ((), 3, 3)
    empty = Grouping(nothing.ids, nothing.labels, np.zeros((0, 1)), ())
    back = match_labels(empty, after([0, 1, 1], centres=[[0.0], [1.0]]), retired=["A", "B"])
    assert back.letters == ("D", "C")


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30),
    n=st.integers(0, 20),
)
def test_strangers_in_no_group_change_nothing(rows: list[tuple[int, int]], n: int) -> None:
    old, new = [before for before, _ in rows], [after for _, after in rows]
    away = np.arange(100, 100 + n)
    plain = match_labels(before(old), after(new))
    previous, current = before(old), after(new)
    with_noise = match_labels(
        Grouping(
            np.append(previous.ids, away),
            np.append(previous.labels, np.full(n, -1)),
            None,
            previous.letters,
        ),
        Grouping(np.append(current.ids, away), np.append(current.labels, np.full(n, -1))),
    )
    assert (with_noise.letters, with_noise.moved) == (plain.letters, plain.moved)
    assert with_noise.compared == plain.compared + n


def test_groups_that_have_letters_keep_them_and_the_moves_are_counted() -> None:
    ids = np.arange(6)
    before = Grouping(ids, np.array([0, 0, 0, 0, 1, 1]), letters=("A", "B"))
    after = Grouping(ids, np.array([0, 0, 1, 1, 2, 2]), letters=("A", "D", "B"))
    matching = match_labels(before, after, retired=["A", "B", "C", "D"])
    assert (matching.letters, matching.moved, matching.compared) == (("A", "D", "B"), 2, 6)
