"""Fingerprint: a short digest of each row of a table, to tell later whether it has changed."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from headwater.engines.table import Table

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def fingerprints(table: Table) -> NDArray[np.uint32]:
    """Return a digest (n,) of each row's values, column by column in their order.

    Equal rows have equal digests, on any machine; of rows that differ one in about four thousand
    million has the same digest. Missing values are equal to one another, and so are 0.0 and -0.0.
    The mixing is that of SplitMix64 (Steele, Lea and Flood 2014).
    """
    state = np.full(len(table), _GOLDEN, dtype=np.uint64)
    for name, values in table.columns.items():
        if table.kinds[name] == "categorical":
            bits = _of_texts(values)
        else:
            numbers = np.asarray(values, dtype=np.float64) + 0.0  # -0.0 becomes 0.0
            bits = np.where(np.isnan(numbers), np.nan, numbers).view(np.uint64)
        state = _mixed(state ^ bits)
    return (state >> np.uint64(32)).astype(np.uint32)


def _of_texts(values: NDArray[np.object_]) -> NDArray[np.uint64]:
    known: dict[str | None, int] = {None: 0}
    for text in values:
        if text not in known:
            digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            known[text] = int.from_bytes(digest, "little")
    return np.fromiter((known[text] for text in values), dtype=np.uint64, count=len(values))


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = state + _GOLDEN
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))
