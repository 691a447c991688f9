"""Texts whose label is known come out of CSV files and folders, all of them or none."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.testapp.models import CommentPreTraining

pytestmark = pytest.mark.django_db

TUBE = """COMMENT_ID,AUTHOR,DATE,CONTENT,CLASS
a1,Ann,2026-01-01,"Nice song, thanks",0
a2,Bot,,"See my page
http://x.example",1
a3,Cy,,Söng\u2028of the year\ufeff,0
"""


def load(*given: str, **options: Any) -> str:
    out = StringIO()
    call_command("import_pretraining", "testapp.CommentPreTraining", *given, stdout=out, **options)
    return out.getvalue()


def test_a_file_with_named_columns(tmp_path: Path) -> None:
    file = tmp_path / "Youtube01.csv"
    file.write_text(TUBE, encoding="utf-8-sig")
    columns = ("--content", "CONTENT", "--label", "CLASS")
    told = load(str(file), *columns)
    assert told == "testapp.CommentPreTraining: 3 texts imported, 1 of them spam.\n"
    rows = CommentPreTraining.objects.order_by("pk")
    assert list(rows.values_list("content", "is_spam", "origin")) == [
        ("Nice song, thanks", False, "Youtube01.csv"),
        ("See my page\nhttp://x.example", True, "Youtube01.csv"),
        ("Söng\u2028of the year\ufeff", False, "Youtube01.csv"),
    ]
    with pytest.raises(CommandError, match=r"has rows of “Youtube01\.csv” already"):
        load(str(file), *columns)
    assert "in place of 3 rows" in load(str(file), *columns, "--replace")
    assert CommentPreTraining.objects.count() == 3


def test_a_folder_of_ham_and_spam(tmp_path: Path) -> None:
    for kind, texts in (("ham", ["Meeting at ten"]), ("spam", ["Cheap\x00 pills", "Wîn"])):
        (tmp_path / "enron" / kind).mkdir(parents=True)
        for number, text in enumerate(texts):
            file = tmp_path / "enron" / kind / f"{number}.txt"
            file.write_text(text, encoding="latin-1")
    with pytest.raises(CommandError, match=r"1\.txt, line 1: the bytes are not utf-8"):
        load(str(tmp_path / "enron"))
    assert not CommentPreTraining.objects.exists()
    assert "3 texts imported, 2 of them spam" in load(
        str(tmp_path / "enron"), "--encoding", "latin-1"
    )
    rows = CommentPreTraining.objects.order_by("pk").values_list("content", "origin")
    assert list(rows) == [
        ("Meeting at ten", "enron/ham"),
        ("Cheap pills", "enron/spam"),
        ("Wîn", "enron/spam"),
    ]
    with pytest.raises(CommandError, match="there is no folder “ham” in it"):
        load(str(tmp_path))


def test_rows_that_are_wrong_are_told_by_file_and_line_and_nothing_is_imported(
    tmp_path: Path,
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("content,is_spam\nfine,0\n")
    bad.write_text('content,is_spam\n"two\nlines",yes\n,0\nlabelless,\nodd,2\nlong,0,0\nbuy,1\n')
    with pytest.raises(CommandError) as caught:
        load(str(good), str(bad))
    assert str(caught.value).split("\n") == [
        f"{bad}, line 4: the row has no text in “content”.",
        f"{bad}, line 5: the row has no label in “is_spam”.",
        f"{bad}, line 6: the row has the label “2”; spam is “1” and the others are “yes”.",
        f"{bad}, line 7: the row has 3 columns, and the first line has 2.",
    ]
    assert not CommentPreTraining.objects.exists()
    with pytest.raises(CommandError, match="line 1: there is no column “CLASS”; there are content"):
        load(str(good), "--label", "CLASS")
    with pytest.raises(CommandError, match="cannot be read"):
        load(str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="There is no encoding “nonsense”"):
        load(str(good), "--encoding", "nonsense")
    (tmp_path / "empty.csv").write_text("content,is_spam\n")
    with pytest.raises(CommandError, match="There is no text in what was given"):
        load(str(tmp_path / "empty.csv"))


def test_only_a_pretraining_model_takes_texts(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"testapp\.Comment is no pre-training model"):
        call_command("import_pretraining", "testapp.Comment", "x.csv")
    with pytest.raises(CommandError, match=r"There is no model “testapp\.Nothing”"):
        call_command("import_pretraining", "testapp.Nothing", "x.csv")
