"""normalise, clip: a text without its disguises, so that what is read is what is counted."""

from __future__ import annotations

import html
import re
import unicodedata

from headwater.engines.text.look_alikes import ALWAYS, TO_CYRILLIC, TO_GREEK, TO_LATIN

_INVISIBLE = (
    [code for code in range(0x20) if code not in (9, 10, 11, 12, 13, 28, 29, 30, 31)]
    + list(range(0x7F, 0x85))
    + list(range(0x86, 0xA0))
    + [0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200E, 0x200F]
    + [*range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x2800, 0x3164, 0xFEFF, 0xFFA0]
    + [*range(0xFE00, 0xFE10), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE01F0)]
    + list(range(0xD800, 0xE000))
)
_LOOSE_MARKS = [
    *(*range(0x0300, 0x0370), *range(0x0483, 0x048A), *range(0x1AB0, 0x1B00)),
    *(*range(0x1DC0, 0x1E00), *range(0x20D0, 0x2100), *range(0xFE20, 0xFE30)),
]
_TABLE: dict[int, str | None] = {
    **dict.fromkeys((*_INVISIBLE, *_LOOSE_MARKS), None),
    **{ord(letter): latin for letter, latin in ALWAYS.items()},
}

_NEEDS_JOINER = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af"
"""Arabic, Indic, Burmese, Khmer and Mongolian letters: a joiner between them is spelling."""
_PICTURE = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINER = re.compile(
    f"(?<=[{_NEEDS_JOINER}])[\u200c\u200d](?=[{_NEEDS_JOINER}])"
    f"|(?<=[{_PICTURE}])\u200d(?=[{_PICTURE}])"
    "|([\u200c\u200d]+)"
)
_ODD_ASCII = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_DELETE_ODD_ASCII = dict.fromkeys([*range(9), *range(14, 28), 0x7F])
_UNUSUAL = re.compile(r"[^\t-\r\x1c-\x7e]+")
"""What ``_TABLE`` may speak of; looking through a whole text with it takes longer."""
_LATIN = re.compile(r"[A-Za-z]")
_FOREIGN = re.compile("[\u0370-\u058f\u13a0-\u13ff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
# Begun at the start of a word only: else a long word would be walked from each of its letters.
_WORD = re.compile(r"(?<![^\W_])[^\W_]*?[\u0370-\u058f\u13a0-\u13ff][^\W_]*+")
_TO_LATIN = str.maketrans(TO_LATIN)
_TO_CYRILLIC = str.maketrans(TO_CYRILLIC)
_TO_GREEK = str.maketrans(TO_GREEK)


def clip(text: str, max_length: int) -> str:
    """Return the first ``max_length`` characters of ``text``."""
    return text if len(text) <= max_length else text[:max_length]


def normalise(text: str) -> str:
    """Return ``text`` as a reader sees it: plain letters, no invisible characters, single spaces.

    HTML's character references are resolved; compatible forms (fullwidth, mathematical, circled
    letters, ligatures) become plain ones (NFKC); NUL and control characters, zero-width characters,
    overrides of direction and piled-up accents go; a letter of another alphabet that imitates one
    of the word's own becomes that one. What is spelling stays: the joiners inside Persian words and
    composed emoji, the accents of words, and words and texts that are Russian or Greek throughout.

    >>> normalise("fr\\u200bee  v\\u0456agra")
    'free viagra'
    """
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        if _ODD_ASCII.search(text):
            text = text.translate(_DELETE_ODD_ASCII)
        return " ".join(text.split())
    text = _UNUSUAL.sub(_plain, unicodedata.normalize("NFKC", text))
    if "\u200c" in text or "\u200d" in text:
        text = _JOINER.sub(_kept_joiner, text)
    if _FOREIGN.search(text) and _LATIN.search(text):
        text = _unmasked(text)
    # Marks and letters that the removal brought together may compose now.
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _plain(found: re.Match[str]) -> str:
    return found[0].translate(_TABLE)


def _kept_joiner(found: re.Match[str]) -> str:
    return "" if found[1] else found[0]


def _unmasked(text: str) -> str:
    """Return ``text`` with each word of two alphabets, where one imitates the other, in one."""
    # A letter that imitates nothing says that the text is honestly of that alphabet too; where
    # there is none, even a word that imitates from end to end is a disguise.
    only_imitates = all(letter in TO_LATIN for letter in _FOREIGN.findall(text))

    def unmask(found: re.Match[str]) -> str:
        word = found[0]
        latin = _LATIN.findall(word)
        if not latin:
            return word.translate(_TO_LATIN) if only_imitates and len(word) > 1 else word
        to_latin = all(letter in TO_LATIN for letter in _FOREIGN.findall(word))
        cyrillic = _CYRILLIC.search(word) is not None
        imitated = TO_CYRILLIC if cyrillic else TO_GREEK
        if not only_imitates and all(letter in imitated for letter in latin):
            return word.translate(_TO_CYRILLIC if cyrillic else _TO_GREEK)
        return word.translate(_TO_LATIN) if to_latin else word

    return _WORD.sub(unmask, text)
