"""Labels without a fit: in bulk, and on creation. Never wrong rows, never in a row's way."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from headwater.learning import assign, on_create, pending
from headwater.learning.errors import FitError, NotInferredError
from headwater.learning.models import StatisticalModel
from headwater.learning.on_create import label_row
from headwater.learning.pending import assign_pending
from tests.learning.test_count import at_once
from tests.testapp.models import Device, Member, Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def groups() -> dict[int, str | None]:
    return dict(Person.objects.values_list("pk", "group"))


# --- in bulk ---


@pytest.mark.parametrize("block_rows", [None, 7])
def test_rows_without_a_label_get_one_by_primary_key(
    make_people: Make, make_model: Make, block_rows: int | None
) -> None:
    make_people(60)
    model = make_model()
    model.perform_inference()
    before = groups()
    new = make_people(40, seed=2)
    # Labels that are there stay, also wrong ones: they were not asked about.
    first = min(before)
    Person.objects.filter(pk=first).update(group="Z")
    done = assign_pending(model, block_rows=block_rows)
    assert (done.read, done.assigned, done.unchanged, done.unfit) == (40, 40, 0, 0)
    assert (done.fit_id, done.superseded) == (model.current_fit_id, False)
    for person in Person.objects.filter(pk__in=[p.pk for p in new]):
        assert person.group == ("B" if person.x > 5 else "A")
    assert {pk: letter for pk, letter in groups().items() if pk in before} == {
        **before,
        first: "Z",
    }
    assert model.fits.count() == 1
    assert assign_pending(model).read == 0


def test_refresh_finds_rows_whose_values_have_changed(make_people: Make, make_model: Make) -> None:
    people = make_people(60)
    model = make_model()
    model.perform_inference()
    moved = [p.pk for p in people if p.x > 5][:3]
    Person.objects.filter(pk__in=moved).update(x=0.0, y=0.0)
    assert assign_pending(model).read == 0
    done = assign_pending(model, refresh=True, block_rows=25)
    assert (done.read, done.assigned, done.unchanged) == (60, 3, 57)
    assert set(Person.objects.filter(pk__in=moved).values_list("group", flat=True)) == {"A"}
    assert assign_pending(model, refresh=True).assigned == 0


def test_bulk_gives_what_one_by_one_gives(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model(technique="variational_mixture", parameters={"n_components": 5})
    model.perform_inference()
    rng = np.random.default_rng(5)
    Person.objects.bulk_create(
        Person(x=float(x), y=float(y)) for x, y in rng.uniform(-5, 15, size=(200, 2))
    )
    assert assign_pending(model).assigned == 200
    people = list(Person.objects.all())
    assert [person.group for person in people] == model.predict(people)


def test_many_rows_take_few_statements(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model()
    model.perform_inference()
    make_people(500, seed=2)
    with CaptureQueriesContext(connection) as some:
        assign_pending(model)
    make_people(2000, seed=3)
    with CaptureQueriesContext(connection) as many:
        assert assign_pending(model).assigned == 2000
    assert len(many) == len(some)


def test_rows_outside_the_filter_are_left_alone(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model(of={"filter": {"is_active": True}})
    model.perform_inference()
    outside = [person.pk for person in make_people(10, seed=2, is_active=False)]
    labelled = outside[:5]
    Person.objects.filter(pk__in=labelled).update(group="Q")
    for refresh in (False, True):
        done = assign_pending(model, refresh=refresh)
        assert done.assigned == 0
    assert set(Person.objects.filter(pk__in=labelled).values_list("group", flat=True)) == {"Q"}
    assert not Person.objects.filter(pk__in=outside[5:]).exclude(group=None).exists()


def test_values_that_do_not_fit_are_counted_and_left(make_people: Make, make_model: Make) -> None:
    make_people(30, height=1.7)
    Person.objects.filter(x__gt=5).update(height=1.9)
    model = make_model(of={"columns": ("x", "height")}, encoding={"missing": "refuse"})
    assert model.perform_inference().status == "succeeded"
    without_height = make_people(3, seed=2)
    infinite = make_people(1, seed=4, height=float("inf"))
    good = make_people(5, seed=3, height=1.7)
    done = assign_pending(model)
    assert (done.read, done.assigned, done.unfit) == (9, 5, 4)
    unlabelled = Person.objects.filter(group=None).values_list("pk", flat=True)
    assert set(unlabelled) == {p.pk for p in without_height + infinite}
    assert Person.objects.filter(pk__in=[p.pk for p in good], group="A").count() <= 5


def test_keys_that_are_no_numbers(make_model: Make, make_source: Make) -> None:
    rng = np.random.default_rng(1)
    for i in range(40):
        x, y = rng.normal(10.0 * (i % 2), 1.0, size=2)
        Device.objects.create(x=float(x), y=float(y))
    model = make_model(source=make_source(Device), results_storage="dmf:testapp.Device.group")
    model.perform_inference()
    before = dict(Device.objects.values_list("pk", "group"))
    Device.objects.update(group=None)
    assert assign_pending(model, block_rows=9).assigned == 40
    assert dict(Device.objects.values_list("pk", "group")) == before


def test_nothing_is_written_once_a_newer_fit_serves(
    make_people: Make, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people(60)
    model = make_model()
    first = model.perform_inference()
    make_people(40, seed=2)
    whole, blocks = pending._fitting, []

    def fit_during_the_second_block(*given: Any) -> Any:
        found = whole(*given)
        blocks.append(len(found[0]))
        if len(blocks) == 2:
            other = StatisticalModel.objects.get(pk=model.pk)
            other.parameters = {"n_clusters": 4}
            other.save()
            other.perform_inference(recalculate=True)
        return found

    monkeypatch.setattr(pending, "_fitting", fit_during_the_second_block)
    done = assign_pending(model, block_rows=10)
    assert (done.assigned, done.superseded, done.fit_id) == (10, True, first.pk)
    newer = StatisticalModel.objects.get(pk=model.pk)
    people = list(Person.objects.all())
    assert [person.group for person in people] == newer.predict(people)


def test_what_cannot_be_assigned_says_why(make_people: Make, make_model: Make) -> None:
    make_people(12)
    model = make_model()
    with pytest.raises(NotInferredError, match="“People” has no inference yet, so there are no"):
        assign_pending(model)
    silent = make_model(name="Silent", results_storage="")
    silent.perform_inference()
    with pytest.raises(FitError, match="“Silent” that serves now wrote no labels"):
        assign_pending(silent)


def test_the_command(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    make_model(name="Never", results_storage="dmf:testapp.Person.segment")
    model.perform_inference()
    make_people(10, seed=2)
    out = io.StringIO()
    call_command("assign_pending", stdout=out)
    assert out.getvalue() == (
        f"“People”: 10 of 10 rows got a label of fit {model.current_fit_id}.\n"
    )
    Person.objects.filter(group="B").update(x=0, y=0)
    call_command("assign_pending", "People", "--refresh", stdout=out)
    assert "of 40 rows got a label" in out.getvalue()
    assert not Person.objects.filter(group="B").exists()
    with pytest.raises(CommandError, match="no statistical model “Peple”"):
        call_command("assign_pending", "Peple")
    with pytest.raises(CommandError, match=r"Not assigned: Never\."):
        call_command("assign_pending", "Never", stdout=out)
    assert "“Never” has no inference yet" in out.getvalue()


# --- on creation ---


@pytest.fixture
def make_members() -> Callable[..., StatisticalModel]:
    """Return a function that makes members in two groups and fits them."""

    def make(make_model: Make, make_source: Make, **values: Any) -> StatisticalModel:
        rng = np.random.default_rng(1)
        for i in range(30):
            x, y = rng.normal(0.0 if i % 3 else 10.0, 1.0, size=2)
            Member.objects.create(x=float(x), y=float(y))
        model: StatisticalModel = make_model(
            name="Members",
            source=make_source(Member, **values.pop("of", {})),
            results_storage="dmf:testapp.Member.group",
            **values,
        )
        assert model.perform_inference().status == "succeeded"
        return model

    return make


def test_before_the_first_fit_a_row_is_saved_without_a_label(
    caplog: pytest.LogCaptureFixture, make_model: Make, make_source: Make
) -> None:
    assert Member.objects.create(x=1.0).group is None
    assert "There is no statistical model “Members”" in caplog.text
    make_model(name="Members", source=make_source(Member), results_storage="")
    with caplog.at_level(logging.INFO, logger="headwater.learning"):
        assert Member.objects.create(x=1.0).group is None
    assert "“Members” has written no labels yet; a new row has none." in caplog.text


def test_a_new_row_has_its_label_in_the_same_insert(
    make_members: Make, make_model: Make, make_source: Make
) -> None:
    make_members(make_model, make_source)
    for row, letter in [(Member(x=10.0, y=10.0), "B"), (Member(x=0.0, y=0.3), "A")]:
        with CaptureQueriesContext(connection) as queries:
            row.save()
        assert row.group == letter
        assert Member.objects.get(pk=row.pk).group == letter
        assert not [q for q in queries if q["sql"].startswith("UPDATE")]


def test_a_label_that_is_there_stays(
    make_members: Make, make_model: Make, make_source: Make
) -> None:
    make_members(make_model, make_source)
    given = Member.objects.create(x=10.0, y=10.0, group="X")
    assert Member.objects.get(pk=given.pk).group == "X"
    given.x = 0.0
    given.save()  # a row that is changed is not a new one
    assert Member.objects.get(pk=given.pk).group == "X"


def test_a_row_outside_the_filter_has_no_label(
    make_members: Make, make_model: Make, make_source: Make
) -> None:
    make_members(make_model, make_source, of={"filter": {"is_active": True}})
    outside = Member.objects.create(x=10.0, y=10.0, is_active=False)
    inside = Member.objects.create(x=10.0, y=10.0)
    assert (outside.group, inside.group) == (None, "B")
    assert Member.objects.get(pk=outside.pk).group is None
    assert Member.objects.get(pk=inside.pk).group == "B"


def test_a_value_that_does_not_fit_never_stops_a_save(
    make_members: Make,
    make_model: Make,
    make_source: Make,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_members(make_model, make_source, encoding={"missing": "refuse"})
    row = Member.objects.create(x=None)
    assert Member.objects.get(pk=row.pk).group is None
    assert "“Members” gives a new row no label." in caplog.text
    assert "“x” is missing, and missing values are refused" in caplog.text


def test_an_error_of_the_database_does_not_spoil_the_transaction(
    make_members: Make, make_model: Make, make_source: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_members(make_model, make_source)

    def broken(*given: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    monkeypatch.setattr(assign, "_current", broken)
    with transaction.atomic():
        row = Member.objects.create(x=1.0)
        assert Member.objects.get(pk=row.pk).group is None
        assert label_row("Members", row) is None
        assert Member.objects.get(pk=row.pk).group is None


def test_a_model_of_other_rows_is_told(
    make_people: Make, make_model: Make, caplog: pytest.LogCaptureFixture
) -> None:
    make_people(12)
    make_model(name="Members").perform_inference()
    assert Member.objects.create(x=1.0).group is None
    assert "“Members” labels rows of testapp.Person; a row of testapp.Member" in caplog.text


def test_one_row_that_was_saved_before(
    make_people: Make, make_model: Make, django_assert_num_queries: Any
) -> None:
    make_people(30)
    model = make_model()
    model.perform_inference()
    person = Person.objects.create(x=10.0, y=10.0)
    assert model.assign(person) == "B"  # loads the parameters
    savepoint = 2
    with django_assert_num_queries(2 + savepoint):
        assert label_row("People", person) == "B"
    assert person.group == "B"
    person.refresh_from_db()
    assert person.group == "B"
    assert label_row("Nobody", person) is None
    assert on_create.label_row("People", Member(x=1.0)) is None


@pytest.mark.django_db(transaction=True)
def test_beside_fits_and_counting_nothing_is_torn(make_people: Make, make_model: Make) -> None:
    make_people(300)
    model = make_model()
    model.perform_inference()
    turns = iter(range(3))

    def work() -> None:
        turn, own = next(turns), StatisticalModel.objects.get(pk=model.pk)
        for k in range(6):
            if turn == 0:
                own.parameters = {"n_clusters": 2 + k % 3}
                own.save()
                assert own.perform_inference(recalculate=True).status == "succeeded"
            elif turn == 1:
                assign_pending(own, refresh=True, block_rows=40)
            else:
                own.increment_counter(1)

    assert at_once(3, work) == []
    assign.forget()
    newest = StatisticalModel.objects.get(pk=model.pk)
    people = list(Person.objects.all())
    assert [person.group for person in people] == newest.predict(people)
