"""Following the labels of a statistical model: a click, and a new fit is told from new rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from headwater.learning.models import StatisticalModel
from headwater.stockandflow import balance, count_stocks
from headwater.stockandflow.follow import follow_field
from headwater.stockandflow.models import Cause, FlowEvent, StockRecord
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
