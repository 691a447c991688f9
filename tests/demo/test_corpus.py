"""The demo's own comments and messages: the same every time, mixed, and nobody else's."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from headwater_demo.smartdjango.corpus import Written, article_of, comments, messages
from headwater_demo.smartdjango.corpus.grammar import Grammar, Style, articles, grammar
from headwater_demo.smartdjango.corpus.tricks import TRICKS
from headwater_demo.smartdjango.corpus.write import distinct
from headwater_demo.smartdjango.sections import find_article
from tests.demo.conftest import chance

SHARED = Path(__file__).resolve().parents[3] / "shared"
KINDS = ("honest_comments", "spam_comments", "honest_messages", "spam_messages")
BOTH = pytest.mark.parametrize("write", [comments, messages])
Write = Callable[..., list[Written]]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@BOTH
def test_a_seed_gives_the_same_texts_in_every_process(write: Write) -> None:
    assert write(60, seed=5) == write(60, seed=5)
    assert {one.text for one in write(60, seed=5)} != {one.text for one in write(60, seed=6)}
    program = (
        "from headwater_demo.smartdjango.corpus import comments, messages; import hashlib; "
        f"print(hashlib.sha256(repr({write.__name__}(60, seed=5)).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


@BOTH
def test_half_is_spam_in_many_styles(write: Write) -> None:
    written = write(401, seed=1)
    assert Counter(one.is_spam for one in written) == {False: 201, True: 200}
    assert any(one.is_spam for one in written[:10])
    assert not all(one.is_spam for one in written[:10])
    for is_spam in (False, True):
        styles = Counter(one.style for one in written if one.is_spam is is_spam)
        assert len(styles) >= 7
        assert min(styles.values()) >= 3
        assert max(styles.values()) < 80


@pytest.mark.parametrize(("write", "at_least"), [(comments, 1_300), (messages, 1_200)])
def test_the_vocabulary_is_large_and_texts_differ(write: Write, at_least: int) -> None:
    written = write(400, seed=1)
    assert len({word for one in written for word in words(one.text)}) > at_least
    assert len({one.text for one in written}) == 400
    sets = [set(words(one.text)) for one in written]
    alike = sum(
        len(one & other) >= 0.8 * len(one | other)
        for at, one in enumerate(sets)
        for other in sets[:at]
    )
    assert alike < 20


def test_nothing_in_a_text_is_left_to_choose() -> None:
    for one in (*comments(600, seed=2), *messages(300, seed=2)):
        assert one.text
        assert one.text == one.text.strip()
        assert not re.search(r"[{}|]", one.text), one.text
        assert "  " not in one.text


def test_neither_links_nor_capitals_nor_manners_tell_spam() -> None:
    written = comments(600, seed=1)

    def share(pattern: str, *, is_spam: bool) -> float:
        texts = [one.text for one in written if one.is_spam is is_spam]
        return sum(bool(re.search(pattern, text)) for text in texts) / len(texts)

    link, loud, thanks = r"://|www\.", r"\b[A-Z]{4,}\b|!!", r"(?i)\b(thank|thanks|great)\b"
    assert share(link, is_spam=False) > 0.08
    assert share(link, is_spam=True) < 0.8
    for pattern in (loud, thanks):
        assert share(pattern, is_spam=False) > 0.01
        assert share(pattern, is_spam=True) > 0.03


def test_messages_have_a_subject_and_are_longer_than_comments() -> None:
    written = messages(200, seed=3)
    for one in written:
        subject, _, body = one.text.partition("\n\n")
        assert "\n" not in subject
        assert len(subject) <= 80
        assert body
    assert sum(len(one.text) for one in written) > 2.5 * sum(
        len(one.text) for one in comments(200, seed=3)
    )


def test_addresses_lead_nowhere() -> None:
    for one in (*comments(600, seed=4), *messages(300, seed=4)):
        for host in re.findall(r"://([^/\s\":>]+)", one.text):
            assert re.match(r"localhost|[\w.-]+?(\.|\[\.\])example\b", host.lower()), host


@pytest.mark.parametrize("name", KINDS)
def test_each_choice_of_the_grammars_can_be_made(name: str) -> None:
    source = grammar(name)
    for style in source.styles:
        assert {trick for trick, _ in style.tricks} <= TRICKS.keys()
        for text in style.texts:
            for seed in range(5):
                assert source.expand(text, chance(seed))


def test_more_texts_than_a_grammar_has_are_given_all_the_same() -> None:
    source = Grammar((Style("one", 1, ("[this|that] one",), ()),), {})
    written = distinct(source, 5, chance(1), is_spam=True)
    assert len(written) == 5
    assert {one.text for one in written[:2]} == {"this one", "that one"}


def test_a_grammar_names_a_list_that_there_is_not() -> None:
    style = Style("one", 1, ("{nothing}",), ())
    with pytest.raises(KeyError, match="nothing"):
        Grammar((style,), {}).expand("{nothing}", chance(1))


def test_texts_speak_of_articles_that_there_are() -> None:
    assert all(find_article(slug) is not None for slug in articles().values())
    assert article_of("I liked The Plum Cake.") == "plum-cake-for-eight"
    assert article_of("I liked it.") == ""
    assert len({article_of(one.text) for one in comments(300, seed=1)}) > 15


def test_choices_and_capitals() -> None:
    source = Grammar((), {"fruit": ("plum [tree|jam]",)})
    for seed in range(9):
        assert source.expand("{Fruit} a[[b]]c [|x]", chance(seed)).strip() in {
            f"Plum {second} a[[b]]c{third}" for second in ("tree", "jam") for third in ("", " x")
        }


def test_tricks() -> None:
    text = "Please look https://a.example/B"
    assert TRICKS["shout"](text, chance(1)).startswith("PLEASE LOOK https://a.example/B!")
    assert TRICKS["lower"](text, chance(1)) == "please look https://a.example/b"
    assert TRICKS["calm"]("Fine.", chance(1)) == "Fine"
    for name in ("homoglyphs", "spaced", "joints"):
        changed = {TRICKS[name]("Please look " * 9 + "x://y", chance(seed)) for seed in range(5)}
        assert len(changed) > 1
        assert all("Please" in one or "look" in one or "lo" not in one for one in changed)
        assert all(one.endswith("x://y") for one in changed)


@pytest.mark.skipif(not SHARED.exists(), reason="The texts that came with the task are not here.")
def test_no_sentence_is_of_elsewhere() -> None:
    """No seven words in a row are those of a text that was not written for the demo."""
    elsewhere: set[tuple[str, ...]] = set()
    for path in (*SHARED.glob("seeds/*.txt"), *SHARED.glob("data/tubespam/*.csv")):
        found = words(path.read_text(encoding="utf-8", errors="replace"))
        elsewhere.update(tuple(found[at : at + 7]) for at in range(len(found) - 6))
    for one in (*comments(1_000, seed=1), *messages(500, seed=1)):
        own = words(one.text)
        for at in range(len(own) - 6):
            assert tuple(own[at : at + 7]) not in elsewhere, one.text
