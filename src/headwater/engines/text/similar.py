"""similar: which texts say nearly the same, however long, among tens of thousands.

A text becomes the set of its runs of four letters, without links, numbers and signs; two are alike
where they share at least a given part of all runs that either has (Jaccard's index). Candidates
are found by MinHash and banding (Broder 1997; Leskovec, Rajaraman, Ullman, ch. 3), then compared;
of long texts a sample of the runs is compared, those of least hash. Nothing is drawn at random.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headwater.engines.text.normalise import normalise

IntArray = NDArray[np.int64]
Hashes = NDArray[np.uint64]

RUN = 4
"""Letters of a run."""
SAMPLE = 256
"""Runs that are kept of a long text."""
BANDS, ROWS = 32, 4
"""Bands, and hashes of each: of two texts that share half, 87 % are found by this alone."""
SHORT = 10
"""Texts with fewer runs are alike only where they are the same."""
LOOKED_AT = 20_000
"""Characters at a text's start that are looked at."""
WORDLESS = "\0"
"""Begins what is compared of a text that has only links, numbers and signs."""
AT_ONCE = 20_000
"""Pairs after which it is seen anew which texts are of one group."""
NEIGHBOURS = 4
"""Texts of the same band after it that each is compared with, besides the first one."""

_LINK = re.compile(
    r"https?://|www\.|.*(?:@[\w.-]+\.\w|\w\.[\w.-]*\w/|"
    r"\w\.(?:com|net|org|info|biz|io|me|ru|tv|co|uk|de|fr|es|ly)\b)"
)
"""A word that begins so is the address of a page or of a letter box."""
_TAG = re.compile(r"<[a-z/!][^<>]{0,300}>")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Similar:
    """Groups of similar texts, numbered in the order of their first texts."""

    groups: IntArray
    """(n,): the group of each text, -1 where no other is like it."""
    members: tuple[tuple[int, ...], ...]
    """The positions of the texts of each group, in order; two or more each."""


def similar(texts: Sequence[str], *, share: float = 0.5) -> Similar:
    """Return which of ``texts`` are alike: those that share ``share`` of their runs of letters.

    Texts that are alike are of one group, and so are those that are alike through others between
    them. A text without anything in it is alike to none. The same texts give the same groups.
    """
    if not 0 < share <= 1:
        raise ValueError(f"“share” is {share!r}; it must be above 0 and at most 1.")
    said = [plain(text) for text in texts]
    first: dict[str, int] = {}
    for position, words in enumerate(said):
        if words:
            first.setdefault(words, position)
    kept = np.fromiter(first.values(), np.int64, len(first))
    roots = _joined(list(first), share)
    index = {words: i for i, words in enumerate(first)}
    together: dict[int, list[int]] = {}
    for position, words in enumerate(said):
        if words:
            together.setdefault(int(kept[roots[index[words]]]), []).append(position)
    members = tuple(
        sorted((tuple(group) for group in together.values() if len(group) > 1), key=lambda g: g[0])
    )
    groups = np.full(len(texts), -1, dtype=np.int64)
    for number, group in enumerate(members):
        groups[list(group)] = number
    return Similar(groups, members)


def plain(text: str) -> str:
    """Return the words of ``text`` as they are compared; empty where there is nothing in it.

    Links, numbers, signs and the case of letters are left out. Of a text that has nothing else,
    what it has is returned, without its numbers.
    """
    clipped = normalise(text[:LOOKED_AT]).casefold()
    if "<" in clipped:
        clipped = _TAG.sub(" ", clipped)
    read = clipped
    if "." in clipped or "://" in clipped:
        read = " ".join(word for word in clipped.split() if not _is_link(word))
    words = " ".join(_WORD.findall(read))
    if not words:
        return WORDLESS + "".join(_DIGITS.sub("", clipped).split()) if clipped else ""
    return _without_repetition(words)


def _without_repetition(words: str) -> str:
    """Return ``words`` with a letter that stands more than twice in a row only twice."""
    letters = _letters(words)
    thrice = (letters[2:] == letters[1:-1]) & (letters[1:-1] == letters[:-2])
    if not thrice.any():
        return words
    return str(letters[np.concatenate([[True, True], ~thrice])].tobytes(), "utf-32-le")


def _letters(words: str) -> NDArray[np.uint32]:
    return np.frombuffer(words.encode("utf-32-le"), np.uint32)


def _is_link(word: str) -> bool:
    """Return whether the word is an address; one of more than 300 letters is, if it has a dot."""
    return ("." in word or "://" in word) and (len(word) > 300 or _LINK.match(word) is not None)


def _joined(texts: list[str], share: float) -> IntArray:
    """Return (n,) for each of the different ``texts`` the least position of its group."""
    parents: IntArray = np.arange(len(texts))
    long, sets = _runs(texts)
    if len(long) < 2:
        return parents
    signatures = _signatures(sets)
    pairs = _candidates(signatures)
    agree = np.empty(len(pairs))
    for start in range(0, len(pairs), 1 << 16):
        block = pairs[start : start + (1 << 16)]
        agree[start : start + len(block)] = (
            signatures[block[:, 0]] == signatures[block[:, 1]]
        ).mean(axis=1)
    # The part of equal hashes estimates the shared part; 0.2 is five standard errors of it.
    likely = np.flatnonzero(agree >= share - 0.2)
    likely = likely[np.argsort(-agree[likely], kind="stable")]
    for start in range(0, len(likely), AT_ONCE):
        block = pairs[likely[start : start + AT_ONCE]]
        # Many are of one group already, by pairs that agree more.
        parents = _flat(parents)
        apart = parents[long[block[:, 0]]] != parents[long[block[:, 1]]]
        for a, b in block[apart].tolist():
            one, other = _root(parents, int(long[a])), _root(parents, int(long[b]))
            if one != other and shared(sets[a], sets[b]) >= share:
                parents[max(one, other)] = min(one, other)
    return _flat(parents)


def _flat(parents: IntArray) -> IntArray:
    """Return (n,) the least position of the group of each."""
    while not np.array_equal(above := parents[parents], parents):
        parents = above
    return parents


def _runs(texts: list[str]) -> tuple[IntArray, list[Hashes]]:
    """Return the positions of the texts that are long enough, and the sorted hashes of each."""
    positions, sets = [], []
    for position, text in enumerate(texts):
        if len(text) < SHORT + RUN - 3 or text.startswith(WORDLESS):
            continue
        wide = _letters(f" {text} ").astype(np.uint64)
        found = wide[: 1 - RUN] * _FACTORS[0]
        for offset, factor in enumerate(_FACTORS[1:], start=1):
            found += wide[offset : len(wide) - RUN + 1 + offset] * factor
        found = np.sort(_mixed(found))
        found = found[np.concatenate([[True], found[1:] != found[:-1]])]
        if len(found) >= SHORT:
            positions.append(position)
            sets.append(found[:SAMPLE])
    return np.array(positions, dtype=np.int64), sets


_FACTORS = tuple(
    np.uint64(factor)
    for factor in (
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
    )
)
"""Odd numbers that tell the places of a run's letters apart."""


def _mixed(values: Hashes) -> Hashes:
    """Return the values, well mixed (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _signatures(sets: list[Hashes]) -> NDArray[np.uint32]:
    """Return (n, BANDS * ROWS): for each of as many orders of all runs, the first one of a set."""
    every = np.concatenate(sets)
    starts = np.cumsum([0, *(len(each) for each in sets[:-1])])
    seeds = _mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64))
    made = np.empty((len(sets), len(seeds)), dtype=np.uint32)
    for column, seed in enumerate(seeds):
        # The runs are mixed already: multiplication by an odd number and the upper half suffice.
        order = (((every ^ seed) * (seed | np.uint64(1))) >> np.uint64(32)).astype(np.uint32)
        made[:, column] = np.minimum.reduceat(order, starts)
    return made


def _candidates(signatures: NDArray[np.uint32]) -> IntArray:
    """Return (m, 2) pairs of rows that have the same hashes in a band, each pair once."""
    n = len(signatures)
    found: list[IntArray] = []
    for band in range(BANDS):
        rows = signatures[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        key = np.zeros(n, dtype=np.uint64)
        for column in range(ROWS):
            key = _mixed(key * np.uint64(31) + rows[:, column])
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
        heads = np.flatnonzero(new)[np.cumsum(new) - 1]
        pairs = [np.stack([order[heads], order], axis=1)[heads != np.arange(n)]]
        for offset in range(1, min(NEIGHBOURS, n - 1) + 1):
            same = heads[offset:] == heads[:-offset]
            pairs.append(np.stack([order[:-offset], order[offset:]], axis=1)[same])
        found.append(np.concatenate(pairs))
    every = np.concatenate(found)
    codes = np.unique(every.min(axis=1) * n + every.max(axis=1))
    return np.stack([codes // n, codes % n], axis=1)


def shared(one: Hashes, other: Hashes) -> float:
    """Return the part of the runs that both have of those that either has.

    Of texts with more than ``SAMPLE`` runs it is that among the least ``SAMPLE`` hashes of both.
    """
    both = np.sort(np.concatenate([one, other]), kind="stable")
    again = both[1:] == both[:-1]
    distinct = np.concatenate([[True], ~again])
    if len(one) < SAMPLE and len(other) < SAMPLE:
        return float(again.sum() / distinct.sum())
    ranks = np.cumsum(distinct)
    return float(again[ranks[1:] <= SAMPLE].sum() / min(SAMPLE, ranks[-1]))


def _root(parents: IntArray, position: int) -> int:
    """Return the least position of the group, shortening the way to it."""
    while parents[position] != position:
        parents[position] = parents[parents[position]]
        position = int(parents[position])
    return position
