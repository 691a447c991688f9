"""The tutorial works as written: each command and each block of code, with a real worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.tutorial import LINK, Reader, matches, steps

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"


@pytest.mark.parametrize(
    ("expected", "printed", "fits"),
    [
        ("3 groups, ... s.", "3 groups, 0.2 s.", True),
        ("3 groups, ... s.", "4 groups, 0.2 s.", False),
        ("all", "all of it", False),
    ],
)
def test_what_is_printed_is_compared(expected: str, printed: str, fits: bool) -> None:
    assert matches(expected, printed) is fits


def test_every_kind_of_block_is_there() -> None:
    kinds = [step.kind for step in steps(TUTORIAL.read_text(encoding="utf-8"))]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "append": 1,
        "console": 4,
        "file": 3,
        "shell": 5,
        "terminal": 2,
    }


def test_the_tutorial_works_as_written(tmp_path: Path) -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    reader = Reader(tmp_path)
    try:
        for step in steps(text):
            reader.do(step)
        pages = [reader.open(address) for address in LINK.findall(text)]
    finally:
        reader.leave()
    (_, greeting), (console, sign_in) = pages
    assert greeting == "Hello Reader 1. Three new novels have come in."
    assert "/sign-in/" in console
    assert "csrfmiddlewaretoken" in sign_in
