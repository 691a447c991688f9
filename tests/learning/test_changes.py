"""Changes of rows count, once they are committed, and never get in the way of a save."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import serializers
from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save

from headwater.learning import changes
from headwater.learning.changes import Counting, count_changes
from headwater.learning.models import StatisticalModel
from tests.testapp.models import ActivePerson, City, Person, Profile

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Any]


@pytest.fixture
def count() -> Iterator[Callable[..., Counting]]:
    """Return ``count_changes``; what it connects is disconnected after the test."""
    made: list[Counting] = []

    def connect(*given: Any, **options: Any) -> Counting:
        made.append(count_changes(*given, **options))
        return made[-1]

    yield connect
    for one in made:
        one.disconnect()


def counter() -> int:
    return StatisticalModel.objects.values_list("counter", flat=True).get(name="People")


def receivers() -> int:
    return sum(len(signal.receivers) for signal in (post_save, post_delete))


def test_made_changed_and_deleted(make_model: Make, count: Make) -> None:
    make_model()
    count(Person, "People")
    person = Person.objects.create(x=1.0)
    assert counter() == 5
    person.x = 2.0
    person.save()
    assert counter() == 6
    person.delete()
    assert counter() == 7


def test_the_weights_are_as_said(make_model: Make, count: Make) -> None:
    count(Person, make_model(), created=1, changed=0, deleted=20)
    person = Person.objects.create(x=1.0)
    person.save()
    assert counter() == 1
    person.delete()
    assert counter() == 21


def test_a_sender_can_be_named_and_others_do_not_count(make_model: Make, count: Make) -> None:
    make_model()
    count("testapp.Person", "People")
    City.objects.create(name="Ulm")
    ActivePerson.objects.create(x=1.0)  # a proxy sends for itself
    assert counter() == 0
    Person.objects.create(x=1.0)
    assert counter() == 5


def test_what_is_rolled_back_never_was(make_model: Make, count: Make) -> None:
    make_model()
    count(Person, "People")
    with transaction.atomic():
        Person.objects.create(x=1.0)
        transaction.set_rollback(True)
    assert counter() == 0
    with transaction.atomic():
        Person.objects.create(x=1.0)
        assert counter() == 0
    assert counter() == 5


def test_only_fields_that_are_learned_from_count(make_model: Make, count: Make) -> None:
    make_model(of={"columns": ("x", "city__population"), "filter": {"is_active": True}})
    count(Person, "People")
    count(City, "People")
    person = Person.objects.create(x=1.0)
    assert counter() == 5
    person.save(update_fields=["name", "group", "y"])
    assert counter() == 5
    person.save(update_fields=["name", "x"])
    assert counter() == 6
    person.save(update_fields=["city"])  # leads to a column
    person.save(update_fields=["is_active"])  # decides which rows are read
    assert counter() == 8
    city = City.objects.create(name="Ulm")
    assert counter() == 13
    city.save(update_fields=["name"])
    assert counter() == 13
    city.save(update_fields=["population"])
    assert counter() == 14


def test_rows_that_are_not_read_count_as_they_are(make_model: Make, count: Make) -> None:
    make_model()
    count(Profile, "People", created=0)
    person = Person.objects.create(x=1.0)
    profile = Profile.objects.create(person=person)
    profile.save(update_fields=["visits"])  # such as an average is computed from
    assert counter() == 1


def test_named_columns_ask_nothing(
    make_model: Make, count: Make, django_assert_num_queries: Any
) -> None:
    make_model()
    count(Person, "People", columns=["name"])
    person = Person.objects.create(x=1.0)
    with django_assert_num_queries(1):
        person.save(update_fields=["x"])
    with django_assert_num_queries(1 + 2):
        person.save(update_fields=["name"])
    assert counter() == 6


def test_a_fixture_is_no_news(make_model: Make, count: Make) -> None:
    make_model()
    count(Person, "People")
    text = serializers.serialize("json", [Person(pk=77, name="Loaded")])
    for row in serializers.deserialize("json", text):
        row.save()
    assert Person.objects.filter(pk=77).exists()
    assert counter() == 0


def test_labels_that_a_fit_writes_do_not_count(
    make_people: Make, make_model: Make, count: Make
) -> None:
    make_people(30)
    model = make_model()
    count(Person, "People")
    assert model.perform_inference().written["updated"] == 30
    assert counter() == 0


def test_connecting_again_counts_once_by_the_newest_numbers(make_model: Make, count: Make) -> None:
    make_model()
    before = receivers()
    first = count(Person, "People")
    count(Person, "People", created=2)
    assert receivers() == before + 2
    Person.objects.create(x=1.0)
    assert counter() == 2
    first.disconnect()
    assert receivers() == before
    Person.objects.create(x=1.0)
    assert counter() == 2


def test_one_sender_counts_for_two_models(make_model: Make, count: Make) -> None:
    make_model()
    make_model(name="Others", results_storage="")
    count(Person, "People")
    count(Person, "Others", created=7)
    Person.objects.create(x=1.0)
    assert (counter(), StatisticalModel.objects.get(name="Others").counter) == (5, 7)


def test_a_save_never_fails(
    make_model: Make,
    count: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*given: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    count(Person, "Nobody")
    person = Person.objects.create(x=1.0)
    assert "There is no statistical model “Nobody”" in caplog.text
    monkeypatch.setattr(changes, "count_for", broken)
    with transaction.atomic():
        Person.objects.create(x=2.0)
    person.save()
    assert Person.objects.count() == 2
    assert "A change of testapp.Person could not be counted for “Nobody”." in caplog.text


def test_weights_that_are_no_counts_are_refused(make_model: Make) -> None:
    before = receivers()
    with pytest.raises(ValueError, match="A counter only goes up; it was asked to add -1"):
        count_changes(Person, "People", deleted=-1)
    assert receivers() == before


def test_enough_changes_queue_a_fit(make_people: Make, make_model: Make, count: Make) -> None:
    make_people(30)
    model = make_model(counter_threshold=10, threshold_actions=":recalculate")
    count(Person, "People")
    with transaction.atomic():
        Person.objects.create(x=1.0)
        Person.objects.create(x=2.0)
        assert not model.fits.exists()
    assert model.fits.get().reason == "threshold"
    assert model.fits.get().status == "succeeded"  # Immediate, in tests
    assert Person.objects.filter(group=None).count() == 0
