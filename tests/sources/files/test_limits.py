"""Sizes are checked before anything is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import override_settings

from headwater.sources.files.detect import detect
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.limits import Limits, check_bytes
from headwater.sources.files.load import load
from headwater.sources.files.reading import Reading
from tests.sources.files.corpus import AGES, rows
from tests.sources.files.reading_of import LIMITS, loaded


def test_a_file_of_500_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with open(path, "wb") as file:
        file.truncate(500 * 2**20)
    sentence = r"The file has 500.0 MB; at most 50.0 MB are taken \(DATASET_MAX_BYTES\)"
    with pytest.raises(FileError, match=sentence):
        detect(path, "a.csv", limits=LIMITS)
    with pytest.raises(FileError, match=sentence):
        load(path, Reading(), limits=LIMITS)
    with pytest.raises(FileError, match=sentence):
        check_bytes(500 * 2**20, LIMITS)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (replace(LIMITS, max_rows=2), "more than 2 rows"),
        (replace(LIMITS, max_columns=1), "2 columns; at most 1"),
        (replace(LIMITS, max_bytes=10), "at most 10 bytes"),
    ],
)
def test_each_limit_has_its_sentence(limits: Limits, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=sentence):
        loaded(tmp_path, rows(*AGES), limits=limits)
    assert loaded(tmp_path, rows(*AGES), limits=replace(LIMITS, max_rows=3)).frame.height == 3


def test_the_limit_of_rows_ends_the_reading_of_a_long_file(tmp_path: Path) -> None:
    data = rows("a,b", *(f"{n},{n}" for n in range(50_000)), '"not closed')
    with pytest.raises(FileError, match="more than 10,000 rows"):
        loaded(tmp_path, data, limits=replace(LIMITS, max_rows=10_000))


def test_characters_are_counted_and_not_bytes(tmp_path: Path) -> None:
    data = rows("a,b", "äöü,1", "äöüß,2", "x,3")
    with pytest.raises(ProblemsError) as error:
        loaded(tmp_path, data, limits=replace(LIMITS, max_cell=3))
    assert [one.sentence for one in error.value.problems] == [
        "Line 3 of “a” holds “äöüß”, which has 4 characters; at most 3 are taken "
        "(DATASET_MAX_CELL)."
    ]


@override_settings(HEADWATER={"DATASET_MAX_ROWS": 2, "DATASET_MAX_CELL": 7})
def test_limits_come_from_the_settings(tmp_path: Path) -> None:
    assert Limits.from_settings() == replace(LIMITS, max_rows=2, max_cell=7)
    path = tmp_path / "file"
    path.write_bytes(rows(*AGES))
    with pytest.raises(FileError, match="more than 2 rows"):
        load(path, detect(path, "a.csv"))
