"""Whatever a file holds, and however it is to be read: rows come of it, or sentences."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headwater.sources.files.detect import detect
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.load import load
from headwater.sources.files.preview import preview
from headwater.sources.files.profile import profile
from headwater.sources.files.reading import (
    DATE_ORDERS,
    DELIMITERS,
    ENCODINGS,
    QUOTES,
    THOUSANDS,
)
from tests.sources.files.corpus import CASES
from tests.sources.files.reading_of import LIMITS
from tests.sources.files.test_xlsx import AGES, archive, several, sheet, unzipped, workbook

SMALL = [case.data for case in CASES if 0 < len(case.data) < 5_000]
BOOKS = [unzipped(sheet(AGES)), unzipped(workbook(several))]
ODD = [b'"', b",", b";", b"\n", b"\r", b"\0", b"'", b"\xff", b"1e999", b"-", b"%", b"<", b'r="Z9"']
EDITS = st.lists(
    st.tuples(
        st.integers(0, 5_000), st.integers(0, 30), st.sampled_from(ODD) | st.binary(max_size=9)
    ),
    max_size=6,
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "delimiter": st.sampled_from(list(DELIMITERS)),
        "quote": st.sampled_from(list(QUOTES)),
        "encoding": st.sampled_from(list(ENCODINGS)),
        "decimal": st.sampled_from([".", ","]),
        "thousands": st.sampled_from(list(THOUSANDS)),
        "date_order": st.sampled_from(list(DATE_ORDERS)),
        "header": st.booleans(),
        "skip": st.integers(0, 5),
    },
)
CHOICES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["number", "date", "boolean", "text"]),
            "role": st.sampled_from(["id", "name", "feature", "category", "label", "out"]),
        },
    ),
    max_size=4,
)


def edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return ``data`` with pieces replaced."""
    for place, length, piece in edits:
        at = place % (len(data) + 1)
        data = data[:at] + piece + data[at + length :]
    return data


def sentences(data: bytes, changes: dict[str, Any], choices: list[dict[str, str]]) -> list[str]:
    """Return why a file cannot be read; nothing where it is, and is what its preview said."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            reading = replace(detect(path, "a.csv", limits=LIMITS), **changes)
            names = [column.name for column in preview(path, reading, limits=LIMITS).columns]
            overrides = dict(zip(names, choices, strict=False))
            shown = preview(path, reading, overrides=overrides, limits=LIMITS)
            result = load(path, reading, overrides=overrides, limits=LIMITS)
        except ProblemsError as error:
            return [one.sentence for one in error.problems]
        except FileError as error:
            return [str(error)]
        assert shown.n_rows == result.frame.height > 0
        assert [one["name"] for one in result.columns] == result.frame.columns == names
        json.dumps(profile(result.frame, result.columns), allow_nan=False)
        return []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SMALL), EDITS, CHANGES, CHOICES)
def test_any_text(
    data: bytes,
    edits: list[tuple[int, int, bytes]],
    changes: dict[str, Any],
    choices: list[dict[str, str]],
) -> None:
    told = sentences(edited(data, edits), changes, choices)
    assert len(told) <= 5
    assert all(sentence.endswith(".") for sentence in told)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BOOKS), st.data(), EDITS, CHOICES)
def test_any_workbook(
    book: dict[str, bytes],
    data: st.DataObject,
    edits: list[tuple[int, int, bytes]],
    choices: list[dict[str, str]],
) -> None:
    name = data.draw(st.sampled_from(sorted(book)))
    changed = archive({**book, name: edited(book[name], edits)})
    told = sentences(changed, {}, choices)
    assert len(told) <= 5
    assert all(sentence.endswith(".") for sentence in told)
