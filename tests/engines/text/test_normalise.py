"""Disguises are undone, and honest writing stays as it is."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.engines.text.features import FEATURES, hand_made
from headwater.engines.text.look_alikes import TO_CYRILLIC, TO_GREEK, TO_LATIN
from headwater.engines.text.normalise import clip, normalise
from headwater.engines.text.representation import Representation

DISGUISES = {
    "NUL bytes": "f\0r\0e\0e money",
    "control characters": "fr\x07ee mon\x1bey\x7f",
    "zero-width joiners": "f\u200dr\u200de\u200de money",
    "zero-width non-joiners and spaces": "f\u200cr\u200be\ufeffe mo\u2060ney",
    "right-to-left override": "\u202efree\u202c \u2067money\u2069",
    "marks of direction": "fr\u200eee mon\u200fey",
    "soft hyphens": "fr\u00adee mo\u00adney",
    "variation selectors": "fr\ufe0fee mon\ufe00ey",
    "tags": "free\U000e0066\U000e0072 money",
    "Hangul fillers": "fr\u3164ee mon\uffa0ey",
    "Cyrillic": "fr\u0435\u0435 m\u043en\u0435\u0443",
    "Cyrillic from end to end": "free m\u043eney \u0440\u0430\u0443".replace("m\u043e", "mo"),
    "Greek": "fr\u03b5\u03b5 m\u03bfn\u03b5y",
    "Armenian": "free m\u0585ney",
    "Cherokee": "free \u13b7ONEY",
    "fullwidth": "ｆｒｅｅ ｍｏｎｅｙ",
    "mathematical": "𝓯𝓻𝓮𝓮 𝗺𝗼𝗻𝗲𝘆",
    "circled": "ⓕⓡⓔⓔ ⓜⓞⓝⓔⓨ",
    "squared": "🅵🆁🅴🅴 🅼🅾🅽🅴🆈",
    "small capitals": "ꜰʀᴇᴇ ᴍᴏɴᴇʏ",
    "piled-up accents": "f\u0337\u0322r\u0334e\u0338e\u0336 money",
    "character references": "f&#114;ee&nbsp;m&#x6f;ney",
    "spaces": "  free \t\n\r  money\u3000 ",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_is_undone(disguise: str) -> None:
    plain = normalise(DISGUISES[disguise]).lower()
    expected = "free pay".replace("pay", "money pay") if "end to end" in disguise else "free money"
    assert plain == expected


@pytest.mark.parametrize(
    "text",
    [
        "Привет, как дела? Хор поёт, сор не выносят, а кот — рад",
        "Ужасно хорошая песня на YouTube, лайк",
        "Καλημέρα, πώς είσαι; Το τραγούδι είναι ωραίο",
        "the value of α and the mean μ",
        "Բարև ձեզ",
        "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",
        "می\u200cخواهم این را ببینم",
        "क्\u200dष और क्\u200cष",
        "שלום לכולם",
        "مرحبا بكم جميعا",
        "이 노래 정말 좋아요",
        "この歌が大好きです",
        "Tiếng Việt rất đẹp",
        "naïve café, Ærøskøbing, İstanbul'da ılık",
        "👨\u200d👩\u200d👧 🏳\u200d🌈 🇩🇪 👍🏽",
        "f r e e",
        "C++ < C# & 50 % -> x_1",
    ],
)
def test_honest_writing_stays(text: str) -> None:
    assert normalise(text) == unicodedata.normalize("NFKC", text)


def test_a_russian_word_with_latin_letters_is_russian_again() -> None:
    assert normalise("\u043fp\u0438\u0432e\u0442 \u043c\u0438\u0440") == "привет мир"


def test_markup_is_left_for_those_who_show_it_to_escape() -> None:
    text = "<script>alert('x')</script> <a href=\"http://example.com\">free</a>"
    assert normalise(text) == text


@given(st.text(st.characters(exclude_characters="&")))
def test_twice_is_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\0" not in once
    assert once == once.strip()
    once.encode()  # no half of a surrogate pair is left


def test_the_tables_name_single_letters_of_the_right_alphabet() -> None:
    assert all(letter.isascii() and letter.isalpha() for letter in TO_LATIN.values())
    assert not any(letter.isascii() for letter in TO_LATIN)
    for table, name in ((TO_CYRILLIC, "CYRILLIC"), (TO_GREEK, "GREEK")):
        assert all(unicodedata.name(letter).startswith(name) for letter in table.values())
        for latin, other in table.items():
            assert TO_LATIN[other].lower() in (latin.lower(), "b" if other in "ВвΒβ" else latin)


def test_a_huge_text_costs_no_more_than_what_is_looked_at() -> None:
    fitted = Representation(min_df=1).fit(["free money", "nice song"])
    row = fitted.compile()
    for million in (
        "free money " * 100_000,
        "a" * 1_000_000,
        "\0\u202e" * 500_000,
        "é&#" * 300_000,
    ):
        columns, values = row(million)
        same_columns, same_values = row(clip(million, 20_000))
        assert columns.tolist() == same_columns.tolist()
        assert values.tolist() == same_values.tolist()
        assert np.isfinite(values).all()


@pytest.mark.parametrize(
    "text", ["", " ", "😀🎉👍", "\0\0", "\u202e\u202c", "\ud800", "<script>", "ﷺ" * 50]
)
def test_odd_texts_are_counted(text: str) -> None:
    columns, values = Representation(min_df=1).fit(["free money", "nice song"]).compile()(text)
    assert len(columns) == len(values)
    assert np.isfinite(values).all()


def figures(text: str) -> dict[str, float]:
    return dict(zip(FEATURES, hand_made(text), strict=True))


@pytest.mark.parametrize(
    ("text", "feature", "count"),
    [
        ("see http://a.example.com/x and www.example.org", "links", 2),
        ("visit example.com", "links", 1),
        ("me@example and @you", "addresses and mentions", 2),
        ("#free #1 #now", "hash tags", 2),
        ("<b>x</b> [url]y", "markup", 3),
        ("call 1234567 in 10 days", "long numbers", 1),
        ("$5, 3 € and 50%", "money and shares", 3),
        ("wow!! really?", "exclamation marks", 2),
        ("wow!! really?", "question marks", 1),
        ("soooo goooood!!!", "repeated characters", 3),
        ("a\nb\nc", "lines", 2),
        ("👍 good ❤", "symbols and emoji", 2),
        ("f\u200bree \u202emoney\0", "hidden characters", 3),
        ("می\u200cخواهم 👨\u200d👩\u200d👧", "hidden characters", 0),
    ],
)
def test_a_count_is_given_as_its_logarithm(text: str, feature: str, count: int) -> None:
    assert figures(text)[feature] == pytest.approx(np.log1p(count))


def test_shares_are_of_characters_and_of_words() -> None:
    shares = figures("WIN 100 now now")
    assert shares["capitals"] == pytest.approx(3 / 15)
    assert shares["digits"] == pytest.approx(3 / 15)
    assert shares["words in capitals"] == pytest.approx(1 / 4)
    assert shares["variety of words"] == pytest.approx(3 / 4)
    assert shares["punctuation"] == 0
    assert figures("ЖМИ!")["words in capitals"] == 1


@given(st.text())
def test_no_figure_is_negative_or_endless(text: str) -> None:
    values = np.array(hand_made(text))
    assert values.shape == (len(FEATURES),)
    assert (values >= 0).all()
    assert np.isfinite(values).all()
