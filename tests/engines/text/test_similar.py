"""Near-duplicates: what a spammer changes does not hide them, and honest texts stay apart."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from headwater.engines.text.similar import plain, shared, similar

OFFER = (
    "Dear friend, we sell the best watches of the town at half the price, only this week, "
    "so write to us before they are gone"
)


def words(rng: random.Random, count: int) -> list[str]:
    return [
        "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(2, 9)))
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    "changed",
    [
        OFFER + " http://cheap.example/watch?id=77",
        OFFER + " www.other.example!!! \N{FIRE}\N{FIRE}",
        OFFER.upper() + " call 555 123 456",
        OFFER.replace("half", "a third of").replace("town", "city"),
        "Hello! " + OFFER.replace("friend", "reader"),
        OFFER.replace("e", "\u0435"),  # Cyrillic
        OFFER.replace("a", "a\u200b"),
        OFFER.replace("so ", "sooooooo "),
        f"<b>{OFFER}</b><br />",
        OFFER.replace("'", "&#39;"),
    ],
)
def test_a_changed_link_number_sign_or_a_few_words_do_not_hide_it(changed: str) -> None:
    honest = "I met a friend in the town this week and we had the best time before he was gone"
    assert similar([OFFER, honest, changed]).members == ((0, 2),)


def test_long_letters_with_a_changed_paragraph_are_alike() -> None:
    rng = random.Random(4)  # noqa: S311
    known = words(rng, 4_000)
    letter = [rng.choice(known) for _ in range(2_000)]
    changed = letter.copy()
    changed[500:800] = [rng.choice(known) for _ in range(300)]
    other = [rng.choice(known) for _ in range(2_000)]
    found = similar([" ".join(each) for each in (letter, other, changed)])
    assert found.members == ((0, 2),)
    assert found.groups.tolist() == [0, -1, 0]


def test_short_texts_are_alike_only_where_they_say_the_same() -> None:
    texts = ["Nice!", "wow", "Nice song", "ok", "nice :-)", "nicer", "WOW \N{FIRE}", "no", "2015"]
    assert similar(texts).members == ((0, 4), (1, 6))


def test_nothing_is_alike_to_nothing() -> None:
    found = similar(["", "  \n", "\0", "\u200b\ufeff", "", "hello"])
    assert found.members == ()
    assert found.groups.tolist() == [-1] * 6
    assert similar([]).groups.shape == (0,)


def test_texts_without_words_are_alike_where_their_signs_are() -> None:
    fire, heart = "\N{FIRE}" * 3, "\N{HEAVY BLACK HEART}"
    links = ["http://a.example/1", "http://b.example/1", "http://a.example/2"]
    assert similar([fire, heart, *links, fire]).members == ((0, 5), (2, 4))


def test_the_groups_are_the_components_of_the_pairs_that_share_enough() -> None:
    """Against brute force over all pairs, on texts some of which are copies with changed words."""
    rng = random.Random(7)  # noqa: S311
    known = words(rng, 500)
    texts = [" ".join(rng.choice(known) for _ in range(rng.randint(6, 30))) for _ in range(60)]
    for _ in range(140):
        copied = rng.choice(texts).split()
        texts.append(" ".join(w if rng.random() > 0.08 else rng.choice(known) for w in copied))

    def runs(text: str) -> set[str]:
        padded = f" {plain(text)} "
        return {padded[i : i + 4] for i in range(len(padded) - 3)}

    sets = [runs(text) for text in texts]
    groups = list(range(len(texts)))
    for a, b in combinations(range(len(texts)), 2):
        if len(sets[a] & sets[b]) >= 0.6 * len(sets[a] | sets[b]):
            old, new = max(groups[a], groups[b]), min(groups[a], groups[b])
            groups = [new if group == old else group for group in groups]
    wanted = [[i for i in range(len(texts)) if groups[i] == group] for group in sorted({*groups})]
    found = similar(texts, share=0.6)
    assert [list(group) for group in found.members] == [g for g in wanted if len(g) > 1]
    again = similar(texts, share=0.6)
    assert again.members == found.members
    assert np.array_equal(again.groups, found.groups)


def test_the_shared_part_of_samples_is_near_that_of_all() -> None:
    rng = np.random.default_rng(3)
    every = rng.integers(0, 2**63, 6_000, dtype=np.uint64)
    one, other = np.unique(every[:4_000]), np.unique(every[2_000:])
    assert shared(one[:100], one[50:150]) == pytest.approx(50 / 150)
    assert shared(one[:256], other[:256]) == pytest.approx(1 / 3, abs=0.09)
    assert shared(one[:256], one[:256]) == 1


def test_ten_thousand_texts_of_few_patterns_are_grouped() -> None:
    rng = random.Random(5)  # noqa: S311
    known = words(rng, 3_000)
    patterns = [[rng.choice(known) for _ in range(20)] for _ in range(50)]
    texts = []
    for number in range(10_000):
        said = patterns[number % 50].copy()
        said[rng.randrange(20)] = rng.choice(known)
        texts.append(" ".join(said))
    found = similar(texts)
    assert found.groups.tolist() == [number % 50 for number in range(10_000)]


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="“share” is 0"):
        similar(["a"], share=0)
