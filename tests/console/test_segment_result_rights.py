"""Who may see a run, and how much of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.learning.models import Fit
from headwater.segmentation.models import SegmentList, SegmentName, Study
from headwater.segmentation.segment_lists import save_list
from tests.console.segment_runs import run_sample

GET = (
    ("segmentation", ()),
    ("segmentation-cut", ()),
    ("segmentation-picture", ()),
    ("segmentation-points", ()),
    ("segmentation-rows", ("csv",)),
    ("segmentation-rows", ("parquet",)),
    ("segmentation-summary", ("json",)),
    ("segment-json", ("A",)),
    ("segmentation-stability", ()),
    ("segmentation-assign", ()),
    ("segmentation-wording", ()),
)
POST = (
    ("segmentation-keep", ()),
    ("segmentation-stability", ()),
    ("segmentation-assign", ()),
    ("segmentation-write", ()),
    ("segmentation-list", ()),
    ("segmentation-wording", ()),
    ("segment-rename", ("A",)),
)


def test_somebody_elses_run_is_not_found(
    client: Client, analyst: User, make_user: Callable[..., User]
) -> None:
    owner = make_user("owner", "add_dataset")
    fit = run_sample("delivery", owner)
    kept = save_list(fit, "A", "Mine", owner)
    client.force_login(analyst)  # a superuser, who may not see it either
    before = [model.objects.count() for model in (Fit, SegmentName, SegmentList, Study)]

    for name, more in GET:
        response = client.get(reverse(f"headwater:{name}", args=[fit.pk, *more]))
        assert response.status_code == 404, name
        assert b"Regular Eve" not in response.content
    for name, more in POST:
        response = client.post(
            reverse(f"headwater:{name}", args=[fit.pk, *more]), {"n": "2", "name": "x"}
        )
        assert response.status_code == 404, name
    for name, args in (("segment-list", [kept.pk]), ("segment-list-file", [kept.pk, "csv"])):
        assert client.get(reverse(f"headwater:{name}", args=args)).status_code == 404
    assert client.post(reverse("headwater:segment-list", args=[kept.pk])).status_code == 404
    compared = reverse("headwater:segment-compare") + f"?a={fit.pk}"
    assert client.get(compared).status_code == 404
    assert [model.objects.count() for model in (Fit, SegmentName, SegmentList, Study)] == before


def test_signed_out_people_are_asked_to_sign_in(client: Client, analyst: User) -> None:
    fit = run_sample("spices", analyst)

    for name, more in GET:
        address = reverse(f"headwater:{name}", args=[fit.pk, *more])
        response = client.get(address)
        assert response.status_code == 302, name
        assert "/sign-in/" in response["Location"]


@pytest.fixture
def people(make_people: Callable[..., Any], make_model: Callable[..., Any]) -> Any:
    """Return a function that makes a run of people with an owner."""

    def make(owner: User | None) -> Fit:
        make_people(40)
        fit: Fit = make_model(owner=owner, results_storage="").perform_inference()
        return fit

    return make


def test_an_owner_without_the_rows_sees_groups_and_no_row(
    client: Client, make_user: Callable[..., User], people: Any
) -> None:
    owner = make_user("owner")
    fit = people(owner)
    client.force_login(owner)

    text = client.get(reverse("headwater:segmentation", args=[fit.pk])).content.decode()
    told = client.get(reverse("headwater:segment-json", args=[fit.pk, "A"])).json()

    assert "hw-segment-card hw-tone" in text
    assert 'id="chart-scatter"' not in text
    assert "Rows are hidden from you" in text
    assert "Person 0" not in text
    assert told["members"] == []
    assert all(one["lowest"] == one["highest"] == "" for one in told["characteristics"])
    assert told["typical"] == told["counter_example"] == ""
    for name, more in (("segmentation-rows", ("csv",)), ("segmentation-points", ())):
        address = reverse(f"headwater:{name}", args=[fit.pk, *more])
        assert client.get(address).status_code == 403
    saved = client.post(
        reverse("headwater:segmentation-list", args=[fit.pk]), {"letter": "A", "name": "x"}
    )
    assert saved.status_code == 403
    assert SegmentList.objects.count() == 0


def test_who_may_see_the_model_alone_sees_no_segment(
    client: Client, make_user: Callable[..., User], people: Any
) -> None:
    fit = people(None)
    client.force_login(make_user("guest", "view_statisticalmodel"))

    text = client.get(reverse("headwater:segmentation", args=[fit.pk])).content.decode()

    assert "Sizes and means of the groups are hidden from you" in text
    assert "hw-segment-card hw-tone" not in text
    assert "chart-sizes" not in text
    address = reverse("headwater:segment-json", args=[fit.pk, "A"])
    assert client.get(address).status_code == 403
    refused = client.post(reverse("headwater:segment-rename", args=[fit.pk, "A"]), {"name": "Mine"})
    assert refused.status_code == 403
    assert SegmentName.objects.count() == 0
