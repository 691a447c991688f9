"""Segments of a run are written to a field of the project's rows, by those who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from headwater.learning.errors import AlreadyRunning, FitError
from headwater.learning.request import open_fit
from headwater.learning.reset import reset_inference
from headwater.segmentation.fit_rows import members_of
from headwater.segmentation.write_to_field import targets_for, write_to_field
from tests.segmentation.rows import SPICES, make_analysis, make_dataset, person
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
GROUP, SEGMENT = "dmf:testapp.Person.group", "dmf:testapp.Person.segment"


@pytest.fixture
def model(make_people: Make, make_model: Make) -> Any:
    make_people(60)
    return make_model(results_storage="")


def test_labels_are_written_by_key_and_the_model_writes_there_from_now_on(model: Any) -> None:
    fit = model.perform_inference()
    later = Person.objects.create(x=0.0, y=0.0, group="Z")
    written = write_to_field(fit, GROUP)
    assert (written.updated, written.cleared) == (60, 1)
    for one in Person.objects.exclude(pk=later.pk):
        assert one.group == ("B" if one.x > 5 else "A")
    later.refresh_from_db()
    assert later.group is None
    model.refresh_from_db()
    assert model.results_storage == GROUP
    fit.refresh_from_db()
    assert fit.written == {"updated": 60, "unchanged": 0, "missing": 0, "cleared": 1}
    assert model.assign_pending().assigned == 1  # the new row gets its label
    again = write_to_field(fit, GROUP)
    assert (again.updated, again.cleared) == (0, 0)
    assert model.perform_inference(recalculate=True).written["updated"] == 0
    assert reset_inference(model) == 61


def test_another_field_takes_over_and_the_one_before_is_emptied(model: Any) -> None:
    fit = model.perform_inference()
    write_to_field(fit, GROUP)
    write_to_field(fit, SEGMENT)
    assert set(Person.objects.values_list("group", flat=True)) == {None}
    assert set(Person.objects.values_list("segment", flat=True)) == {"A", "B"}


def test_rows_outside_of_every_segment_get_nothing(make_people: Make, make_model: Make) -> None:
    make_people(60)
    fit = make_model(
        technique="dbscan", parameters={"eps": 0.15}, results_storage=""
    ).perform_inference()
    grouping = members_of(fit).grouping
    outside = set(grouping.ids[grouping.labels < 0].tolist())
    assert outside
    write_to_field(fit, GROUP)
    assert set(Person.objects.filter(group=None).values_list("pk", flat=True)) == outside
    write_to_field(fit, SEGMENT)
    assert set(Person.objects.filter(segment="").values_list("pk", flat=True)) == outside


def test_what_would_be_lost_or_does_not_fit_is_refused(model: Any, make_model: Make) -> None:
    fit = model.perform_inference()
    Person.objects.filter(pk=members_of(fit).grouping.ids[0]).update(segment="vip")
    before = list(Person.objects.order_by("pk").values_list("group", "segment", "letter"))
    make_model(name="Other", results_storage="dmf:testapp.Person.letter")
    for target, sentence in (
        (SEGMENT, "holds values that are no labels"),
        ("dmf:testapp.Person.email", "is no place for labels"),
        ("dmf:testapp.Device.group", "belongs to another model"),
        ("dmf:testapp.Person.letter", "takes the labels of the statistical model “Other” already"),
        ("group", "is no target field"),
    ):
        with pytest.raises(FitError, match=sentence):
            write_to_field(fit, target)
    assert list(Person.objects.order_by("pk").values_list("group", "segment", "letter")) == before
    model.refresh_from_db()
    assert model.results_storage == ""


def test_only_the_run_that_serves_is_written_and_not_while_another_runs(model: Any) -> None:
    first = model.perform_inference()
    second = model.perform_inference(recalculate=True)
    with pytest.raises(FitError, match="is not the run that serves"):
        write_to_field(first, GROUP)
    open_fit(model)
    with pytest.raises(AlreadyRunning):
        write_to_field(second, GROUP)
    assert not Person.objects.exclude(group=None).exists()


def test_it_takes_the_right_to_change_the_model_and_the_rows(model: Any) -> None:
    fit = model.perform_inference()
    ada = person()
    with pytest.raises(PermissionDenied) as refused:
        write_to_field(fit, GROUP, ada)
    assert "“headwater_learning.change_statisticalmodel” and “testapp.change_person”" in str(
        refused.value
    )
    assert targets_for(fit, ada) == []
    model.owner = ada
    model.save()
    fit.refresh_from_db()
    with pytest.raises(PermissionDenied, match=r"needs the permission “testapp\.change_person”"):
        write_to_field(fit, GROUP, ada)
    ada.user_permissions.add(Permission.objects.get(codename="change_person"))
    ada = type(ada)._default_manager.get(pk=ada.pk)
    assert GROUP in [target.storage for target in targets_for(fit, ada)]
    assert write_to_field(fit, GROUP, ada).updated == 60


def test_rows_of_a_dataset_have_no_field() -> None:
    fit = make_analysis(make_dataset(SPICES), n_clusters=2).perform_inference()
    assert targets_for(fit) == []
    with pytest.raises(FitError, match="no field to write labels to"):
        write_to_field(fit, GROUP)
