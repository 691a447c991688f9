"""Automation in the console: its fields, when a model runs, and why each run was asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from headwater.console.automation_shown import automation_of, why
from headwater.learning.models import Fit, FitReason, StatisticalModel
from tests.testapp.models import Person

MakeModel = Callable[..., StatisticalModel]
MakeFit = Callable[..., Fit]


def _text(page: Client, name: str, *arguments: Any) -> str:
    return page.get(reverse(f"headwater:{name}", args=arguments)).content.decode()


def _filled(page: Client, model: StatisticalModel, **changes: Any) -> dict[str, Any]:
    """Return what the browser would send for the form of ``model``, with ``changes``."""
    form = page.get(reverse("headwater:edit", args=[model.pk])).context["form"]
    given = {field.html_name: field.value() for field in form}
    return {
        name: "" if value is None else value for name, value in given.items() if value is not False
    } | changes


def test_it_is_manual_as_it_comes(page: Client, fitted: StatisticalModel) -> None:
    text = _text(page, "model", fitted.pk)
    assert "It runs only when somebody asks." in text
    assert "no threshold is set" in text
    assert "Next by schedule" not in text
    assert "Learns from the labels of" not in text


def test_the_form_sets_threshold_and_schedule(page: Client, fitted: StatisticalModel) -> None:
    given = _filled(
        page,
        fitted,
        counter_threshold="10",
        threshold_actions=":recalculate",
        recalculate="daily",
        recalculate_at="03:30",
    )
    StatisticalModel.objects.filter(pk=fitted.pk).update(counter=4)
    assert page.post(reverse("headwater:edit", args=[fitted.pk]), given).status_code == 302
    fitted.refresh_from_db()
    assert (fitted.counter_threshold, fitted.threshold_actions) == (10, ":recalculate")
    assert (fitted.recalculate, fitted.recalculate_at) == ("daily", dt.time(3, 30))
    assert fitted.counter == 4  # saving a form never counts
    text = _text(page, "model", fitted.pk)
    assert (
        "It runs by itself as soon as the counter reaches 10 and every day from 03:30 if the "
        "counter has reached 10 by then." in text
    )
    assert "4 of 10" in text
    assert "Next by schedule" in text
    again = page.get(reverse("headwater:edit", args=[fitted.pk])).context["form"]
    assert [field.value() for field in again.automation_fields] == [
        *(10, ":recalculate", "daily", dt.time(3, 30))
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("counter_threshold", "0"),
        ("counter_threshold", "-3"),
        ("threshold_actions", ":explode"),
        ("recalculate", "monthly"),
        ("recalculate_at", "25:00"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    page: Client, fitted: StatisticalModel, name: str, value: str
) -> None:
    answer = page.post(
        reverse("headwater:edit", args=[fitted.pk]), _filled(page, fitted, **{name: value})
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]


NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("values", "sentence", "following"),
    [
        ({"recalculate": "hourly"}, "every hour at minute 0", "1 July 2026, 13:00 UTC"),
        (
            {"recalculate": "weekly", "recalculate_at": dt.time(4)},
            "every week on Mondays from 04:00",
            "6 July 2026, 04:00 UTC",
        ),
        ({"counter_threshold": 5, "threshold_actions": ":recalculate"}, "reaches 5", ""),
    ],
)
def test_when_it_runs(
    make_model: MakeModel, values: dict[str, Any], sentence: str, following: str
) -> None:
    model = make_model(scheduled_at=NOON, **values)
    shown = automation_of(model, NOON)
    assert sentence in shown.sentence
    assert shown.next == following
    model.scheduled_at = None
    due = automation_of(model, NOON).next
    assert due == ("due now, with the next manage.py run_due_fits" if following else "")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reason": FitReason.CODE}, "asked for by code"),
        ({"reason": FitReason.ASKED}, "asked for by somebody whose account is gone"),
        (
            {"reason": FitReason.THRESHOLD, "reason_detail": "the counter reached 10"},
            "the counter reached 10",
        ),
        ({"reason": FitReason.SCHEDULE, "reason_detail": "every day"}, "by schedule, every day"),
        ({"reason": FitReason.CHAIN}, "a column that it learns from was learned anew"),
    ],
)
def test_why_a_run_was_asked_for(values: dict[str, Any], words: str) -> None:
    assert why(Fit(**values)) == words


def test_history_and_run_say_when_and_why(
    page: Client, fitted: StatisticalModel, make_fit: MakeFit, analyst: Any
) -> None:
    now = timezone.now()
    counted = make_fit(
        fitted,
        status="failed",
        error="x",
        reason=FitReason.THRESHOLD,
        reason_detail="the counter reached 10",
        started_at=now,
        finished_at=now,
    )
    asked = make_fit(fitted, status="cancelled", reason=FitReason.ASKED, requested_by=analyst)
    text = _text(page, "model", fitted.pk)
    assert '<th scope="col">Why</th>' in text
    assert "<td>The counter reached 10</td>" in text
    assert "<td>Asked for by analyst</td>" in text
    assert "<td>Asked for by code</td>" in text
    text = _text(page, "fit", fitted.pk, counted.pk)
    assert "The counter reached 10, <time" in text
    assert "It began <time" in text
    assert "It began" not in _text(page, "fit", fitted.pk, asked.pk)


def test_a_model_whose_input_has_changed_is_stale(
    page: Client, fitted: StatisticalModel, make_model: MakeModel, make_source: Any
) -> None:
    then = make_model(
        name="Then",
        source=make_source(columns=("x", "group")),
        results_storage="dmf:testapp.Person.segment",
    )
    assert then.perform_inference().status == "succeeded"
    text = _text(page, "model", then.pk)
    assert "Learns from the labels of" in text
    assert "“People”" in text
    assert "Its input has changed" not in text
    fitted.parameters = {"n_clusters": 3}
    fitted.save()
    fitted.perform_inference(recalculate=True)
    text = _text(page, "model", then.pk)
    assert "Its input has changed" in text
    assert "“People” wrote other labels since this was learned" in text
    assert "It runs only when somebody asks: run it again" in text
    assert page.get(reverse("headwater:model", args=[then.pk])).context["state"].key == "anew"
    assert "Input changed" in _text(page, "models")
    overview = _text(page, "overview")
    assert "The labels that it learns from have changed. Run it to use them." in overview


def test_labels_are_offered_as_columns_but_not_the_models_own(
    page: Client, fitted: StatisticalModel
) -> None:
    edit = page.get(reverse("headwater:edit", args=[fitted.pk])).context["form"]
    assert "group" not in [name for name, _ in edit.fields["columns"].choices]
    chosen = {"technique": "k_means", "model": "testapp.person"}
    new = page.get(reverse("headwater:create"), chosen).context["form"]
    offered = [name for name, _ in new.fields["columns"].choices]
    assert "group" in offered
    assert "segment" not in offered
    given = _filled(page, fitted, name="Then", columns=["x", "group"])
    given |= {"results_storage": "dmf:testapp.Person.segment"}
    assert page.post(reverse("headwater:create"), given).status_code == 302
    then = StatisticalModel.objects.get(name="Then")
    assert then.perform_inference().status == "succeeded"
    assert Person.objects.exclude(segment="").count() == 60


def test_a_circle_is_refused_at_the_columns(
    page: Client, fitted: StatisticalModel, make_model: MakeModel, make_source: Any
) -> None:
    make_model(
        name="Then",
        source=make_source(columns=("x", "group")),
        results_storage="dmf:testapp.Person.segment",
    )
    answer = page.post(
        reverse("headwater:edit", args=[fitted.pk]),
        _filled(page, fitted, columns=["x", "segment"]),
    )
    assert answer.status_code == 422
    [sentence] = answer.context["form"].errors["columns"]
    assert sentence.startswith("“People” would learn from its own labels: “People” reads")
