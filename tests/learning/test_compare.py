"""Two fits side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from headwater.learning.compare import compare_fits
from headwater.learning.models import Membership
from tests.testapp.models import Device, Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def test_groups_and_moves(make_people: Make, make_model: Make) -> None:
    people = make_people(60)
    model = make_model()
    first = model.perform_inference()
    Person.objects.filter(pk__in=[p.pk for p in people if p.x < 5][:4]).update(x=10.0, y=10.0)
    Person.objects.bulk_create([Person(x=10.0, y=10.0) for _ in range(5)])
    people[-1].delete()
    second = model.perform_inference(recalculate=True)
    comparison = compare_fits(first, second)
    assert (comparison.moved, comparison.compared) == (4, 59)
    assert comparison.letters_before == comparison.letters_after == ("A", "B")
    assert comparison.matrix is not None
    assert sum(map(sum, comparison.matrix)) == 59
    assert comparison.matrix[0][1] == 4
    assert [change.letter for change in comparison.groups] == ["A", "B"]
    a = comparison.groups[0]
    assert a.before is not None
    assert a.after is not None
    assert a.before["size"] == 40
    assert second.summary["matching"] == {"moved": 4, "compared": 59}


def test_groups_that_come_and_go(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model()
    first = model.perform_inference()
    model.parameters = {"n_clusters": 3}
    model.save()
    second = model.perform_inference(recalculate=True)
    comparison = compare_fits(first, second)
    assert [change.letter for change in comparison.groups] == ["A", "B", "C"]
    assert comparison.groups[2].before is None
    back = compare_fits(second, first)
    assert back.groups[2].after is None


def test_labels_that_are_not_kept_any_more(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    fits = [model.perform_inference(recalculate=True) for _ in range(2)]
    Membership.objects.filter(fit=fits[0]).delete()
    comparison = compare_fits(*fits)
    assert (comparison.moved, comparison.compared, comparison.matrix) == (None, None, None)
    assert len(comparison.groups) == 2


def test_fits_of_different_models(make_people: Make, make_model: Make) -> None:
    make_people(30)
    one = make_model().perform_inference()
    two = make_model(name="b", results_storage="dmf:testapp.Person.segment").perform_inference()
    with pytest.raises(ValueError, match="fits of different statistical models"):
        compare_fits(one, two)


def test_keys_that_are_uuids(make_model: Make) -> None:
    Device.objects.bulk_create([Device(x=i % 2, y=i % 2 + i / 100) for i in range(20)])
    model = make_model(of={"model": Device}, results_storage="dmf:testapp.Device.group")
    fits = [model.perform_inference(recalculate=True) for _ in range(2)]
    assert fits[1].status == "succeeded", fits[1].error
    comparison = compare_fits(*fits)
    assert (comparison.moved, comparison.compared) == (0, 20)
    assert set(Device.objects.values_list("group", flat=True)) == {"A", "B"}
