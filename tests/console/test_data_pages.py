"""The pages of the room “Data”: who sees what, and what an owner does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.models import SegmentList, Study, Wording
from headwater.sources.models import Dataset, Source, Upload
from headwater.sources.open_sample import open_sample
from tests.console.data_files import uploaded


def address(name: str, *args: Any) -> str:
    return reverse(f"headwater:{name}", args=args)


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def dishes(analyst: User) -> Dataset:
    """A sample that the analyst opened."""
    return open_sample("dishes", analyst)


@pytest.fixture
def analysis(dishes: Dataset, analyst: User) -> StatisticalModel:
    """An analysis of the dishes with a run and a list."""
    source = Source.objects.create(dataset=dishes, columns=["cost", "temperature"])
    model = StatisticalModel.objects.create(
        name="Dish groups", technique="k_means", source=source, owner=analyst
    )
    fit = Fit.objects.create(model=model, technique="k_means", status="succeeded", n_groups=2)
    StatisticalModel.objects.filter(pk=model.pk).update(current_fit=fit)
    SegmentList.objects.create(
        name="To look at", model=model, fit=fit, letter="A", n_rows=2, packed=b"", owner=analyst
    )
    return model


def test_the_first_visit_says_what_to_do(page: Client) -> None:
    seen = text_of(page.get(address("data")))

    assert "No data of your own yet" in seen
    assert "Upload the first file" in seen
    assert "Generated customers" in seen
    assert "From this site" in seen
    assert "Testapp" in seen  # whose models may be viewed


def test_a_sample_is_opened_once(page: Client, analyst: User) -> None:
    first = page.post(address("sample-open", "spices"))
    again = page.post(address("sample-open", "spices"))

    dataset = Dataset.objects.get()
    assert first["Location"] == again["Location"] == address("dataset", dataset.pk)
    assert page.get(address("sample-open", "spices")).status_code == 405
    assert page.post(address("sample-open", "nothing")).status_code == 404
    assert "Open again" in text_of(page.get(address("data")))


def test_generated_customers_are_opened_in_any_number(page: Client) -> None:
    sample = address("sample-open", "customers")

    page.post(sample, {"size": "25"})
    assert Dataset.objects.get().name == "Generated customers (25)"
    for size in ("0", "9999999", "x"):
        seen = text_of(page.post(sample, {"size": size}, follow=True))
        assert "The rows asked for were" in seen
    assert Dataset.objects.count() == 1


def test_a_dataset_shows_its_columns_rows_and_analyses(
    page: Client, dishes: Dataset, analysis: StatisticalModel
) -> None:
    seen = text_of(page.get(address("dataset", dishes.pk)))

    assert "Twelve dishes" not in seen
    assert "Burnt experiment" in seen
    assert "5 to 30, median 13.5" in seen  # cost
    assert "<span>2 far out</span>" in seen  # 90 and 120 minutes
    assert "Dish groups" in seen
    assert 'class="hw-bars"' in seen
    assert page.get(address("dataset", dishes.pk) + "?version=7").status_code == 404
    assert page.get(address("dataset", dishes.pk) + "?version=x").status_code == 404


def test_roles_are_changed_and_runs_stay(
    page: Client, dishes: Dataset, analysis: StatisticalModel
) -> None:
    version = dishes.current
    assert version is not None
    names = [column["name"] for column in version.columns]
    given = {"version": 1, f"role-{names.index('cost')}": "out"}

    assert page.post(address("dataset-roles", dishes.pk), given).status_code == 302

    version.refresh_from_db()
    assert version.column("cost") == {"name": "cost", "type": "number", "role": "out"}
    assert version.profile["cost"]["role"] == "out"
    assert analysis.fits.count() == 1


def test_roles_that_cannot_be_are_refused_with_sentences(page: Client, dishes: Dataset) -> None:
    version = dishes.current
    assert version is not None
    before = version.columns

    response = page.post(
        address("dataset-roles", dishes.pk), {"version": 1, "role-0": "feature", "role-2": "id"}
    )
    assert response.status_code == 422
    assert "“dish” is a column of type text" in text_of(response)

    rating = [c["name"] for c in before].index("customer_rating")
    response = page.post(
        address("dataset-roles", dishes.pk), {"version": 1, f"role-{rating}": "id"}
    )
    assert "cannot tell rows apart: some of its numbers are not whole." in text_of(response)

    every = {f"role-{place}": "out" for place in range(len(before))}
    response = page.post(address("dataset-roles", dishes.pk), {"version": 1, **every})
    assert "No column is learned from." in text_of(response)

    version.refresh_from_db()
    assert version.columns == before


def test_a_dataset_gets_another_name(page: Client, dishes: Dataset) -> None:
    given = {"name": " Kitchen <b> ", "description": "Ours"}
    assert page.post(address("dataset-name", dishes.pk), given).status_code == 302
    seen = text_of(page.get(address("dataset", dishes.pk)))
    assert "Kitchen &lt;b&gt;" in seen
    assert "Ours" in seen
    assert page.post(address("dataset-name", dishes.pk), {"name": " "}).status_code == 422
    assert page.post(address("dataset-name", dishes.pk), {"name": "x" * 201}).status_code == 422


def test_deleting_says_what_goes_and_then_it_goes(
    page: Client,
    analyst: User,
    dishes: Dataset,
    analysis: StatisticalModel,
    django_capture_on_commit_callbacks: Any,
) -> None:
    Wording.objects.create(rows=f"dataset:{dishes.pk}", rules=[])
    Study.objects.create(kind="choice", source={"dataset": dishes.pk, "version": 1})
    other = Study.objects.create(kind="choice", source={"dataset": dishes.pk + 1, "version": 1})
    team = Group.objects.create(name="Team")
    analyst.groups.add(team)
    dishes.shared_with.add(team)
    uploaded(page, replaces=dishes.pk)
    assert dishes.current is not None
    file = Path(dishes.current.file.path)
    assert file.exists()

    seen = text_of(page.get(address("dataset-delete", dishes.pk)))
    for told in ("1 version", "1 analysis with 1 run", "“Dish groups”", "1 list", "“To look at”"):
        assert told in seen
    assert "what members of Team can see of it" in seen
    assert "1 file waiting to become a new version" in seen
    assert Dataset.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        response = page.post(address("dataset-delete", dishes.pk), follow=True)

    assert "was deleted with 1 analysis and 1 run." in text_of(response)
    for model in (Dataset, StatisticalModel, Fit, Source, SegmentList, Upload, Wording):
        assert not model.objects.exists(), model
    assert Study.objects.get() == other
    assert not file.exists()


def _posts(dataset: Dataset) -> list[str]:
    return [
        address(name, dataset.pk)
        for name in ("dataset-roles", "dataset-name", "dataset-share", "dataset-delete")
    ]


def test_someone_elses_data_is_not_found(
    page: Client, client: Client, make_user: Callable[..., User], dishes: Dataset
) -> None:
    upload = uploaded(page)
    others = Client()
    # a superuser is no exception
    others.force_login(User.objects.create_superuser("root", password="root"))
    of_upload = [address(n, upload.pk) for n in ("upload-preview", "upload-make", "upload-discard")]

    for one in (address("dataset", dishes.pk), address("dataset-delete", dishes.pk), of_upload[0]):
        assert others.get(one).status_code == 404, one
    for one in (*_posts(dishes), *of_upload):
        assert others.post(one, {"name": "Mine", "version": "1"}).status_code == 404, one
    replaces = f"{address('upload')}?replaces={dishes.pk}"
    assert others.get(replaces).status_code == 404
    for text in (text_of(others.get(address("data"))), text_of(others.get(replaces))):
        assert dishes.current is not None
        assert f"/data/{dishes.pk}/" not in text
        assert upload.file_name not in text
    assert Upload.objects.filter(pk=upload.pk).exists()
    dishes.refresh_from_db()
    assert dishes.name == "Dishes from a kitchen"


def test_a_group_reads_what_is_shared_and_changes_nothing(
    page: Client, analyst: User, make_user: Callable[..., User], dishes: Dataset
) -> None:
    team, other = Group.objects.create(name="Team"), Group.objects.create(name="Other")
    analyst.groups.add(team)
    reader = make_user("reader", "add_dataset")
    reader.groups.add(team)
    them = Client()
    them.force_login(reader)
    share = address("dataset-share", dishes.pk)

    assert page.post(share, {"group": [other.pk]}).status_code == 422
    assert them.get(address("dataset", dishes.pk)).status_code == 404
    assert page.post(share, {"group": [team.pk]}).status_code == 302

    assert dishes.name in text_of(them.get(address("data")))
    seen = text_of(them.get(address("dataset", dishes.pk)))
    assert "Burnt experiment" in seen
    assert "was shared with you to read; only analyst" in seen
    for one in _posts(dishes):
        assert one not in seen, one
        assert them.post(one, {"name": "Ours", "version": "1", "role-1": "out"}).status_code == 403
    assert them.get(f"{address('upload')}?replaces={dishes.pk}").status_code == 403
    assert them.get(address("dataset-delete", dishes.pk)).status_code == 403

    assert page.post(share, {}).status_code == 302
    assert them.get(address("dataset", dishes.pk)).status_code == 404


def test_signed_out_people_are_sent_to_sign_in(client: Client, dishes: Dataset) -> None:
    for one in (address("data"), address("dataset", dishes.pk), address("upload")):
        assert client.get(one)["Location"].startswith(address("sign-in"))


def test_pages_obey_the_policy_and_change_nothing(page: Client, dishes: Dataset) -> None:
    import re

    upload = uploaded(page)
    before = list(Upload.objects.values()), list(Dataset.objects.values())
    for one in (
        address("data"),
        address("upload"),
        f"{address('upload')}?replaces={dishes.pk}",
        address("upload-preview", upload.pk),
        address("dataset", dishes.pk),
        address("dataset-delete", dishes.pk),
    ):
        response = page.get(one)
        text = text_of(response)
        assert response.status_code == 200, one
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", text), one
        assert "<style" not in text
    assert (list(Upload.objects.values()), list(Dataset.objects.values())) == before
    for name in ("upload-make", "upload-discard"):
        assert page.get(address(name, upload.pk)).status_code == 405


def test_a_dataset_whose_file_is_gone_says_so(page: Client, dishes: Dataset) -> None:
    assert dishes.current is not None
    Path(dishes.current.file.path).unlink()

    assert "The rows are gone from the storage." in text_of(page.get(address("dataset", dishes.pk)))
