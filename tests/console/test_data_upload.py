"""From a file to a dataset: sent, looked at, corrected, made."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from headwater.sources.models import Dataset, Upload
from headwater.sources.rows import read_frame
from headwater.sources.storage import dataset_root
from tests.console.data_files import CUSTOMERS, choices, csv_file, send, uploaded

BAD = CUSTOMERS + "5;Ed;twelve;2;new;07.02.2024\n6;Flo;9,50;often;new;08.02.2024\n"


def preview(upload: Upload) -> str:
    return reverse("headwater:upload-preview", args=[upload.pk])


def make(upload: Upload) -> str:
    return reverse("headwater:upload-make", args=[upload.pk])


def text_of(response: Any) -> str:
    return response.content.decode()


def test_a_csv_becomes_a_dataset_with_its_numbers_dates_and_roles(
    page: Client, analyst: User, django_capture_on_commit_callbacks: Any
) -> None:
    upload = uploaded(page, name="Good customers")
    raw = Path(upload.file.path)
    seen = text_of(page.get(preview(upload)))
    assert "6 columns, 4 rows" in seen
    assert raw.exists()

    with django_capture_on_commit_callbacks(execute=True):
        response = page.post(make(upload), choices(seen))

    dataset = Dataset.objects.get()
    assert response["Location"] == reverse("headwater:dataset", args=[dataset.pk])
    assert (dataset.name, dataset.owner) == ("Good customers", analyst)
    version = dataset.current
    assert version is not None
    assert [(one["name"], one["type"], one["role"]) for one in version.columns] == [
        ("id", "number", "id"),
        ("name", "text", "name"),
        ("spent", "number", "feature"),
        ("visits", "number", "feature"),
        ("segment", "text", "label"),
        ("joined", "date", "out"),
    ]
    frame = read_frame(version)
    assert frame["spent"].to_list() == [1234.5, 20.0, 310.25, 4.75]
    assert str(frame["joined"][0]) == "2024-02-03"
    assert version.profile["visits"]["max"] == 7
    assert not Upload.objects.exists()
    assert not raw.exists()


def test_a_workbook_and_a_parquet_file_become_datasets(page: Client) -> None:
    from headwater.sources.files.write import write_parquet, write_xlsx

    frame = pl.DataFrame({"dish": ["Pie", "Tart", "Cake"], "price": [3.5, 4.0, 2.25]})
    for name, content in (("menu.xlsx", write_xlsx(frame)), ("menu.parquet", write_parquet(frame))):
        upload = uploaded(page, SimpleUploadedFile(name, content))
        assert (
            page.post(make(upload), choices(text_of(page.get(preview(upload))))).status_code == 302
        )
        version = Dataset.objects.latest("pk").current
        assert version is not None
        assert read_frame(version).equals(frame), name
        assert version.names_of("name", "feature") == ["dish", "price"]


def test_a_script_is_told_where_the_preview_is(page: Client) -> None:
    response = page.post(
        reverse("headwater:upload"), {"file": csv_file()}, headers={"Accept": "application/json"}
    )

    assert json.loads(response.content) == {"address": preview(Upload.objects.get())}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SimpleUploadedFile("empty.csv", b""), "The file is empty."),
        (SimpleUploadedFile("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(40)), ""),
        (None, "Choose a file first."),
    ],
)
def test_what_no_reading_could_mend_is_refused_and_not_kept(
    page: Client, file: SimpleUploadedFile | None, said: str
) -> None:
    response = page.post(reverse("headwater:upload"), {"file": file} if file else {})

    assert response.status_code == 422
    assert "Not taken." in text_of(response)
    assert said in text_of(response)
    assert not Upload.objects.exists()


def test_the_limits_are_told_before_anything_is_sent(page: Client, settings: Any) -> None:
    settings.HEADWATER = {**settings.HEADWATER, "DATASET_MAX_BYTES": 3 * 2**20}

    seen = text_of(page.get(reverse("headwater:upload")))

    assert "at most 3.0 MB, 1,000,000 rows and 200 columns" in seen
    assert f'data-most="{3 * 2**20}"' in seen


class _Endless(io.RawIOBase):
    """A body that is read a piece at a time and never held; it knows how much was taken."""

    def __init__(self, length: int) -> None:
        self.left = length
        self.largest = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "the whole body was asked for at once"
        self.largest = max(self.largest, size)
        taken = min(size, self.left)
        self.left -= taken
        return bytes(taken)


def test_half_a_gigabyte_is_refused_without_being_kept(page: Client) -> None:
    length = 500 * 2**20
    body = _Endless(length)

    response = page.generic(
        "POST",
        reverse("headwater:upload"),
        content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(length)},
    )

    assert response.status_code == 413
    assert "The file has about 500.0 MB; at most 50.0 MB are taken." in text_of(response)
    assert body.left == 0
    assert body.largest <= 2**20
    assert not Upload.objects.exists()


def test_the_form_checks_its_token(analyst: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(analyst)

    assert send(strict, csv_file()).status_code == 403
    assert not Upload.objects.exists()


def test_problems_are_named_and_the_file_is_kept(page: Client) -> None:
    upload = uploaded(page, csv_file(BAD))
    seen = text_of(page.get(preview(upload)))

    assert "2 cells or rows do not fit" in seen
    assert "Line 6 of “spent” holds “twelve”; a number is expected." in seen
    assert "Line 7 of “visits” holds “often”; a number is expected." in seen

    response = page.post(make(upload), choices(seen))

    assert response.status_code == 422
    assert "The dataset was not made: 2 cells or rows" in text_of(response)
    with Upload.objects.get().file.open() as kept:
        assert kept.read() == BAD.encode()
    assert not Dataset.objects.exists()
    assert "Waiting to be made a dataset" in text_of(page.get(reverse("headwater:data")))


def test_five_problems_are_told_and_the_others_counted(page: Client) -> None:
    rows = "".join(f"{n};x;{'oops' if n % 4 == 0 else n};1;a;01.02.2024\n" for n in range(1, 41))
    upload = uploaded(page, csv_file("id;name;spent;visits;segment;joined\n" + rows))

    seen = text_of(page.get(preview(upload)))

    assert "10 cells or rows do not fit" in seen
    assert seen.count("a number is expected.") == 5
    assert "And 5 more." in seen


def test_a_column_is_corrected_to_text_and_the_dataset_made(page: Client) -> None:
    upload = uploaded(page, csv_file(BAD))
    given = choices(text_of(page.get(preview(upload))))

    given |= {"c-2-type": "text", "c-3-role": "out", "c-5-role": "feature"}
    again = page.post(preview(upload), given, headers={"HX-Request": "true"})
    assert again.status_code == 200
    assert "do not fit" not in text_of(again)
    upload.refresh_from_db()
    assert upload.columns == {
        "spent": {"type": "text"},
        "visits": {"role": "out"},
        "joined": {"role": "feature"},
    }

    assert page.post(make(upload), choices(text_of(again))).status_code == 302
    version = Dataset.objects.get().current
    assert version is not None
    assert version.column("spent") == {"name": "spent", "type": "text", "role": "out"}
    assert version.column("visits") == {"name": "visits", "type": "text", "role": "out"}


def test_a_corrected_file_takes_the_place_of_the_first(
    page: Client, django_capture_on_commit_callbacks: Any
) -> None:
    upload = uploaded(page, csv_file(BAD), name="Ours")
    raw = Path(upload.file.path)
    given = choices(text_of(page.get(preview(upload)))) | {"c-5-role": "feature"}
    seen = text_of(page.post(preview(upload), given, headers={"HX-Request": "true"}))
    form = f"{reverse('headwater:upload')}?corrects={upload.pk}"
    assert form in seen
    assert "takes the place of customers.csv" in text_of(page.get(form))

    with django_capture_on_commit_callbacks(execute=True):
        response = send(page, csv_file(name="better.csv"), corrects=upload.pk)

    again = Upload.objects.get()
    assert response["Location"] == preview(again)
    assert (again.name, again.file_name) == ("Ours", "better.csv")
    assert again.columns == {"joined": {"role": "feature"}}
    assert not raw.exists()
    assert send(page, SimpleUploadedFile("e.csv", b""), corrects=again.pk).status_code == 422
    assert Upload.objects.get() == again
    assert send(page, csv_file(), corrects=again.pk + 1).status_code == 404
    assert send(page, csv_file(), corrects="x").status_code == 404


def test_two_hundred_columns_can_be_chosen(page: Client) -> None:
    names = ",".join(f"x{n}" for n in range(200))
    rows = "\n".join(",".join(str(n * row % 7) for n in range(200)) for row in range(1, 9))
    upload = uploaded(page, csv_file(f"{names}\n{rows}\n"))
    given = choices(text_of(page.get(preview(upload)))) | {"c-199-role": "category"}

    assert page.post(make(upload), given).status_code == 302
    dataset = Dataset.objects.get()
    assert dataset.current is not None
    assert dataset.current.columns[199] == {"name": "x199", "type": "number", "role": "category"}
    seen = page.get(reverse("headwater:dataset", args=[dataset.pk]))
    assert len(seen.content) < 300_000
    roles = {f"role-{n}": "out" for n in range(199)} | {"role-199": "category", "version": "1"}
    assert (
        page.post(reverse("headwater:dataset-roles", args=[dataset.pk]), roles).status_code == 302
    )


@pytest.mark.parametrize("columns", ["{", "5", '[["id"], 3, ["id", 1, 2], {"a": 1}]', ""])
def test_choices_that_are_none_change_nothing(page: Client, columns: str) -> None:
    upload = uploaded(page)

    assert page.post(preview(upload), {"columns": columns}).status_code == 302

    assert Upload.objects.get().columns == {}


def test_the_reading_is_corrected_and_the_preview_follows(page: Client) -> None:
    upload = uploaded(page)
    given = choices(text_of(page.get(preview(upload))))

    given |= {"r-header": "1"}
    seen = text_of(page.post(preview(upload), given, headers={"HX-Request": "true"}))

    assert "6 columns, 5 rows" in seen
    assert "Column 3" in seen
    # without a script the page is shown anew
    assert page.post(preview(upload), given)["Location"] == preview(upload)
    assert Upload.objects.get().reading["header"] is False


def test_decimal_and_thousands_signs_change_places(page: Client) -> None:
    upload = uploaded(page)
    given = choices(text_of(page.get(preview(upload))))
    assert (upload.reading["decimal"], upload.reading["thousands"]) == (",", ".")

    page.post(preview(upload), given | {"r-decimal": "0"})

    upload.refresh_from_db()
    assert (upload.reading["decimal"], upload.reading["thousands"]) == (".", ",")


def test_roles_that_cannot_be_are_told_and_can_be_changed(page: Client) -> None:
    upload = uploaded(page)
    given = choices(text_of(page.get(preview(upload))))

    # two ids, of which one comes twice
    seen = text_of(
        page.post(preview(upload), given | {"c-3-role": "id"}, headers={"HX-Request": "1"})
    )
    assert "Line 5 of “visits” holds “1”, as line 3 does; ids differ." in seen
    kept = given["columns"].replace('"number", "id"]', '"number", "id", "role"]')
    both = given | {"c-3-role": "id", "columns": kept}
    seen = text_of(page.post(preview(upload), both, headers={"HX-Request": "1"}))
    assert "both have the role id" in seen
    assert 'name="c-3-role"' in seen

    none = given | {f"c-{n}-role": "out" for n in range(6)}
    seen = text_of(page.post(preview(upload), none, headers={"HX-Request": "1"}))
    assert "No column is learned from." in seen
    assert page.post(make(upload), none).status_code == 422
    assert not Dataset.objects.exists()

    guessed = text_of(
        page.post(preview(upload), none | {"guess": "all"}, headers={"HX-Request": "1"})
    )
    assert "No column is learned from." not in guessed
    assert Upload.objects.get().columns == {}


def test_a_new_version_carries_types_and_roles_by_name(page: Client, analyst: User) -> None:
    first = uploaded(page)
    given = choices(text_of(page.get(preview(first)))) | {
        "c-3-role": "category",
        "c-5-role": "feature",
    }
    page.post(make(first), given)
    dataset = Dataset.objects.get()
    text = "visits;id;spent;city\n2;1;5,5;Bonn\n4;2;7,0;Kiel\n9;3;1,0;Bonn\n"

    second = uploaded(page, csv_file(text, "later.csv"), replaces=dataset.pk)
    assert second.replaces == dataset
    seen = text_of(page.get(preview(second)))
    assert "“joined” is in version 1 and not in this file." in seen
    page.post(make(second), choices(seen))

    dataset.refresh_from_db()
    version = dataset.current
    assert version is not None
    assert (version.number, version.file_name, version.n_rows) == (2, "later.csv", 3)
    assert version.column("visits") == {"name": "visits", "type": "number", "role": "category"}
    assert version.column("city") == {"name": "city", "type": "text", "role": "category"}
    assert dataset.versions.count() == 2
    assert text_of(page.get(reverse("headwater:dataset", args=[dataset.pk]) + "?version=1")).count(
        "This is version 1."
    )


def test_an_upload_is_thrown_away_with_its_file(
    page: Client, django_capture_on_commit_callbacks: Any
) -> None:
    upload = uploaded(page)
    path = Path(upload.file.path)
    assert path.is_relative_to(dataset_root())
    assert path.stat().st_mode & 0o077 == 0

    with django_capture_on_commit_callbacks(execute=True):
        page.post(reverse("headwater:upload-discard", args=[upload.pk]))

    assert not Upload.objects.exists()
    assert not path.exists()


def test_uploading_needs_the_permission(client: Client, make_user: Callable[..., User]) -> None:
    client.force_login(make_user("reader"))

    response = send(client, csv_file())

    assert response.status_code == 403
    assert "headwater_sources.add_dataset" in text_of(response)
    assert not Upload.objects.exists()
    assert "headwater_sources.add_dataset" in text_of(client.get(reverse("headwater:data")))
