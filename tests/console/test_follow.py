"""Following the labels of a statistical model: a click, and a new fit is told from new rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from headwater.learning.models import StatisticalModel
from headwater.stockandflow import balance, count_stocks
from headwater.stockandflow.follow import follow_field
from headwater.stockandflow.models import Cause, FlowEvent, FollowedField, StockRecord
from tests.testapp.models import Device, Person

pytestmark = pytest.mark.django_db


def events(slug: str) -> dict[str, tuple[str, str, str]]:
    """Return object id -> source, sink and cause, of the moves after the opening."""
    return {
        event.object_id: (event.source, event.sink, event.cause)
        for event in FlowEvent.objects.filter(partition=slug).counted()
    }


def test_a_new_fit_relabels_and_a_changed_row_moves(
    make_people: Callable[..., Any], make_model: Callable[..., Any]
) -> None:
    make_people(60)
    model: StatisticalModel = make_model()
    model.perform_inference()
    slug = follow_field(Person, "group").slug
    count_stocks(only=[slug])
    before = dict(Person.objects.values_list("pk", "group"))

    walker = Person.objects.filter(group="A").first()
    far = Person.objects.filter(group="B").first()
    assert walker is not None
    assert far is not None
    Person.objects.filter(pk=walker.pk).update(x=far.x, y=far.y)
    model.parameters = {"n_clusters": 4}
    model.save()
    model.perform_inference(recalculate=True)
    count_stocks(timezone.now() + timedelta(days=1), only=[slug])

    after = dict(Person.objects.values_list("pk", "group"))
    found = events(slug)
    assert {int(pk) for pk in found} == {pk for pk in after if after[pk] != before[pk]}
    assert found[str(walker.pk)] == ("A", after[walker.pk], Cause.CHANGED)
    others = {cause for pk, (_, _, cause) in found.items() if pk != str(walker.pk)}
    assert others == {Cause.RELABELLED}
    assert balance(slug).is_exact
    assert set(StockRecord.objects.filter(partition=slug).values_list("stock", flat=True)) == set(
        after.values()
    )


def test_rows_whose_key_is_a_uuid_are_relabelled_too(
    make_source: Callable[..., Any], make_model: Callable[..., Any]
) -> None:
    Device.objects.bulk_create(Device(x=float(n % 4), y=float(n % 2)) for n in range(40))
    model: StatisticalModel = make_model(
        source=make_source(Device), results_storage="dmf:testapp.Device.group"
    )
    model.perform_inference()
    slug = follow_field(Device, "group").slug
    count_stocks(only=[slug])
    model.parameters = {"n_clusters": 4}
    model.save()
    model.perform_inference(recalculate=True)
    count_stocks(timezone.now() + timedelta(days=1), only=[slug])
    causes = [cause for _, _, cause in events(slug).values()]
    assert causes
    assert set(causes) == {Cause.RELABELLED}


def test_the_button_follows_and_counts(
    client: Client, make_people: Callable[..., Any], make_model: Callable[..., Any]
) -> None:
    make_people(12)
    owner = User.objects.create_user("owner")
    owner.user_permissions.add(Permission.objects.get(codename="view_person"))
    model = make_model(owner=owner)
    model.perform_inference()
    client.force_login(owner)
    page = client.get(f"/models/{model.pk}/")
    assertContains(page, "Follow this field")

    address = f"/models/{model.pk}/follow/"
    assert client.get(address).status_code == 405
    answer = client.post(address, {"every": "weekly"}, follow=True)
    assertContains(answer, "counted weekly")
    row = FollowedField.objects.get()
    assert (row.model, row.field, row.every, row.created_by) == (
        "testapp.Person",
        "group",
        "weekly",
        owner,
    )
    assert StockRecord.objects.filter(partition=row.slug).count() == 2  # tests run tasks at once
    assertContains(answer, f"/stocks/{row.slug}/")
    assertContains(client.get(f"/stocks/{row.slug}/"), "People")

    client.post(address, {"stop": "1"})
    assert not FollowedField.objects.exists()
    assert StockRecord.objects.filter(partition=row.slug).count() == 2
    assertContains(client.get(f"/models/{model.pk}/"), "Follow this field")


def test_who_may_not_see_the_rows_may_not_follow(
    client: Client, make_people: Callable[..., Any], make_model: Callable[..., Any]
) -> None:
    make_people(12)
    owner = User.objects.create_user("owner")
    model = make_model(owner=owner)
    client.force_login(owner)
    assertContains(client.get(f"/models/{model.pk}/"), "“testapp.view_person”")
    assert client.post(f"/models/{model.pk}/follow/").status_code == 403
    client.force_login(User.objects.create_user("stranger"))
    assert client.post(f"/models/{model.pk}/follow/").status_code == 404
    assert not FollowedField.objects.exists()


def test_a_model_without_labels_has_nothing_to_follow(
    client: Client, admin_user: User, make_model: Callable[..., Any]
) -> None:
    model = make_model(results_storage="")
    client.force_login(admin_user)
    assertNotContains(client.get(f"/models/{model.pk}/"), "Follow this field")
    assertContains(client.post(f"/models/{model.pk}/follow/"), "no labels", status_code=403)
