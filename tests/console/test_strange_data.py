"""A file that means harm, through every page: nothing of it runs, and nobody else sees it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Dataset, Source, Upload

pytestmark = pytest.mark.django_db

SCRIPT, PICTURE = "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"
TECHNIQUES: dict[str, dict[str, Any]] = {
    "k_means": {"n_clusters": 3},
    "hierarchical": {"n_clusters": 3},
    "dbscan": {"eps": 0.8, "min_samples": 3},
    "pca": {"n_components": 2},
}
OF_A_RUN = ("", "rows.csv", "rows.xlsx", "rows.parquet", "summary.csv", "summary.json", "wording/")


def harmful() -> bytes:
    """A file with semicolons, decimal commas, formulas and markup, in Windows-1252."""
    lines = [f"=cmd;Wert €;{PICTURE};Name;Grad;Grad"]
    for i in range(40):
        name = SCRIPT if i == 3 else f"@n{i}"
        value = f"{1.5 * i if i % 3 else 30 * i:.1f}".replace(".", ",")
        lines.append(f"=1+{i};{i % 7},{i % 10}5;{value};{name};{i % 2};{i % 5}")
    return "\n".join(lines).encode("cp1252")


@pytest.fixture
def analyst() -> User:
    user = User.objects.create_user("someone")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["add_dataset", "add_statisticalmodel"])
    )
    return user


@pytest.fixture
def dataset(analyst: User) -> Dataset:
    """The file, uploaded and made a dataset by the pages."""
    client = Client()
    client.force_login(analyst)
    file = SimpleUploadedFile("harm.csv", harmful())
    assert client.post("/data/upload/", {"name": SCRIPT, "file": file}).status_code == 302
    upload = Upload.objects.get()
    shown = client.get(f"/data/uploads/{upload.pk}/").content.decode()
    assert SCRIPT not in shown
    assert PICTURE not in shown
    assert client.post(f"/data/uploads/{upload.pk}/make/").status_code == 302
    return Dataset.objects.get()


def learn(dataset: Dataset, owner: User, technique: str) -> Fit:
    version = dataset.current
    assert version is not None
    source = Source.objects.create(
        dataset=dataset, columns=version.features, name_column=version.names_of("name")[0]
    )
    model = StatisticalModel.objects.create(
        name=f"{technique} {SCRIPT}",
        technique=technique,
        parameters=TECHNIQUES[technique],
        source=source,
        owner=owner,
    )
    fit = model.perform_inference()
    assert fit.status == "succeeded", fit.error
    return fit


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_nothing_of_it_runs_and_nobody_else_sees_it(
    dataset: Dataset, analyst: User, technique: str
) -> None:
    fit = learn(dataset, analyst, technique)
    own, other = Client(), Client()
    own.force_login(analyst)
    other.force_login(User.objects.create_superuser("root"))
    for address in (
        f"/data/{dataset.pk}/",
        f"/data/{dataset.pk}/delete/",
        f"/segments/analyse/?dataset={dataset.pk}",
        f"/segments/analyses/{fit.model_id}/",
        f"/models/{fit.model_id}/",
        *(f"/segments/{fit.pk}/{rest}" for rest in OF_A_RUN),
    ):
        response = own.get(address, follow=True)
        assert response.status_code == 200, address
        if response["Content-Type"].startswith("text/html"):
            text = response.content.decode()
            assert SCRIPT not in text, address
            assert PICTURE not in text, address
        assert other.get(address).status_code == 404, address
    for address in ("/", "/data/", "/segments/", "/segments/runs/", "/models/"):
        assert "alert(1)" not in other.get(address).content.decode(), address


def test_cells_that_begin_like_a_formula_are_made_safe(dataset: Dataset, analyst: User) -> None:
    fit = learn(dataset, analyst, "k_means")
    client = Client()
    client.force_login(analyst)
    written = b"".join(client.get(f"/segments/{fit.pk}/rows.csv")).decode("utf-8-sig")  # type: ignore[arg-type]
    head, first, *_ = written.splitlines()
    assert head.startswith("'=cmd,")
    assert first.startswith("'=1+0,0.05,0.0,'@n0,0,0,")


def test_a_name_with_markup_is_only_a_name(dataset: Dataset, analyst: User) -> None:
    fit = learn(dataset, analyst, "k_means")
    own, strict, other = Client(), Client(enforce_csrf_checks=True), Client()
    own.force_login(analyst)
    strict.force_login(analyst)
    other.force_login(User.objects.create_superuser("root"))
    address = f"/segments/{fit.pk}/A/name/"
    assert own.post(address, {"name": SCRIPT}).status_code == 302
    text = own.get(f"/segments/{fit.pk}/").content.decode()
    assert SCRIPT not in text
    assert "&lt;script&gt;" in text
    assert strict.post(address, {"name": "x"}).status_code == 403
    assert other.post(address, {"name": "x"}).status_code == 404
    assert other.post(f"/data/{dataset.pk}/delete/").status_code == 404
    assert own.post(f"/data/{dataset.pk}/delete/").status_code == 302
    assert not StatisticalModel.objects.exists()
