"""encoding_of: the encoding that a text file is written in."""

from __future__ import annotations

import codecs
from pathlib import Path

from headwater.sources.files.reading import ENCODINGS

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 2**20
_SAMPLE = 2**16
"""Bytes of lines beyond ASCII that a guess is made from."""
_FOREIGN_SHARE = 0.3
"""Share of letters beyond ASCII from which a text is hardly in Latin script."""


def encoding_of(path: str | Path) -> str:
    """Return one of ``ENCODINGS``.

    A mark at the beginning decides, then zero bytes at every other place (UTF-16), then whether
    the whole file is UTF-8. Else it is a guess: Windows-1252 where the letters are mostly ASCII,
    and what charset-normalizer finds where they are not. Kin of Windows-1252 (Central European,
    Turkish) cannot be told from it by rule; a person sets them.
    """
    with open(path, "rb") as file:
        head = file.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if wide := _utf_16(head):
        return wide
    sample, n_valid, n_invalid = _beyond_ascii(path)
    if not n_invalid or n_valid > 20 * n_invalid:  # a stray byte makes no other encoding
        return "utf-8"
    return _guess(sample)


def _utf_16(head: bytes) -> str:
    """Return which UTF-16 the beginning looks like; "" for none."""
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return ""


def _beyond_ascii(path: str | Path) -> tuple[bytes, int, int]:
    """Return lines that are not ASCII, and how many characters of the file are UTF-8 or not."""
    sample = bytearray()
    n_valid = n_invalid = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with open(path, "rb") as file:
        while True:
            block = file.read(_BLOCK)
            text = decoder.decode(block, final=not block)
            if not text.isascii():
                bad = text.count("\ufffd")
                n_invalid += bad
                n_valid += len(text) - len(text.encode("ascii", "ignore")) - bad
                for line in block.splitlines(keepends=True):
                    if len(sample) >= _SAMPLE:
                        break
                    if not line.isascii():
                        sample += line[:_SAMPLE]
            if not block:
                return bytes(sample[:_SAMPLE]), n_valid, n_invalid


def _guess(sample: bytes) -> str:
    western = _decodes(sample, "cp1252")
    if western:
        letters = [one for one in sample.decode("cp1252", "ignore") if one.isalpha()]
        foreign = sum(not one.isascii() for one in letters)
        if foreign <= _FOREIGN_SHARE * len(letters):
            return "cp1252"
    from charset_normalizer import from_bytes

    others = [name for name in ENCODINGS if not name.startswith(("utf", "mac", "cp850", "latin"))]
    found = from_bytes(sample, cp_isolation=others, enable_fallback=False).best()
    if found is not None:
        by_codec = {codecs.lookup(name).name: name for name in ENCODINGS}
        name = by_codec.get(codecs.lookup(found.encoding).name)
        if name and _decodes(sample, name):
            return name
    return "cp1252" if western else "latin-1"


def _decodes(sample: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeError:
        return False
    return True
