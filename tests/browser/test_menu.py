"""The restaurant's and the delivery's pages in a browser: a run is awaited, and a tree cut."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Route, expect

from headwater.learning.fit import run_fit
from headwater.learning.models import Fit, StatisticalModel
from headwater_demo.delivery.load import load_delivery
from headwater_demo.delivery.models import Customer
from headwater_demo.restaurant.load import load_restaurant
from headwater_demo.statistical_models import (
    DELIVERY_CUSTOMERS,
    MENU_ESSENCE,
    MENU_SEGMENTS,
    UNUSUAL_DISHES,
    load_statistical_models,
)
from tests.browser.conftest import Window
from tests.browser.test_smartdjango import POLICY

pytestmark = pytest.mark.urls("headwater_demo.urls")


@pytest.fixture
def waiting(settings: Any) -> None:
    """Runs wait: no worker takes them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def visitor(window: Window, analyst: User) -> Window:
    """A window under the policy that the demo sends; the menu is not segmented yet."""
    load_restaurant(n_orders=300)
    load_delivery()
    load_statistical_models()
    for name in (MENU_ESSENCE, UNUSUAL_DISHES, DELIVERY_CUSTOMERS):
        StatisticalModel.objects.get(name=name).perform_inference()

    def with_policy(route: Route) -> None:
        response = route.fetch(max_redirects=0)
        route.fulfill(
            response=response, headers={**response.headers, "content-security-policy": POLICY}
        )

    window.page.route("**/restaurant/**", with_policy)
    window.page.route("**/delivery/**", with_policy)
    return window


def test_a_menu_is_segmented_and_a_tree_is_cut(waiting: None, visitor: Window) -> None:
    page = visitor.go("/restaurant/")
    card = page.locator("#segments")
    expect(card).to_contain_text("It has not run yet.")
    card.get_by_role("button", name="Run").click()
    expect(card).to_contain_text("Waiting for a worker to take it")
    expect(card.get_by_role("button", name="Run")).to_be_disabled()

    run_fit(Fit.objects.get(model__name=MENU_SEGMENTS))
    expect(card.get_by_role("heading", name="Budget-friendly, quick")).to_be_visible()
    for key in ("segments", "essence", "unusual"):
        figure = page.locator(f'figure[data-chart="chart-{key}"]')
        expect(figure).to_have_attribute("data-chart-drawn", "")
    assert visitor.axe_in_both_themes() == []

    page.goto(f"{visitor.address}/delivery/")
    page.get_by_role("link", name="3 segments").click()
    page.get_by_role("button", name="Keep 3 segments").click()
    expect(page.get_by_role("status")).to_contain_text("3 segments are in use now")
    assert Customer.objects.values("segment").distinct().count() == 3
    assert visitor.axe() == []

    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("/restaurant/", "/delivery/"):
        visitor.go(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
