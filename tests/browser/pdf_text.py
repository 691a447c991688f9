"""The text of a PDF that Chromium made, page by page."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\b(.*?)\bendobj\b", re.DOTALL)
_STREAM = re.compile(rb"\bstream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FONT = re.compile(rb"/(\w+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>\s*Tj|\[((?:.|\n)*?)\]\s*TJ")
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")


def pages_of(paper: bytes) -> list[str]:
    """Return what is written on each page, without the spaces, which PDF does not have."""
    objects = {int(number): body for number, body in _OBJECT.findall(paper)}
    maps: dict[int, dict[int, str]] = {}
    pages = []
    for body in objects.values():
        if not re.search(rb"/Type\s*/Page\b(?!s)", body):
            continue
        fonts = {}
        resources = re.search(rb"/Font\s*<<(.*?)>>", body, re.DOTALL)
        for name, number in _FONT.findall(resources.group(1) if resources else b""):
            at = int(number)
            if at not in maps:
                maps[at] = _letters(objects, at)
            fonts[name] = maps[at]
        content = re.search(rb"/Contents\s*(\d+) 0 R", body)
        assert content is not None
        pages.append(_text(_inflated(objects[int(content.group(1))]), fonts))
    return pages


def _inflated(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found.group(1)) if b"/FlateDecode" in body else found.group(1)


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Return glyph -> letters, as the font's ToUnicode map tells."""
    reference = re.search(rb"/ToUnicode\s*(\d+) 0 R", objects[font])
    if reference is None:
        return {}
    told = _inflated(objects[int(reference.group(1))])
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", told, re.DOTALL):
        codes = _HEX.findall(block)
        for glyph, text in zip(codes[::2], codes[1::2], strict=True):
            found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", told, re.DOTALL):
        codes = _HEX.findall(block)
        for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
            start = int(text, 16)
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(start + step)
    return found


def _text(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    told = []
    for font, single, several in _SHOWN.findall(content):
        if font:
            letters = fonts.get(font, {})
            continue
        glyphs = single or b"".join(_HEX.findall(several))
        codes = [int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4)]
        told.append("".join(letters.get(code, "") for code in codes))
    return re.sub(r"\s", "", "".join(told))
