"""A page that stays open follows what happens; dates are drawn as dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from headwater.learning.models import Fit
from tests.browser.conftest import Window
from tests.testapp.models import Person


def test_the_state_follows_and_a_deleted_model_ends_the_asking(
    window: Window, make_model: Callable[..., Any]
) -> None:
    model = make_model(results_storage="")
    fit = Fit.objects.create(model=model, technique=model.technique)
    page = window.go(f"/models/{model.pk}/")
    expect(page.locator("#model-state")).to_have_text("Waiting")

    Fit.objects.filter(pk=fit.pk).update(
        status="running",
        started_at=timezone.now(),
        lease_expires_at=timezone.now() + timedelta(minutes=5),
    )
    expect(page.locator("#model-state")).to_have_text("Running")

    model.delete()
    expect(page.locator("#progress")).to_contain_text("This model is gone.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(1500)
    assert asked == []


def test_a_column_of_dates_is_drawn_and_told_as_dates(
    window: Window, make_people: Callable[..., Any], make_model: Callable[..., Any]
) -> None:
    people = make_people(60)
    for number, person in enumerate(people):
        person.born = dt.date(1990 if person.x > 5 else 2020, 3, 1) + timedelta(days=number)
    Person.objects.bulk_update(people, ["born"])
    model = make_model(of={"columns": ("born", "x")})
    assert model.perform_inference().status == "succeeded"

    page = window.go(f"/models/{model.pk}/")
    figure = page.locator('figure[data-chart="chart-scatter"]')
    expect(figure).to_have_attribute("data-chart-drawn", "")
    place = figure.locator("[data-chart-place]")
    place.focus()
    place.press("ArrowRight")

    expect(figure.locator("[data-chart-said]")).to_contain_text("2020")
