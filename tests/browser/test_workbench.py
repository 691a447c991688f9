"""The way from a sample to its segments, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from headwater.learning.models import Fit
from headwater.sources.open_sample import open_sample
from tests.browser.conftest import Window


def _choose(window: Window, technique: str) -> None:
    """Choose a technique and wait until the form is filled for it."""
    with window.page.expect_response(lambda response: "/analyse/" in response.url):
        window.page.locator(f"#id_technique_{technique}").check()
    expect(window.page.locator("#id_shown_technique")).to_have_value(technique)


def test_from_a_sample_over_the_number_of_segments_to_the_result(window: Window) -> None:
    page = window.go("/data/")
    page.locator("form[action='/data/samples/spices/'] button").click()
    page.get_by_role("link", name="Find segments").first.click()

    # What suits the sample stands there; the data are asked how many segments there are.
    expect(page.get_by_role("heading", level=1)).to_have_text("New analysis")
    groups = page.get_by_label("Groups", exact=True)
    expect(groups).to_have_value("3")
    page.get_by_label("Try up to").fill("5")
    page.get_by_role("button", name="How many segments?").click()
    expect(page.locator("figure[data-chart='chart-choose-k'][data-chart-drawn]")).to_be_visible()
    expect(page.locator(".hw-wb-scores tbody tr")).to_have_count(4)

    # One click uses what is suggested; then it is run.
    groups.fill("2")
    use = page.get_by_role("button", name="Use ", exact=False).first
    number = use.inner_text().split()[-1]
    use.click()
    expect(groups).to_have_value(number)
    groups.press("Enter")
    page.wait_for_url("**/segments/*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("K-means on Spices")
    assert Fit.objects.get().n_groups == int(number)

    page.goto(window.address + "/segments/")
    expect(page.get_by_role("link", name="K-means on Spices", exact=True)).to_be_visible()


def test_a_distance_is_typed_moved_and_dragged(window: Window, analyst: User) -> None:
    dataset = open_sample("dishes", analyst)
    page = window.go(f"/segments/analyse/?dataset={dataset.pk}")
    field, slider = page.locator("#id_p_eps"), page.get_by_label("Distance of neighbours").last
    told = page.locator("output")

    expect(field).to_have_value("0.8")
    expect(told).to_contain_text("With 0.8, 3 rows of 12 would be outside.")
    field.fill("9")
    expect(told).to_contain_text("no row of 12")
    field.fill("0.8")
    slider.focus()
    slider.press("ArrowRight")
    assert float(field.input_value()) > 0.8
    box: Any = page.locator("[data-distances] [data-chart-place]").bounding_box()
    before = float(field.input_value())
    page.mouse.move(box["x"] + 150, box["y"] + 120)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 60, steps=3)
    page.mouse.up()
    assert float(field.input_value()) > before
    expect(told).to_contain_text(f"With {field.input_value()}")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_workbench_can_be_used_by_everybody(
    open_window: Any, analyst: User, scheme: str, width: int
) -> None:
    dataset = open_sample("spices", analyst)
    window = open_window(color_scheme=scheme, viewport={"width": width, "height": 800})
    window.sign_in()
    page = window.go(f"/segments/analyse/?dataset={dataset.pk}")
    page.get_by_role("button", name="How many segments?").click()
    expect(page.locator("figure[data-chart-drawn]")).to_be_visible()
    assert window.axe() == []

    # A technique is chosen with the arrow keys, and the choice keeps the focus.
    page.get_by_role("radio", name="K-means").focus()
    with page.expect_response(lambda response: "/analyse/" in response.url):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#id_p_linkage")).to_be_visible()
    expect(page.locator("#id_technique_hierarchical")).to_be_focused()
    _choose(window, "dbscan")
    expect(page.locator("figure[data-chart='chart-choose-eps'][data-chart-drawn]")).to_be_visible()
    assert window.axe() == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0

    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url("**/segments/*/")
    for path in (
        "/segments/",
        "/segments/runs/",
        f"/segments/analyses/{Fit.objects.get().model_id}/",
    ):
        window.go(path)
        assert window.axe() == [], path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, path
