"""Lists of a segment: who was in it, where they are now, and whose list it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from headwater.learning.errors import FitError
from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.fit_rows import members_of
from headwater.segmentation.models import SegmentList
from headwater.segmentation.segment_lists import (
    delete_list,
    ids_of,
    list_frame,
    rows_of,
    save_list,
    share_list,
)
from headwater.sources.files.write import write_csv
from tests.segmentation.rows import add_rows, blobs, make_analysis, make_dataset, person
from tests.testapp.models import Device, Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def _values(sizes: list[int], **options: Any) -> dict[str, list[Any]]:
    values = blobs(sizes, **options)
    return {**values, "name": [f"=Customer {key}" for key in values["customer"]]}


@pytest.fixture
def model() -> StatisticalModel:
    return make_analysis(make_dataset(_values([60, 40, 30])), n_clusters=3)


def test_a_list_has_the_rows_of_its_segment(model: StatisticalModel) -> None:
    fit = model.perform_inference()
    kept = save_list(fit, "B", " To call ", person())
    assert (kept.name, kept.letter, kept.n_rows, kept.model, kept.owner) == (
        "To call",
        "B",
        40,
        model,
        person(),
    )
    assert ids_of(kept).tolist() == list(range(61, 101))
    page = rows_of(kept, 1, size=15)
    assert (page.number, page.n_pages, page.n_rows, page.n_still_in) == (1, 3, 40, 40)
    assert page.rows[0].id == 61
    assert page.rows[0].name == "=Customer 61"
    assert {(row.letter_now, row.is_still_in) for row in page.rows} == {("B", True)}
    last = rows_of(kept, 99, size=15)
    assert (last.number, len(last.rows)) == (3, 10)


def test_a_list_stays_and_tells_where_its_rows_are_now(model: StatisticalModel) -> None:
    kept = save_list(model.perform_inference(), "B", "To call", person())
    dataset = model.source.dataset
    values = _values([60, 40, 30])
    values["spent"][60], values["visits"][60] = 0.0, 0.0  # 61 is like A now
    fewer = {name: [*column[:61], *column[62:]] for name, column in values.items()}  # 62 is gone
    add_rows(dataset, fewer)
    model.refresh_from_db()
    assert model.perform_inference(recalculate=True).status == "succeeded"
    page = rows_of(kept)
    assert (page.n_rows, page.n_still_in) == (40, 38)
    assert [(row.id, row.letter_now, row.is_still_in) for row in page.rows[:3]] == [
        (61, "A", False),
        (62, None, False),
        (63, "B", True),
    ]
    assert page.rows[1].name == "=Customer 62"  # as it was called in the version of the list
    told = write_csv(list_frame(kept)).decode().splitlines()
    assert told[0] == "id,name,segment,segment now,still in it"
    assert told[1:4] == [
        "61,'=Customer 61,B,A,false",
        "62,'=Customer 62,B,,false",
        "63,'=Customer 63,B,B,true",
    ]


def test_rows_outside_of_every_segment_make_a_list_too() -> None:
    dataset = make_dataset(_values([60, 40, 30]))
    fit = make_analysis(dataset, "dbscan", eps=0.3).perform_inference()
    labels = members_of(fit).grouping.labels
    kept = save_list(fit, "", "Odd ones", person())
    assert kept.n_rows == int((labels < 0).sum()) > 0
    page = rows_of(kept)
    assert page.n_still_in == kept.n_rows
    assert page.rows[0].letter_now == ""
    assert list_frame(kept)["segment"].to_list() == [None] * kept.n_rows


def test_objects_of_a_django_model(make_people: Make, make_model: Make) -> None:
    make_people(60)
    fit = make_model().perform_inference()
    kept = save_list(fit, "B", "Far", person())
    found = kept.queryset()
    assert found.model is Person
    assert {one.group for one in found} == {"B"}
    assert list(found.values_list("pk", flat=True)) == ids_of(kept).tolist()
    assert found.filter(x__lt=5).count() == 0
    found.first().delete()
    assert kept.queryset().count() == kept.n_rows - 1


def test_many_objects_and_keys_that_are_no_numbers(make_model: Make) -> None:
    Device.objects.bulk_create(Device(x=float(i % 2) * 9 + i / 1e6) for i in range(3000))
    fit = make_model(
        of={"model": Device, "columns": ("x",)}, results_storage="dmf:testapp.Device.group"
    ).perform_inference()
    kept = save_list(fit, "A", "Devices", person())
    assert set(kept.queryset()) == set(Device.objects.filter(group="A"))
    assert kept.n_rows == 1500


def test_what_is_no_list_is_refused(model: StatisticalModel) -> None:
    fit = model.perform_inference()
    with pytest.raises(FitError, match="has no segment Z; it has A, B, C"):
        save_list(fit, "Z", "To call", person())
    with pytest.raises(FitError, match="from 1 to 100 characters"):
        save_list(fit, "A", "  ", person())
    with pytest.raises(FitError, match="no row in the rows outside of every segment"):
        save_list(fit, "", "Odd ones", person())
    kept = save_list(fit, "A", "To call", person())
    with pytest.raises(FitError, match="there are no objects of them"):
        kept.queryset()


def test_a_list_belongs_to_who_made_it_and_is_shared_with_own_groups(
    model: StatisticalModel,
) -> None:
    ada, grace = person(), person("grace")
    team, strangers = Group.objects.create(name="Team"), Group.objects.create(name="Others")
    ada.groups.add(team)
    grace.groups.add(team)
    kept = save_list(model.perform_inference(), "A", "To call", ada, groups=[team])
    assert list(SegmentList.objects.visible_to(grace)) == []  # the dataset is not shared
    model.source.dataset.shared_with.add(team)
    assert list(SegmentList.objects.visible_to(grace)) == [kept]
    with pytest.raises(PermissionDenied, match="none of “Others”"):
        share_list(kept, [strangers], ada)
    for forbidden in (lambda: delete_list(kept, grace), lambda: share_list(kept, [], grace)):
        with pytest.raises(PermissionDenied, match="“To call” is not yours"):
            forbidden()
    share_list(kept, [], ada)
    assert not kept.shared_with.exists()
    delete_list(kept, ada)
    assert not SegmentList.objects.exists()
    with pytest.raises(PermissionDenied):
        save_list(Fit.objects.get(), "A", "To call", ada, groups=[strangers])
    assert not SegmentList.objects.exists()
