"""The pages of stocks before a real browser: for everybody, by keyboard, without JavaScript."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.console.stock_panel import play
from tests.console.stock_records import write_counts
from tests.stockapp.admin import SubscriberAdmin

ADDRESS = "/stocks/stage/"


@pytest.fixture
def levels(transactional_db: None) -> list[Counter[str]]:
    """Twelve counts of subscribers by stage."""
    return play(12)


def test_the_pages_pass_axe_and_keep_quiet(
    open_window: Callable[..., Window], analyst: User, levels: list[Counter[str]]
) -> None:
    write_counts("gone", range(3), {"a": 1, "b": 2})  # stated nowhere: it is listed as retired
    window = open_window()
    window.sign_in()

    for path in ("/stocks/", ADDRESS, "/stocks/ticket-status/", f"{ADDRESS}?only=country:se"):
        page = window.go(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert window.axe_in_both_themes() == [], path


def test_nothing_is_wider_than_a_phone(
    open_window: Callable[..., Window], analyst: User, levels: list[Counter[str]]
) -> None:
    write_counts("gone", range(3), {"a": 1, "b": 2})
    window = open_window(viewport={"width": 390, "height": 844})
    window.sign_in()

    for path in ("/stocks/", ADDRESS, "/stocks/ticket-status/"):
        page = window.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path


@pytest.mark.parametrize("width", [390, 1280])
def test_a_long_action_wraps_in_its_card(
    open_window: Callable[..., Window],
    analyst: User,
    levels: list[Counter[str]],
    monkeypatch: pytest.MonkeyPatch,
    width: int,
) -> None:
    label = "Write to them by letter and by telephone, and ask whether they would like to stay " * 2
    monkeypatch.setattr(SubscriberAdmin.wake, "short_description", label)
    window = open_window(viewport={"width": width, "height": 844})
    window.sign_in()

    page = window.go(f"{ADDRESS}objects/stage.trial/1/")

    button = page.get_by_role("button", name="Write to them").bounding_box()
    card = page.locator("section", has=page.locator("#actions-title")).bounding_box()
    assert button is not None
    assert card is not None
    assert button["x"] + button["width"] <= card["x"] + card["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_list_leads_to_a_process_and_its_sections(
    window: Window, levels: list[Counter[str]]
) -> None:
    page = window.go("/")
    page.get_by_role("link", name="Stocks and flows").click()
    page.get_by_role("link", name="Subscribers by stage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Subscribers by stage")

    sections = page.get_by_role("navigation", name="Sections of this page")
    sections.get_by_role("link", name="The books").click()

    head = page.get_by_role("heading", name="The books", exact=True)
    expect(head).to_be_in_viewport()
    # The list of sections stays in sight, and does not lie over the heading.
    assert head.bounding_box()["y"] >= (  # type: ignore[index]
        sections.bounding_box()["y"] + sections.bounding_box()["height"]  # type: ignore[index]
    )
    expect(page.get_by_text("The books balance: all 12 pages are exact")).to_be_visible()


def test_the_keyboard_steps_from_count_to_count(window: Window, levels: list[Counter[str]]) -> None:
    page = window.go(ADDRESS)
    place = page.locator("[data-chart=chart-series] [data-chart-place]")
    said = page.locator("[data-chart=chart-series] [data-chart-said]")

    place.focus()
    for level in levels[:2]:
        page.keyboard.press("ArrowRight")
        told = f"On trial: {level['trial']}\nPaying: {level['paying']}\nLapsed: {level['lapsed']}"
        expect(said).to_contain_text(told)


def test_everything_works_without_javascript(
    open_window: Callable[..., Window], analyst: User, levels: list[Counter[str]]
) -> None:
    window = open_window(java_script_enabled=False)
    page = window.page
    page.goto(f"{window.address}/sign-in/?next={ADDRESS}")
    page.get_by_label("Username").fill("analyst")
    page.get_by_label("Password").fill("analyst")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("Only").select_option("country:se")
    page.get_by_role("button", name="Show", exact=True).first.click()

    expect(page).to_have_url(
        f"{window.address}{ADDRESS}?only=country%3Ase&since=&until=&step=daily"
    )
    expect(page.locator("#series")).to_contain_text("only Country: se")
    fold = page.locator("#series").get_by_text("Show as table")
    fold.click()
    expect(page.locator("#series table tbody tr")).to_have_count(12)
    page.get_by_role("link", name="Show everything").click()
    expect(page.locator("#series")).not_to_contain_text("only Country")


def test_an_export_is_downloaded(
    window: Window, levels: list[Counter[str]], tmp_path: Path
) -> None:
    page = window.go(ADDRESS)
    with page.expect_download() as found:
        page.locator("#series").get_by_role("link", name="CSV").click()

    assert found.value.suggested_filename == "stage-series.csv"
    saved = tmp_path / "series.csv"
    found.value.save_as(saved)
    with saved.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [int(row["paying"]) for row in rows] == [level["paying"] for level in levels]


def test_a_count_is_asked_for_by_a_press(window: Window, levels: list[Counter[str]]) -> None:
    page = window.go(ADDRESS)

    page.get_by_role("button", name="Count now").click()

    expect(page.locator(".hw-note-success")).to_contain_text("is queued")
    expect(page.get_by_role("button", name="Count now")).to_be_disabled()
    expect(page.get_by_text("13 pages are exact")).to_be_visible()


def test_two_years_of_days_are_drawn(open_window: Callable[..., Window], analyst: User) -> None:
    write_counts("stage", range(700), {"trial": 10, "paying": 20, "lapsed": 5}, backfilled=[600])
    window = open_window()
    window.sign_in()

    page = window.go(ADDRESS)

    expect(page.locator("#series")).to_contain_text("at the last count of each week")
    expect(page.locator("[data-chart=chart-series] canvas")).to_be_visible()
    assert window.axe() == []
