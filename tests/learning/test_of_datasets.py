"""Models of datasets: seen by who may see the dataset, in the admin too, and gone with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import ProtectedError
from django.test import Client

from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Dataset, Source
from headwater.sources.open_sample import open_sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("owner")


@pytest.fixture
def spices(owner: User) -> StatisticalModel:
    """A model of a dataset of ``owner``, with a run."""
    dataset = open_sample("spices", owner)
    assert dataset.current is not None
    source = Source.objects.create(dataset=dataset, columns=dataset.current.features)
    model = StatisticalModel.objects.create(
        name="Jars", technique="k_means", parameters={"n_clusters": 3}, source=source, owner=owner
    )
    assert model.perform_inference().status == "succeeded"
    return model


def test_who_sees_a_model_of_a_dataset(
    spices: StatisticalModel, owner: User, make_model: Callable[..., Any]
) -> None:
    other = make_model()
    root = User.objects.create_superuser("root")
    member, group = User.objects.create_user("member"), Group.objects.create(name="kitchen")
    member.groups.add(group)
    seen = StatisticalModel.objects.visible_to
    assert list(seen(owner)) == [spices]
    assert list(seen(root)) == [other]  # no permission opens what somebody uploaded
    assert list(seen(member)) == []
    assert spices.source is not None
    assert spices.source.dataset is not None
    spices.source.dataset.shared_with.add(group)
    assert list(seen(member)) == [spices]


def test_the_admin_keeps_them_to_their_owners(spices: StatisticalModel) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    for page in ("statisticalmodel", "fit"):
        text = client.get(f"/admin/headwater_learning/{page}/").content.decode()
        assert "Jars" not in text
    fit = Fit.objects.get()
    assert client.get(f"/admin/headwater_learning/fit/{fit.pk}/change/").status_code == 302
    form = client.get("/admin/headwater_learning/statisticalmodel/add/").content.decode()
    assert "Spices" not in form


def test_a_model_goes_with_its_dataset_and_that_with_its_owner(
    spices: StatisticalModel, owner: User, make_model: Callable[..., Any]
) -> None:
    other = make_model()
    owner.delete()
    assert not Dataset.objects.exists()
    assert list(StatisticalModel.objects.all()) == [other]
    with pytest.raises(ProtectedError):
        other.source.delete()


def test_a_dataset_has_no_field_for_labels(spices: StatisticalModel) -> None:
    spices.results_storage = "dmf:testapp.Person.group"
    errors = spices.problems()
    assert errors["results_storage"] == [
        "The rows are those of an uploaded dataset, which has no field to write labels to. "
        "Leave this empty, and export the rows with their segments."
    ]
