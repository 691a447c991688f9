"""What the page of a run says, and what can be done with the run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from headwater.console.charts.segments_dendrogram import cuts_of, nearest_cut
from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.models import SegmentList, SegmentName, Study, Wording
from tests.console.segment_runs import run_sample
from tests.testapp.models import Person


def _text(page: Client, fit: Fit, query: str = "", name: str = "segmentation") -> str:
    response = page.get(reverse(f"headwater:{name}", args=[fit.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def _option(text: str, key: str) -> dict[str, Any]:
    """Return the option of a chart on the page."""
    start = text.index(f'<script id="chart-{key}" type="application/json">')
    begin = text.index(">", start) + 1
    found: dict[str, Any] = json.loads(text[begin : text.index("</script>", begin)])
    return found


def test_a_run_shows_its_figures_segments_and_pictures(page: Client, analyst: User) -> None:
    fit = run_sample("spices", analyst)

    text = _text(page, fit)

    for told in ("Segments", "Silhouette", "Inertia", "Outside", "Vanilla", "Spices"):
        assert told in text
    assert text.count("hw-segment-card hw-tone") == 3
    for key in ("scatter", "sizes", "silhouette", "parallel"):
        assert f'id="chart-{key}"' in text
    assert "The segments differ most in" in text
    assert text.count("What sets it apart") == 3
    scatter = _option(text, "scatter")
    points = [p for s in scatter["series"] if s.get("whole") for p in s["data"]]
    assert sorted(point[2] for point in points) == sorted(
        ["Vanilla", "Cinnamon", "Cayenne", "Paprika", "Saffron", "Truffle salt", "Brown sugar",
         "White sugar"]
    )  # fmt: skip


def test_rows_outside_are_crosses_and_are_named(page: Client, analyst: User) -> None:
    fit = run_sample("dishes", analyst)

    text = _text(page, fit)

    assert "3 rows outside of every segment" in text
    for name in ("Overcooked special", "Burnt experiment", "Mystery dish"):
        assert name in text
    outside = next(
        one for one in _option(text, "scatter")["series"] if one["name"].startswith("Outside")
    )
    assert {point[2] for point in outside["data"]} == {
        "Overcooked special", "Burnt experiment", "Mystery dish",
    }  # fmt: skip
    assert _option(text, "sizes")["series"][0]["data"][-1]["value"] == 3


def test_the_tree_is_cut_to_look_and_only_kept_when_asked(page: Client, analyst: User) -> None:
    fit = run_sample("delivery", analyst)
    assert "This run has these 4 segments" in _text(page, fit)

    text = _text(page, fit, "?n=2")

    assert text.count("hw-segment-card hw-tone") == 2
    assert "Keep these 2 segments" in text
    assert len(_option(text, "sizes")["yAxis"]["data"]) == 2
    assert Fit.objects.count() == 1
    fragment = page.get(reverse("headwater:segmentation-cut", args=[fit.pk]) + "?n=2")
    assert fragment["HX-Replace-Url"].endswith(f"/segments/{fit.pk}/?n=2")
    assert "<html" not in fragment.content.decode()

    page.post(reverse("headwater:segmentation-keep", args=[fit.pk]), {"n": "2"})

    kept = StatisticalModel.objects.get(pk=fit.model_id).current_fit
    assert kept is not None
    assert kept.pk != fit.pk
    assert kept.n_groups == 2
    fit.refresh_from_db()
    assert fit.n_groups == 4


@pytest.mark.parametrize("wanted", ["0", "11", "x", "4.5", "99999999"])
def test_a_cut_that_cannot_be_says_why_and_shows_the_run(
    page: Client, analyst: User, wanted: str
) -> None:
    fit = run_sample("delivery", analyst)

    text = _text(page, fit, f"?n={wanted}")

    assert 'role="alert"' in text
    assert text.count("hw-segment-card hw-tone") == 4
    page.post(reverse("headwater:segmentation-keep", args=[fit.pk]), {"n": wanted})
    assert Fit.objects.count() == 1


def test_cuts_leave_out_numbers_that_no_line_leaves() -> None:
    leaves = [{"height": 0.0}] * 4
    tree = {"leaves": leaves, "merges": [[0, 1, 1.0, 2, 0], [2, 3, 1.0, 2, 0], [4, 5, 3.0, 4, 0]]}

    cuts = cuts_of(tree)

    assert [(cut.n, cut.low, cut.high) for cut in cuts] == [
        (1, 3.0, None),
        (2, 1.0, 3.0),
        (4, 0.0, 1.0),
    ]
    assert nearest_cut(cuts, 3).n == 2


def test_a_decomposition_shows_components_loadings_and_coordinates(
    page: Client, analyst: User
) -> None:
    fit = run_sample("flavours", analyst)

    text = _text(page, fit)

    assert "2 components show 82% of the differences between rows" in text
    for told in ("Biplot", "Loadings", "Coordinates", "umami", "Chocolate cake"):
        assert told in text
    option = _option(text, "scree")
    assert len(option["series"][0]["data"]) == 9
    total = sum(one["value"] for one in option["series"][0]["data"])
    assert total == pytest.approx(100, abs=0.1)
    assert "hw-segment-card" not in text


def test_axes_are_columns_or_say_why_not(page: Client, analyst: User) -> None:
    fit = run_sample("spices", analyst)

    text = _text(page, fit, "?x=sweetness&y=price_per_gram", "segmentation-picture")
    wrong = _text(page, fit, "?x=sweetness&y=sweetness", "segmentation-picture")

    scatter = _option(text, "scatter")
    places = {p[2]: p[:2] for s in scatter["series"] if s.get("whole") for p in s["data"]}
    assert places["Saffron"] == [2.0, 25.0]
    assert places["Paprika"] == [0.0, 6.0]
    assert "Choose two different columns" in wrong


def test_a_segment_as_json(page: Client, analyst: User) -> None:
    fit = run_sample("spices", analyst)
    address = reverse("headwater:segment-json", args=[fit.pk, "A"])

    told = page.get(address).json()

    group = next(g for g in fit.summary["groups"] if g["letter"] == "A")
    assert told["size"] == group["size"]
    assert told["name"]
    for one in told["characteristics"]:
        assert one["mean"] == pytest.approx(group["columns"][one["column"]]["mean"])
        assert one["lowest"]
    assert len(told["members"]) == group["size"]
    assert page.get(reverse("headwater:segment-json", args=[fit.pk, "Q"])).status_code == 404


def test_a_segment_is_named_over_all_runs(page: Client, analyst: User) -> None:
    fit = run_sample("spices", analyst)
    address = reverse("headwater:segment-rename", args=[fit.pk, "A"])

    page.post(address, {"name": "For <puddings>", "note": "Ask the baker."})

    assert "For &lt;puddings&gt;" in _text(page, fit)
    assert "Ask the baker." in _text(page, fit)
    page.post(reverse("headwater:segment-rename", args=[fit.pk, "B"]), {"name": "For <puddings>"})
    assert SegmentName.objects.count() == 1  # two segments have no name in common
    page.post(address, {"name": "", "note": ""})
    assert SegmentName.objects.count() == 0


def test_exports_hold_the_rows_and_the_segments(page: Client, analyst: User) -> None:
    fit = run_sample("spices", analyst)

    def get(name: str, kind: str) -> bytes:
        response: Any = page.get(reverse(f"headwater:segmentation-{name}", args=[fit.pk, kind]))
        assert response.status_code == 200
        assert "attachment" in response["Content-Disposition"]
        return b"".join(response.streaming_content)

    rows = list(csv.DictReader(io.StringIO(get("rows", "csv").decode("utf-8-sig"))))
    sizes = {g["letter"]: g["size"] for g in fit.summary["groups"]}
    assert {s: sum(r["segment"] == s for r in rows) for s in sizes} == sizes
    assert get("rows", "xlsx").startswith(b"PK")
    assert get("rows", "parquet").startswith(b"PAR1")
    assert len(json.loads(get("summary", "json"))["segments"]) == 3
    wrong = page.get(reverse("headwater:segmentation-rows", args=[fit.pk, "exe"]))
    assert wrong.status_code == 404


def test_new_rows_are_assigned_by_form_and_by_file(page: Client, analyst: User) -> None:
    fit = run_sample("spices", analyst)
    address = reverse("headwater:segmentation-assign", args=[fit.pk])
    kept = {
        name: letter
        for letter, name in (
            (fit.summary["scatter"]["letters"][group], fit.summary["names"][str(key)])
            for _, _, group, key in fit.summary["scatter"]["points"]
        )
    }
    vanilla = {"column-0": "8", "column-1": "1", "column-2": "6", "column-3": "12"}

    text = page.post(address, {"from": "form", **vanilla}).content.decode()

    assert f"1 new row: 1 to {kept['Vanilla']}" in text
    wrong = page.post(address, {"from": "form", **vanilla, "column-0": "sweet"})
    assert wrong.status_code == 422
    assert escape("“sweetness” was “sweet”; it takes a number.") in wrong.content.decode()

    file = io.BytesIO(
        b"spice,sweetness,spiciness,aroma_intensity,price_per_gram\nNew vanilla,8,1,6,12\n"
        b"Chili,1,9,7,8\n"
    )
    file.name = "new.csv"
    response = page.post(address, {"from": "file", "file": file, "as": "csv"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["segment"] for row in rows] == [kept["Vanilla"], kept["Cayenne"]]
    from headwater.sources.models import Upload

    assert Upload.objects.count() == 0
    assert page.post(address, {"from": "file"}).status_code == 422


def test_a_segment_is_kept_as_a_list(page: Client, analyst: User) -> None:
    fit = run_sample("dishes", analyst)
    group = Group.objects.create(name="Kitchen")
    analyst.groups.add(group)
    asked = {"letter": "", "name": "Look at these", "groups": [group.pk]}

    response = page.post(reverse("headwater:segmentation-list", args=[fit.pk]), asked, follow=True)

    text = response.content.decode()
    assert "Burnt experiment" in text
    assert "Shared with Kitchen" in text
    kept = SegmentList.objects.get()
    assert kept.n_rows == 3
    file = page.get(reverse("headwater:segment-list-file", args=[kept.pk, "csv"]))
    assert b"Mystery dish" in file.content
    assert "Look at these" in page.get(reverse("headwater:segment-lists")).content.decode()
    page.post(reverse("headwater:segment-list", args=[kept.pk]))
    assert SegmentList.objects.count() == 0


def test_two_runs_are_compared(page: Client, analyst: User) -> None:
    a = run_sample("customers", analyst, size=120)
    b = run_sample(
        "customers", analyst, size=120, technique="hierarchical", parameters={"n_clusters": 3}
    )
    address = reverse("headwater:segment-compare")

    text = page.get(f"{address}?a={a.pk}&b={b.pk}").content.decode()

    assert "adjusted Rand index" in text
    assert "120 rows are in both runs." in text
    assert "Hierarchical" in text
    alone = page.get(f"{address}?before={a.pk}").content.decode()
    assert f"run {b.pk}" in alone
    assert page.get(f"{address}?a=999").status_code == 404
    assert page.get(address).status_code == 404
    assert "Known labels" in _text(page, a)


def test_stability_is_studied_and_told(
    page: Client, analyst: User, django_capture_on_commit_callbacks: Any
) -> None:
    fit = run_sample("spices", analyst)
    address = reverse("headwater:segmentation-stability", args=[fit.pk])
    with django_capture_on_commit_callbacks(execute=True):
        page.post(address)

    assert Study.objects.get().status == "succeeded", Study.objects.get().error
    text = page.get(address).content.decode()
    assert text.count("similarity") == 3
    assert "Try it" not in text


def test_the_wording_is_changed_for_all_analyses_of_the_rows(page: Client, analyst: User) -> None:
    fit = run_sample("dishes", analyst)
    address = reverse("headwater:segmentation-wording", args=[fit.pk])
    from headwater.segmentation.insight import insights_of

    rule = next(iter(insights_of(fit).values())).rule
    texts = {"insight": "$members need a look.", "recommendation": "Taste.", "message": ""}

    page.post(address, {"rule": rule, **texts})

    assert "6 rows need a look." in _text(page, fit) or "3 rows need a look." in _text(page, fit)
    refused = page.post(address, {"rule": rule, **texts, "insight": "$secret"})
    assert refused.status_code == 422
    assert "$secret" in refused.content.decode()
    page.post(address, {"rule": rule, "reset": "1"})
    assert not Wording.objects.exists()


def test_segments_of_a_model_are_written_to_a_field(
    page: Client, make_people: Callable[..., Any], make_model: Callable[..., Any], analyst: User
) -> None:
    make_people(60)
    model = make_model(results_storage="", owner=analyst)
    fit = model.perform_inference()
    text = _text(page, fit)
    assert "dmf:testapp.Person.group" in text

    page.post(
        reverse("headwater:segmentation-write", args=[fit.pk]),
        {"target": "dmf:testapp.Person.group"},
    )

    sizes = {g["letter"]: g["size"] for g in fit.summary["groups"]}
    for letter, size in sizes.items():
        assert Person.objects.filter(group=letter).count() == size
    refused = page.post(
        reverse("headwater:segmentation-write", args=[fit.pk]), {"target": "dmf:auth.User.email"}
    )
    assert refused.status_code == 403


def test_a_run_without_a_result_says_so(
    page: Client, analyst: User, make_fit: Callable[..., Fit]
) -> None:
    model = run_sample("spices", analyst).model
    failed = make_fit(model, status="failed", error="The column “x” holds no value.")

    text = _text(page, failed)

    assert "This run failed." in text
    assert "The column “x” holds no value." in text
    for name in ("segmentation-cut", "segmentation-assign", "segmentation-points"):
        assert page.get(reverse(f"headwater:{name}", args=[failed.pk])).status_code == 404


def test_a_run_of_many_rows_is_shown_from_what_is_kept(
    page: Client, analyst: User, django_assert_max_num_queries: Any
) -> None:
    fit = run_sample("customers", analyst, size=400)
    Fit.objects.filter(pk=fit.pk).update(n_rows=1_000_000, artifact=None)
    fit.model.source.dataset.current.file.delete(save=False)  # type: ignore[union-attr]

    with django_assert_max_num_queries(45):
        text = _text(page, fit)

    assert "1,000,000" in text
    assert "400 rows drawn at random" in text
