"""Fingerprints: equal for equal rows, other for other ones."""

from __future__ import annotations

import struct
from hashlib import blake2b
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from headwater.engines.fingerprint import fingerprints
from headwater.engines.table import Table


def table(numbers: list[float], texts: list[str | None]) -> Table:
    columns: dict[str, Any] = {
        "x": np.array(numbers, dtype=np.float64),
        "c": np.array([*texts, None], dtype=object)[:-1],
    }
    return Table(np.arange(len(numbers)), columns, {"x": "numeric", "c": "categorical"})


rows = st.tuples(st.floats(width=32), st.none() | st.text(max_size=3))


@given(st.lists(rows, max_size=20), st.lists(rows, max_size=20))
def test_a_row_has_the_same_digest_wherever_it_stands(
    before: list[tuple[float, str | None]], after: list[tuple[float, str | None]]
) -> None:
    all_rows = [*before, (1.5, "a"), *after]
    digests = fingerprints(table([x for x, _ in all_rows], [c for _, c in all_rows]))
    (alone,) = fingerprints(table([1.5], ["a"]))
    assert digests[len(before)] == alone


def test_missing_numbers_are_equal_and_so_are_the_two_zeros() -> None:
    other_nan = np.array([0x7FF8000000000001], dtype=np.uint64).view(np.float64)[0]
    digests = fingerprints(table([float("nan"), float(other_nan), 0.0, -0.0], [None] * 4))
    assert digests[0] == digests[1] != digests[2] == digests[3]


def test_a_missing_text_is_not_an_empty_one() -> None:
    digests = fingerprints(table([1.0, 1.0], [None, ""]))
    assert digests[0] != digests[1]


def test_few_of_many_different_rows_share_a_digest() -> None:
    n = 200_000
    digests = fingerprints(table(list(np.arange(n) / 7.0), [None] * n))
    # n² / 2³³ pairs are expected to: 4.7. More than 20 would happen once in 10⁸ times.
    assert n - len(np.unique(digests)) <= 20


def mixed(state: int) -> int:
    """SplitMix64's step, with Python's whole numbers."""
    mask = (1 << 64) - 1
    state = (state + 0x9E3779B97F4A7C15) & mask
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & mask
    return state ^ (state >> 31)


def test_the_digest_is_that_of_whole_numbers() -> None:
    state = 0x9E3779B97F4A7C15
    (number,) = struct.unpack("<Q", struct.pack("<d", -2.5))
    state = mixed(state ^ number)
    state = mixed(state ^ int.from_bytes(blake2b(b"blue", digest_size=8).digest(), "little"))
    assert fingerprints(table([-2.5], ["blue"])).tolist() == [state >> 32]
