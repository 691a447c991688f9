"""The page of a run before a real browser: the tree, the lasso, the dialog, files and paper."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Download, Page, expect

from headwater.learning.models import Fit
from tests.browser.conftest import Window
from tests.browser.pdf_text import pages_of
from tests.console.segment_runs import run_sample


@pytest.fixture
def delivery(analyst: User) -> Fit:
    """Ten customers of a food delivery, as a tree that is cut into four."""
    return run_sample("delivery", analyst)


@pytest.fixture
def spices(analyst: User) -> Fit:
    """Eight spices in three segments."""
    return run_sample("spices", analyst)


@pytest.fixture
def dishes(analyst: User) -> Fit:
    """Twelve dishes in two segments, three outside."""
    return run_sample("dishes", analyst)


def _names(page: Page) -> list[str]:
    return page.locator(".hw-segment-name").all_inner_texts()


def test_the_line_of_the_tree_is_dragged_and_moved_by_keyboard_and_the_page_follows(
    window: Window, delivery: Fit
) -> None:
    page = window.go(f"/segments/{delivery.pk}/")
    expect(page.locator("[data-tree-ready]")).to_have_count(1)
    expect(page.locator(".hw-segment-card")).to_have_count(4)
    four = page.locator("[data-branch][class='hw-tree-over']").count()

    # By keyboard: one more segment.
    slider = page.get_by_label("Where the tree is cut")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".hw-segment-card")).to_have_count(5)
    expect(page.locator("[data-tree-told]")).to_have_text("5 segments")
    assert page.locator("[data-branch][class='hw-tree-over']").count() == four + 1
    expect(slider).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?n=5$"))
    assert (
        page.locator("#chart-sizes")
        .evaluate("one => JSON.parse(one.textContent)")["yAxis"]["data"]
        .__len__()
        == 5
    )

    # By the mouse: to the right, where two segments are left.
    line = page.locator("[data-tree-line] rect").bounding_box()
    drawing = page.locator("[data-tree-drawing]").bounding_box()
    assert line is not None
    assert drawing is not None
    page.mouse.move(line["x"] + line["width"] / 2, line["y"] + line["height"] / 2)
    page.mouse.down()
    page.mouse.move(drawing["x"] + drawing["width"] * 0.86, line["y"] + 8, steps=6)
    expect(page.locator("[data-tree-told]")).to_have_text("2 segments")
    page.mouse.up()
    expect(page.locator(".hw-segment-card")).to_have_count(2)
    assert len(set(_names(page))) == 2

    page.get_by_role("button", name="Keep these 2 segments").click()
    expect(page.get_by_role("status").first).to_contain_text("2 segments are kept as run")
    expect(page.locator(".hw-segment-card")).to_have_count(2)
    assert Fit.objects.count() == 2


def test_rows_are_chosen_by_box_and_by_name(window: Window, dishes: Fit) -> None:
    page = window.go(f"/segments/{dishes.pk}/")
    panel = page.locator("[data-lasso-panel]")
    panel.get_by_role("button", name="Box").click()
    place = page.locator("figure[data-chart=chart-scatter] [data-chart-place]")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 90, box["y"] + 70)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 30, box["y"] + box["height"] - 52, steps=8)
    page.mouse.up()

    expect(panel.get_by_role("status")).to_contain_text("12 rows chosen")
    expect(panel.get_by_role("status")).to_contain_text("3 of Outside of every segment")
    expect(panel.locator("[data-lasso-rows] tr")).to_have_count(12)

    panel.get_by_role("button", name="Clear").click()
    panel.get_by_label("Find by name").fill("burnt")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(panel.get_by_role("status")).to_contain_text("1 row chosen")
    expect(panel.locator("[data-lasso-rows] tr")).to_have_text(
        re.compile("Burnt experiment.*Outside of every segment")
    )


def test_axes_are_chosen_and_the_picture_follows(window: Window, spices: Fit) -> None:
    page = window.go(f"/segments/{spices.pk}/")
    page.get_by_label("Along").select_option("sweetness")
    # An axis of its own needs another one.
    expect(page.get_by_label("Up")).to_have_value("spiciness")
    page.get_by_label("Up").select_option("price_per_gram")

    expect(page.locator("#picture-figure .hw-chart-subtitle")).to_have_text(
        "Each row by sweetness and price_per_gram"
    )
    expect(page.locator("#picture-figure figure[data-chart-drawn]")).to_have_count(1)
    expect(page.locator("[data-lasso-panel]")).to_be_visible()


def test_details_open_in_a_dialog_and_give_the_focus_back(window: Window, spices: Fit) -> None:
    page = window.go(f"/segments/{spices.pk}/")
    link = page.get_by_role("link", name="Details of segment A")
    link.focus()
    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=2)).to_contain_text("A · ")
    expect(dialog.get_by_role("row", name=re.compile("^sweetness"))).to_be_visible()
    assert window.axe() == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def _saved(download: Download) -> str:
    return Path(str(download.path())).read_text(encoding="utf-8-sig")


def test_rows_and_pictures_are_saved(window: Window, delivery: Fit) -> None:
    page = window.go(f"/segments/{delivery.pk}/")
    page.locator(".hw-menu-list > summary").click()
    with page.expect_download() as rows:
        page.locator(".hw-menu-body").get_by_role("link", name="CSV").first.click()
    lines = list(csv.DictReader(_saved(rows.value).splitlines()))
    assert len(lines) == 10
    assert {line["segment"] for line in lines} == {"A", "B", "C", "D"}
    page.keyboard.press("Escape")

    tree, sizes = page.locator("#tree-figure"), page.locator("figure[data-chart=chart-sizes]")
    with page.expect_download() as drawn:
        tree.get_by_role("button", name="SVG").click()
    picture = _saved(drawn.value)
    assert picture.startswith("<svg")
    assert "Regular Eve" in picture
    assert "var(--" not in picture
    with page.expect_download() as drawn:
        sizes.get_by_role("button", name="SVG").click()
    assert "<path" in _saved(drawn.value)
    for figure in (tree, sizes):
        with page.expect_download() as drawn:
            figure.get_by_role("button", name="PNG").click()
        assert Path(str(drawn.value.path())).read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as table:
        sizes.get_by_role("button", name="CSV").click()
    assert len(_saved(table.value).splitlines()) == 5


def test_on_paper_all_is_open_light_and_within_the_page(
    open_window: Callable[..., Window], analyst: User, delivery: Fit
) -> None:
    window = open_window(color_scheme="dark")
    window.sign_in()
    page = window.go(f"/segments/{delivery.pk}/")
    before = page.locator("main details[open]").count()

    paper = page.pdf(prefer_css_page_size=True, print_background=True)

    assert page.locator("main details[open]").count() == before
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    pages = pages_of(paper)
    assert 4 <= len(pages) <= 14
    whole = "".join(pages)
    for told in (
        "Fooddeliverycustomers",
        "RegularEve",
        "Closetotheaverage",
        "Everyrowbeginsattheleft.",  # how to read it is opened
        "Whatsetsitapart",
    ):
        assert told in whole, told
    for hidden in ("Stocksandflows", "Signout", "Changeandrunagain", "Nameit", "Drawaround"):
        assert hidden not in whole, hidden


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_pass_axe(
    open_window: Callable[..., Window], analyst: User, delivery: Fit, dishes: Fit, scheme: str
) -> None:
    window = open_window(color_scheme=scheme)
    window.sign_in()
    paths = [f"/segments/{delivery.pk}/", f"/segments/{dishes.pk}/"]
    if scheme == "light":
        flavours = run_sample("flavours", analyst)
        paths += [
            f"/segments/{flavours.pk}/",
            f"/segments/{dishes.pk}/assign/",
            f"/segments/{dishes.pk}/wording/",
            "/segments/lists/",
        ]
    for path in paths:
        page = window.go(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert window.axe() == [], path


def test_nothing_is_wider_than_a_phone(
    open_window: Callable[..., Window], analyst: User, delivery: Fit, dishes: Fit
) -> None:
    window = open_window(viewport={"width": 390, "height": 844})
    window.sign_in()
    for path in (
        f"/segments/{delivery.pk}/",
        f"/segments/{dishes.pk}/",
        f"/segments/{dishes.pk}/assign/",
        f"/segments/{dishes.pk}/wording/",
    ):
        page = window.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path


def test_without_scripts_the_tree_is_cut_by_its_form(
    open_window: Callable[..., Window], analyst: User, delivery: Fit, client: Any
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
    page.goto(f"{window.address}/segments/{delivery.pk}/")
    page.get_by_role("spinbutton", name="Segments").fill("3")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".hw-segment-card")).to_have_count(3)
    expect(page.get_by_role("button", name="Keep these 3 segments")).to_be_visible()
