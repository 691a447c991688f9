"""What the pages say in each state of a model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from headwater.learning.models import WORKER_LOST, Fit, StatisticalModel
from tests.testapp.models import Person

MakeModel = Callable[..., StatisticalModel]
MakeFit = Callable[..., Fit]


def _text(page: Client, model: StatisticalModel, name: str = "model") -> str:
    return page.get(reverse(f"headwater:{name}", args=[model.pk])).content.decode()


def test_without_models_the_overview_says_the_next_step(page: Client) -> None:
    for name in ("overview", "models"):
        text = page.get(reverse(f"headwater:{name}")).content.decode()
        assert "No models yet" in text
        assert reverse("headwater:create") in text


def test_a_model_that_was_never_run(page: Client, make_model: MakeModel) -> None:
    model = make_model()

    text = _text(page, model)

    assert "Not run yet" in text
    assert "looks for groups in 2 columns" in text
    assert "It has not been run yet." in page.get("/").content.decode()


def test_a_result_is_shown_with_plain_words_first(page: Client, fitted: StatisticalModel) -> None:
    text = _text(page, fitted)

    assert "2 groups made" in text
    assert "40" in text
    assert "67%" in text
    assert "inertia" in text.lower()
    assert "Labels written" in text
    for key in ("scatter", "sizes", "trace"):
        assert f'id="chart-{key}"' in text
    assert text.count("Show as table") == text.count("How to read this") >= 3


def test_the_list_tells_state_groups_rows_and_time(page: Client, fitted: StatisticalModel) -> None:
    text = page.get(reverse("headwater:models")).content.decode()

    assert "Ready" in text
    assert "just now" in text
    assert f'datetime="{fitted.current_fit.finished_at.isoformat()}"' in text  # type: ignore[union-attr]


def test_lists_ask_the_database_as_often_for_one_model_as_for_many(
    page: Client,
    fitted: StatisticalModel,
    make_model: MakeModel,
    make_fit: MakeFit,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = reverse("headwater:models")
    page.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        page.get(address)
    for number in range(5):
        make_fit(make_model(name=f"More {number}", results_storage=""), status="failed", error="x")
    with CaptureQueriesContext(connection) as many:
        page.get(address)

    assert len(many) == len(one)


def test_a_failed_run_leaves_the_result_in_use(
    page: Client, fitted: StatisticalModel, make_fit: MakeFit
) -> None:
    make_fit(
        fitted, status="failed", error="The column “x” holds no value.", finished_at=timezone.now()
    )

    text = _text(page, fitted)

    assert "The last run failed" in text
    assert "The column “x” holds no value." in text
    assert f"the result of run {fitted.current_fit_id} below is still in use" in text
    assert "2 groups made" in text
    assert "Last run failed" in page.get(reverse("headwater:models")).content.decode()


def test_a_run_whose_worker_is_gone_reads_as_failed(
    page: Client, make_model: MakeModel, make_fit: MakeFit
) -> None:
    model = make_model()
    fit = make_fit(
        model,
        status="running",
        started_at=timezone.now(),
        lease_expires_at=timezone.now() - timedelta(seconds=1),
    )

    text = _text(page, model)

    assert WORKER_LOST.split(";")[0] in text
    assert 'id="progress"' not in text
    fit.refresh_from_db()
    assert fit.status == "running"


def test_progress_tells_phase_share_and_time(
    page: Client, make_model: MakeModel, make_fit: MakeFit
) -> None:
    model = make_model()
    make_fit(
        model,
        status="running",
        started_at=timezone.now() - timedelta(seconds=75),
        lease_expires_at=timezone.now() + timedelta(seconds=60),
        progress={
            "phase": "search",
            "restart": 4,
            "restarts": 15,
            "iteration": 1127,
            "objective": -951.58,
            "n_groups": 5,
            "share": 0.31,
        },
    )

    text = page.get(
        reverse("headwater:progress", args=[model.pk]), headers={"HX-Request": "true"}
    ).content.decode()

    for words in (
        "Looking for groups",
        "31%",
        "1 min 15 s",
        "4 of 15",
        "1,127",
        "−951.6",
        "Cancel",
    ):
        assert words in text, words
    assert "No worker" not in text
    assert "<html" not in text


def test_a_run_that_waits_too_long_says_how_to_start_a_worker(
    page: Client, make_model: MakeModel, make_fit: MakeFit
) -> None:
    model = make_model()
    fit = make_fit(model, status="queued")
    assert "manage.py db_worker" not in _text(page, model)

    Fit.objects.filter(pk=fit.pk).update(requested_at=timezone.now() - timedelta(seconds=30))

    assert "manage.py db_worker" in _text(page, model)


def test_progress_of_a_finished_run_moves_to_its_result(
    page: Client, fitted: StatisticalModel
) -> None:
    address = reverse("headwater:progress", args=[fitted.pk])
    there = reverse("headwater:model", args=[fitted.pk])

    assert page.get(address, headers={"HX-Request": "true"})["HX-Redirect"] == there
    assert page.get(address)["Location"] == there


def test_running_asks_for_one_fit(
    page: Client, make_model: MakeModel, make_fit: MakeFit, analyst: Any
) -> None:
    model = make_model()
    make_fit(model, status="queued")

    response = page.post(reverse("headwater:run", args=[model.pk]), follow=True)

    assert "waits for a worker already" in response.content.decode()
    assert model.fits.count() == 1


def test_a_run_is_asked_for_by_the_person(
    page: Client, make_model: MakeModel, analyst: Any
) -> None:
    model = make_model()

    page.post(reverse("headwater:run", args=[model.pk]))

    assert model.fits.get().requested_by == analyst


def test_cancelling_stops_a_waiting_run(
    page: Client, make_model: MakeModel, make_fit: MakeFit
) -> None:
    model = make_model()
    fit = make_fit(model, status="queued")
    address = reverse("headwater:cancel", args=[model.pk])

    page.post(address)
    again = page.post(address, follow=True).content.decode()

    fit.refresh_from_db()
    assert fit.status == "cancelled"
    assert "is not running any more; nothing was cancelled" in again
    assert "Cancelled" in again


def test_changed_settings_are_told(page: Client, fitted: StatisticalModel) -> None:
    assert "Settings changed" not in _text(page, fitted)

    fitted.parameters = {"n_clusters": 3}
    fitted.engine_iterations = 7
    fitted.save()

    text = _text(page, fitted)
    assert "Settings changed" in text
    assert "the parameters and the iterations" in text


def test_one_column_is_drawn_as_a_histogram(
    page: Client, make_people: Any, make_model: MakeModel
) -> None:
    make_people(60)
    model = make_model(of={"columns": ("x",)})
    model.perform_inference()

    text = _text(page, model)

    assert 'id="chart-histogram"' in text
    assert "From low to high x" in text


def test_many_columns_of_every_kind_are_shown(
    page: Client, make_people: Any, make_model: MakeModel
) -> None:
    make_people(60, plan="pro", age=None)
    Person.objects.filter(x__gt=5).update(plan="free", age=40)
    model = make_model(of={"columns": ("x", "y", "plan", "is_active", "age")})
    fit = model.perform_inference()
    assert fit.status == "succeeded", fit.error

    text = _text(page, model)

    assert "first principal axis" in text
    assert "pro 100%" in text
    assert "100% yes" in text
    assert "40 rows" in text  # age is missing in 40 of them


def test_a_run_has_a_page_of_its_own(page: Client, fitted: StatisticalModel) -> None:
    fit = fitted.current_fit
    assert fit is not None

    text = page.get(reverse("headwater:fit", args=[fitted.pk, fit.pk])).content.decode()

    assert f"Run {fit.pk} of People" in text
    assert "This result is in use." in text
    assert fit.artifact_digest in text


def test_deleting_says_what_goes_and_what_stays(page: Client, fitted: StatisticalModel) -> None:
    text = _text(page, fitted, "delete")
    assert "1 run with results" in text
    assert "dmf:testapp.Person.group" in text

    page.post(reverse("headwater:delete", args=[fitted.pk]))

    assert not StatisticalModel.objects.exists()
    assert not Fit.objects.exists()
    assert Person.objects.filter(group="A").count() == 40


def test_an_unknown_address_says_so_in_the_console(page: Client, db: None) -> None:
    response = page.get(reverse("headwater:model", args=[999]))

    assert response.status_code == 404
    assert "This page was not found" in response.content.decode()


def test_the_state_in_the_head_follows_the_run(
    page: Client, make_model: MakeModel, make_fit: MakeFit
) -> None:
    model = make_model()
    make_fit(
        model,
        status="running",
        started_at=timezone.now(),
        lease_expires_at=timezone.now() + timedelta(seconds=60),
    )
    address = reverse("headwater:progress", args=[model.pk])

    fragment = page.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = _text(page, model)

    assert '<span id="model-state" hx-swap-oob="true"><span class="hw-state' in fragment
    assert "Running" in fragment.split('id="model-state"')[1]
    assert whole.count('id="model-state"') == 1
    assert "hx-swap-oob" not in whole


def test_a_page_whose_model_was_deleted_asks_no_more(
    page: Client, make_model: MakeModel, make_fit: MakeFit
) -> None:
    model = make_model()
    make_fit(model, status="queued")
    address = reverse("headwater:progress", args=[model.pk])
    model.delete()

    response = page.get(address, headers={"HX-Request": "true"})

    text = response.content.decode()
    assert response.status_code == 286
    assert "This model is gone." in text
    assert 'id="progress"' in text
    assert "hx-get" not in text
    assert "hx-trigger" not in text


def test_a_cancelled_run_is_told_with_who_and_when(
    page: Client, fitted: StatisticalModel, make_fit: MakeFit
) -> None:
    assert 'id="cancelled"' not in _text(page, fitted)
    make_fit(fitted, status="queued")

    page.post(reverse("headwater:cancel", args=[fitted.pk]))

    told = _text(page, fitted).split('id="cancelled"')[1].split("</div></div>")[0]
    assert "The last run was cancelled</strong> by analyst" in told
    assert "just now" in told
    assert f"the result of run {fitted.current_fit_id} below is still in use" in told


def test_a_run_cancelled_by_code_names_nobody(
    page: Client, make_model: MakeModel, make_fit: MakeFit
) -> None:
    model = make_model()
    make_fit(model, status="cancelled", finished_at=timezone.now())

    text = _text(page, model)

    assert "The last run was cancelled</strong> <time" in text
    assert "Nothing was written." in text
