"""What-if, moves between two dates and stepping through a stock: by mouse, keyboard, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from headwater.console.flows.whatif import field_name
from tests.browser.conftest import Window
from tests.console.stock_panel import play
from tests.stockapp.models import Subscriber

PAGE = "/stocks/stage/"
TRIAL_TO_PAYING = f'input[type=range][name="{field_name("trial", "paying")}"]'


@pytest.fixture
def panel(transactional_db: None) -> None:
    """Twenty days of subscribers."""
    play(20)


def median(page: Page, stock: str) -> str:
    """Return the median of a stock."""
    row = page.locator("#forecast-result tr", has=page.get_by_role("rowheader", name=stock))
    return row.first.locator("strong").inner_text()


def test_a_slider_redraws_the_forecast_in_place(window: Window, panel: None) -> None:
    page = window.go(PAGE)
    slider = page.locator(TRIAL_TO_PAYING)
    before = median(page, "Paying")
    form = page.locator("[data-whatif]")
    top = form.evaluate("form => form.getBoundingClientRect().top + window.scrollY")
    height = page.locator("#forecast-result figure").first.bounding_box()
    page.locator("#forecast-result figure summary").last.click()

    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")

    told = page.locator(f"#{slider.get_attribute('id')}-told")
    expect(told).to_have_text("× 0.0: 0% a day")
    expect(page.locator("#forecast-headline")).to_contain_text("With these rates")
    expect(slider).to_be_focused()
    assert int(median(page, "Paying")) < int(before)
    assert form.evaluate("form => form.getBoundingClientRect().top + window.scrollY") == top
    after = page.locator("#forecast-result figure").first.bounding_box()
    assert height is not None
    assert after is not None
    assert after["height"] == pytest.approx(height["height"], abs=30)
    for figure in page.locator("#forecast-result figure[data-chart]").all():
        expect(figure).to_have_attribute("data-chart-drawn", "")
        assert figure.locator("canvas").count() == 1
    expect(page.locator("#forecast-result figure details").last).to_have_attribute("open", "")
    page.evaluate("window.scrollTo(0, 0)")  # what lies half below the sticky list is too small
    assert window.axe() == []

    page.get_by_text("Rates as they are", exact=True).click()
    expect(page.locator("#forecast-headline")).not_to_contain_text("With these rates")
    assert median(page, "Paying") == before
    expect(told).to_contain_text("× 1.0")


def test_more_periods_are_asked_for(window: Window, panel: None) -> None:
    page = window.go(PAGE)

    page.get_by_label("Days ahead").select_option("12")

    rows = page.locator("#forecast-result figure").first.locator("tbody tr")
    expect(rows).to_have_count(12)


def test_what_if_works_without_scripts(
    open_window: Callable[..., Window], analyst: User, panel: None, client: Any
) -> None:
    client.force_login(analyst)
    window = open_window(java_script_enabled=False)
    window.page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": window.address,
            }
        ]
    )
    page = window.page
    page.goto(window.address + PAGE)
    page.locator(TRIAL_TO_PAYING).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Redraw").click()

    assert page.url.endswith("#forecast")
    expect(page.locator(TRIAL_TO_PAYING)).to_have_value("1.5")
    expect(page.locator("#forecast-headline")).to_contain_text("With these rates")
    page.get_by_role("link", name="Rates as they are").click()
    expect(page.locator(TRIAL_TO_PAYING)).to_have_value("1")
    assert not re.search("rate%3A", page.url)


def test_moves_between_other_dates(window: Window, panel: None) -> None:
    page = window.go(PAGE)
    chart = page.locator("#moves figure")
    expect(chart.locator("[data-chart-subtitle]")).to_contain_text("on 2 Mar 2026")

    page.get_by_label("Where they were on").select_option(label="10 Mar 2026")
    page.locator("#moves").get_by_role("button", name="Show", exact=True).click()

    page.wait_for_url("**#moves")
    expect(chart.locator("[data-chart-subtitle]")).to_contain_text("on 10 Mar 2026")
    expect(chart).to_have_attribute("data-chart-drawn", "")
    place = chart.locator("[data-chart-place]")
    place.focus()
    heard = set()
    for _ in range(18):
        page.keyboard.press("ArrowRight")
        heard.add(chart.locator("[data-chart-said]").inner_text())
    assert any("On trial → Paying" in one for one in heard)
    assert any("objects on 10 Mar 2026" in one for one in heard)
    page.keyboard.press("Escape")


def test_stepping_by_links_and_arrow_keys(window: Window, panel: None) -> None:
    total = Subscriber.objects.filter(stage="trial").count()
    names = list(Subscriber.objects.filter(stage="trial").order_by("pk")[:3])
    page = window.go("/stocks/stage/objects/stage.trial/1/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(names[0].name)
    assert window.axe() == []

    page.keyboard.press("ArrowRight")
    expect(heading).to_have_text(names[1].name)
    page.get_by_role("link", name="Next").press("Enter")
    expect(heading).to_have_text(names[2].name)
    page.keyboard.press("ArrowLeft")
    expect(heading).to_have_text(names[1].name)
    Subscriber.objects.filter(pk=names[1].pk).update(stage="paying")
    page.keyboard.press("ArrowRight")
    expect(heading).to_have_text(names[2].name)
    expect(page.locator("#left-meanwhile")).to_contain_text("has left On trial meanwhile")
    page.get_by_role("link", name="Last").click()
    expect(page.locator("main")).to_contain_text(f"Subscriber {total - 1} of {total - 1}")
    page.get_by_label("Go to number").fill("1")
    page.keyboard.press("Enter")
    expect(heading).to_have_text(names[0].name)


def test_a_token_is_made_shown_once_and_revoked(window: Window, panel: None) -> None:
    page = window.go("/stocks/stage/feeds/")
    page.get_by_label("Name").fill("Kitchen screen")
    page.get_by_label("What it opens").select_option(label="Subscribers by stage: Paying")
    page.get_by_role("button", name="Make the token").click()

    expect(page.get_by_label("Token", exact=True)).to_have_value(re.compile(r"[\w-]{40,}"))
    assert window.axe() == []
    window.go("/stocks/stage/feeds/")
    expect(page.get_by_label("Token", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Revoke Kitchen screen").click()
    expect(page.get_by_role("status")).to_contain_text("opens nothing any more")
    expect(page.get_by_role("button", name="Revoke Kitchen screen")).to_have_count(0)
