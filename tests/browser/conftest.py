"""A real Chromium before a real server; a page with an error in its console fails its test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from headwater.learning.models import StatisticalModel

# Playwright's own loop runs in this thread, and Django would refuse to touch the database in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this room."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or Chrome."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(f"The browser tests need one of {', '.join(NAMES)}; see CONTRIBUTING.md.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


class Window:
    """A browser window with its complaints; ``page`` is Playwright's."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def go(self, path: str) -> Page:
        """Open ``path`` and return the page, its charts drawn."""
        self.page.goto(self.address + path)
        for figure in self.page.locator("figure[data-chart]").all():
            expect(figure).to_have_attribute("data-chart-drawn", "")
        return self.page

    def sign_in(self, name: str = "analyst") -> Page:
        """Sign in by the form."""
        page = self.go("/sign-in/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(name)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
        return page

    def axe(self) -> list[str]:
        """Return what axe finds wrong with the page as it stands."""
        return self._axe("[" + ", ".join(f"'{rule}'" for rule in RULES) + "]")

    def axe_in_both_themes(self) -> list[str]:
        """Return what axe finds wrong in light, and with the colours in dark; it is light after."""
        self.page.emulate_media(color_scheme="light")
        found = self.axe()
        self.page.emulate_media(color_scheme="dark")
        expect(self.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        found += [f"dark: {one}" for one in self._axe("['color-contrast']")]
        self.page.emulate_media(color_scheme="light")
        return found

    def _axe(self, rules: str) -> list[str]:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(f"axe.run(document, {{runOnly: {rules}}})")
        return [
            f"{one['id']}: {one['help']}: {node['html'][:160]} {node.get('failureSummary', '')}"
            for one in found["violations"]
            for node in one["nodes"]
        ]


@pytest.fixture
def open_window(browser: Browser, live_server: Any) -> Iterator[Callable[..., Window]]:
    """Return a function that opens a window; at the end no window may have complained."""
    windows: list[tuple[BrowserContext, Window]] = []

    def open_window(**options: Any) -> Window:
        given = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | options
        context = browser.new_context(accept_downloads=True, **given)
        window = Window(context, live_server.url)
        windows.append((context, window))
        return window

    yield open_window
    for context, _ in windows:
        context.close()
    assert [complaint for _, window in windows for complaint in window.complaints] == []


@pytest.fixture
def analyst(transactional_db: None) -> User:
    """Someone who may do everything."""
    return User.objects.create_superuser("analyst", password="analyst")


@pytest.fixture
def window(open_window: Callable[..., Window], analyst: User) -> Window:
    """A window with the analyst signed in."""
    opened = open_window()
    opened.sign_in()
    return opened


@pytest.fixture
def fitted(
    transactional_db: None, make_people: Callable[..., Any], make_model: Callable[..., Any]
) -> StatisticalModel:
    """A model with two runs that succeeded."""
    make_people(90)
    model = make_model(
        name="Usage",
        technique="variational_mixture",
        parameters={"n_components": 5},
        engine_meta_iterations=2,
        engine_iterations=100,
    )
    for _ in range(2):
        fit = model.perform_inference(recalculate=True)
        assert fit.status == "succeeded", fit.error
    return model
