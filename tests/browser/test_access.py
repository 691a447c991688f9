"""Every page for everybody: dark, on a phone, by keyboard alone, by a screen reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from headwater.learning.models import Fit, StatisticalModel
from tests.browser.conftest import Window


@pytest.fixture
def busy(fitted: StatisticalModel, make_model: Callable[..., Any]) -> list[str]:
    """Addresses of all kinds of page, with models in every state."""
    fit = fitted.current_fit_id
    first = fitted.fits.order_by("pk").values_list("pk", flat=True)[0]
    running = make_model(name="Running", results_storage="")
    Fit.objects.create(
        model=running,
        technique=running.technique,
        status="running",
        started_at=timezone.now(),
        lease_expires_at=timezone.now() + timedelta(minutes=5),
        progress={
            "phase": "search",
            "restart": 1,
            "restarts": 2,
            "iteration": 3,
            "objective": -9.5,
            "n_groups": 2,
            "share": 0.3,
        },
    )
    waiting = make_model(name="Waiting", results_storage="")
    Fit.objects.create(
        model=waiting,
        technique=waiting.technique,
        requested_at=timezone.now() - timedelta(minutes=5),
    )
    failed = make_model(name="Failed", results_storage="")
    Fit.objects.create(
        model=failed,
        technique=failed.technique,
        status="failed",
        error="The column “x” holds no value.",
        finished_at=timezone.now(),
    )
    return [
        "/",
        "/models/",
        "/glossary/",
        "/models/new/",
        "/models/new/?technique=variational_mixture&model=testapp.person&columns=x",
        f"/models/{fitted.pk}/",
        f"/models/{fitted.pk}/edit/",
        f"/models/{fitted.pk}/delete/",
        f"/models/{fitted.pk}/runs/{fit}/",
        f"/models/{fitted.pk}/runs/{fit}/points/",
        f"/models/{fitted.pk}/compare/?before={first}&after={fit}",
        f"/models/{running.pk}/",
        f"/models/{waiting.pk}/",
        f"/models/{failed.pk}/",
    ]


def test_every_page_passes_axe_and_keeps_quiet(
    open_window: Callable[..., Window], analyst: User, busy: list[str]
) -> None:
    window = open_window()
    page = window.go("/sign-in/")
    assert window.axe_in_both_themes() == []
    window.sign_in()
    for address in busy:
        window.go(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert window.axe_in_both_themes() == [], address
        assert window.complaints == [], address


def test_every_page_fits_a_phone(
    open_window: Callable[..., Window], analyst: User, busy: list[str]
) -> None:
    window = open_window(viewport={"width": 390, "height": 800})
    page = window.sign_in()

    for address in busy:
        window.go(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address

    toggle = page.get_by_role("button", name="Navigation")
    models = page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Models")
    expect(models).to_be_hidden()
    toggle.click()
    expect(models).to_be_visible()
    page.keyboard.press("Escape")
    expect(models).to_be_hidden()
    expect(toggle).to_be_focused()


def test_the_choice_of_dark_is_remembered(
    open_window: Callable[..., Window], analyst: User, fitted: StatisticalModel
) -> None:
    window = open_window(color_scheme="light")
    page = window.sign_in()
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="Dark").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")

    # What the page is when its body begins: nothing flashes.
    page.add_init_script(
        "new MutationObserver((_, me) => { if (document.body) { me.disconnect();"
        " window.atFirst = document.documentElement.dataset.bsTheme; } })"
        ".observe(document, {childList: true, subtree: true});"
    )
    window.go(f"/models/{fitted.pk}/")
    assert page.evaluate("window.atFirst") == "dark"
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="As the system").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-bs-theme", "dark")


def test_a_run_is_started_by_keyboard_alone(window: Window, fitted: StatisticalModel) -> None:
    page = window.go(f"/models/{fitted.pk}/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    run = page.get_by_role("button", name="Run again")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        if run.evaluate("one => one === document.activeElement"):
            break
    expect(run).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name=re.compile(r"^Run \d+$"))).to_have_count(3)
    assert fitted.fits.count() == 3


def test_a_chart_is_read_by_keyboard(window: Window, fitted: StatisticalModel) -> None:
    page = window.go(f"/models/{fitted.pk}/")
    chart = page.locator("figure[data-chart=chart-sizes]")
    place = chart.locator("[data-chart-place]")

    place.focus()
    page.keyboard.press("ArrowRight")
    expect(chart.locator("[data-chart-said]")).to_contain_text("Rows: 60")
    page.keyboard.press("ArrowRight")
    expect(chart.locator("[data-chart-said]")).to_contain_text("Rows: 30")

    summary = chart.get_by_text("Show as table")
    summary.focus()
    page.keyboard.press("Enter")
    expect(chart.get_by_role("table")).to_be_visible()


def test_the_space_of_a_chart_is_kept_before_it_is_drawn(
    window: Window, fitted: StatisticalModel
) -> None:
    page = window.page
    page.route("**/echarts.min.js", lambda route: route.abort())
    page.goto(f"{window.address}/models/{fitted.pk}/")
    place = page.locator("figure[data-chart=chart-scatter] [data-chart-place]")
    before = place.bounding_box()
    window.complaints.clear()  # the library that was kept away
    page.unroute("**/echarts.min.js")
    window.go(f"/models/{fitted.pk}/")

    assert before == place.bounding_box()
