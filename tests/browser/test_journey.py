"""From the sign-in to labels in a field, and what can be done with the result."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import expect

from headwater.learning.fit import run_fit
from headwater.learning.models import Fit, StatisticalModel
from headwater.learning.reporter import Reporter
from tests.browser.conftest import Window
from tests.testapp.models import Person


@pytest.fixture
def queue(settings: Any) -> None:
    """Runs wait: no worker takes them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A run pauses at its first step until this is set."""
    opened = threading.Event()
    step = Reporter.__call__

    def held(self: Reporter, *args: Any) -> None:
        step(self, *args)
        opened.wait(20)

    monkeypatch.setattr(Reporter, "__call__", held)
    yield opened
    opened.set()


def _work(fit: Fit) -> threading.Thread:
    """Run ``fit`` as a worker would, beside the browser."""

    def run() -> None:
        try:
            run_fit(Fit.objects.get(pk=fit.pk))
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_a_model_is_made_run_watched_and_its_labels_written(
    window: Window, make_people: Callable[..., Any], queue: None, gate: threading.Event
) -> None:
    make_people(60)
    page = window.page
    page.get_by_role("link", name="Make the first model").click()

    page.get_by_label("Name", exact=True).fill("Two crowds")
    page.get_by_label("Rows of").select_option("testapp.person")
    page.get_by_role("checkbox", name="x number", exact=True).check()
    page.get_by_role("checkbox", name="y number", exact=True).check()
    expect(page.locator("#prepare-part").get_by_role("checkbox", name="y")).to_be_visible()
    page.get_by_label("Technique").select_option("k_means")
    page.get_by_label("Groups", exact=True).fill("2")
    page.get_by_label("Field that takes the letters").select_option("dmf:testapp.Person.group")
    expect(page.get_by_role("checkbox", name="x number", exact=True)).to_be_checked()
    page.get_by_role("button", name="Make the model").click()

    expect(page.get_by_role("status").first).to_contain_text("“Two crowds” was made.")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting for a worker to take it")).to_be_visible()

    model = StatisticalModel.objects.get(name="Two crowds")
    worker = _work(model.fits.get())
    expect(page.get_by_role("heading", name="Looking for groups")).to_be_visible()
    expect(page.locator("progress")).to_have_attribute("value", "10")
    expect(page.get_by_role("button", name="Cancel")).to_be_enabled()
    gate.set()

    expect(page.get_by_role("heading", name="2 groups made")).to_be_visible()
    worker.join(10)
    expect(page.locator("#progress")).to_have_count(0)
    assert Person.objects.filter(group="A").count() == 40
    assert Person.objects.filter(group="B").count() == 20


def test_a_running_fit_is_cancelled(
    window: Window,
    make_people: Callable[..., Any],
    make_model: Callable[..., Any],
    queue: None,
    gate: threading.Event,
) -> None:
    make_people(60)
    model = make_model()
    page = window.go(f"/models/{model.pk}/")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting for a worker to take it")).to_be_visible()
    worker = _work(model.fits.get())
    expect(page.get_by_role("heading", name="Looking for groups")).to_be_visible()

    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Cancelling")).to_be_disabled()
    gate.set()

    expect(page.locator("main").get_by_text("Cancelled").first).to_be_visible()
    worker.join(10)
    assert not Person.objects.exclude(group=None).exists()


def test_what_is_wrong_stands_at_its_field(window: Window, make_people: Callable[..., Any]) -> None:
    page = window.go("/models/new/")
    page.get_by_label("Rows of").select_option("testapp.person")
    expect(page.get_by_role("checkbox", name="x number", exact=True)).to_be_visible()
    page.get_by_label("Groups at most").fill("0")
    window.complaints.clear()
    page.get_by_role("button", name="Make the model").click()

    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    expect(page.locator("#id_p_n_components_error")).to_contain_text("from 1 to 500")
    expect(page.get_by_label("Groups at most")).to_have_attribute("aria-invalid", "true")
    assert all("422" in complaint for complaint in window.complaints)
    window.complaints.clear()


def test_a_chart_is_shown_as_a_table_and_saved(
    window: Window, fitted: StatisticalModel, tmp_path: Path
) -> None:
    page = window.go(f"/models/{fitted.pk}/")
    chart = page.locator("figure[data-chart=chart-scatter]")

    chart.get_by_text("Show as table").click()
    expect(chart.get_by_role("table")).to_be_visible()
    expect(chart.get_by_role("row").nth(1)).to_contain_text("A")
    chart.get_by_text("How to read this").click()
    expect(chart.get_by_text("An ellipse encloses most of a group")).to_be_visible()

    beginnings = {"PNG": b"\x89PNG\r\n", "SVG": b"<svg "}
    for kind, beginning in beginnings.items():
        with page.expect_download() as saved:
            chart.get_by_role("button", name=kind).click()
        path = tmp_path / saved.value.suggested_filename
        saved.value.save_as(path)
        assert path.name == f"usage-run-{fitted.current_fit_id}-groups.{kind.lower()}"
        assert path.read_bytes().startswith(beginning)
        assert path.stat().st_size > 5_000
    svg = path.read_text()
    assert "The 2 groups lie apart" in svg
    assert "NaN" not in svg

    chart.get_by_role("link", name="as a table").click()
    expect(page.get_by_role("row")).to_have_count(91)


def test_two_runs_are_compared(window: Window, fitted: StatisticalModel) -> None:
    page = window.go(f"/models/{fitted.pk}/")
    button = page.get_by_role("button", name="Compare the two")
    expect(button).to_be_enabled()
    page.locator("input[name=before]").first.check()
    expect(button).to_be_disabled()
    page.locator("input[name=before]").last.check()
    button.click()

    expect(page.get_by_role("heading", name="0 of 90 rows moved to another group")).to_be_visible()


def test_a_model_is_deleted_after_a_question(window: Window, fitted: StatisticalModel) -> None:
    page = window.go(f"/models/{fitted.pk}/")
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("2 runs with results and history")).to_be_visible()
    page.get_by_role("button", name="Delete the model and 2 runs").click()

    expect(page.get_by_text("“Usage” and its runs were deleted.")).to_be_visible()
    assert not StatisticalModel.objects.exists()
