"""Nasty files are read rightly, or refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwater.sources.files.detect import detect
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.load import load
from headwater.sources.files.preview import preview
from headwater.sources.files.reading import Reading
from tests.sources.files.corpus import CASES, Case
from tests.sources.files.reading_of import LIMITS


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_file_is_read_rightly_or_refused_with_a_sentence(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(case.data)
    if case.refused:
        with pytest.raises(FileError) as refusal:
            load(path, detect(path, case.file_name, limits=LIMITS), limits=LIMITS)
        assert case.refused in str(refusal.value)
        assert str(refusal.value).endswith(".")
        return
    reading = detect(path, case.file_name, limits=LIMITS)
    assert Reading.from_json(reading.as_json()) == reading
    for name, value in case.reading.items():
        assert getattr(reading, name) == value, name
    if case.problems:
        with pytest.raises(ProblemsError) as error:
            load(path, reading, overrides=case.overrides, limits=LIMITS)
        found = error.value
        assert len(found.problems) == min(5, found.n_problems)
        assert found.n_problems == (case.n_problems or len(case.problems))
        for problem, expected in zip(found.problems, case.problems, strict=False):
            assert expected in problem.sentence
        assert [one.row for one in found.problems] == sorted(one.row for one in found.problems)
        shown = preview(path, reading, overrides=case.overrides, limits=LIMITS)
        assert (shown.problems, shown.n_problems) == (found.problems, found.n_problems)
        return
    result = load(path, reading, overrides=case.overrides, limits=LIMITS)
    assert result.frame.to_dict(as_series=False) == dict(case.loads or {})
    assert result.frame.columns == list(case.loads or {})
    for note in case.notes:
        assert any(note in one for one in result.notes), (note, result.notes)


def test_the_corpus_is_large_and_its_names_differ() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
