"""From a file to a dataset in a browser: dropped, looked at, corrected, made."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from headwater.sources.models import Dataset, Upload
from headwater.sources.open_sample import open_sample
from headwater.sources.uploads import receive_upload
from tests.browser.conftest import Window
from tests.console.data_files import CUSTOMERS, csv_file

DROP = """([name, content]) => {
    const bytes = Uint8Array.from(atob(content), one => one.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        document.querySelector("[data-drop]").dispatchEvent(
            new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
    }
}"""


def drop(page: Page, name: str, content: bytes) -> None:
    """Drop a file on the page."""
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])


def test_a_file_is_dropped_corrected_and_made_a_dataset(window: Window) -> None:
    page = window.go("/data/")
    page.get_by_role("link", name="Upload the first file").click()
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert").filter(has_text="Choose a file first.")).to_be_visible()

    bad = CUSTOMERS + "5;Ed;twelve;2;new;07.02.2024\n"
    drop(page, "customers.csv", bad.encode())
    expect(page.get_by_label("Name")).to_have_attribute("placeholder", "customers")
    page.get_by_label("Name").fill("Our customers")
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Our customers")
    expect(page.get_by_role("heading", name="1 cell or row does not fit")).to_be_visible()
    expect(page.get_by_text("Line 6 of “spent” holds “twelve”")).to_be_visible()
    page.get_by_label("Type of spent").focus()
    page.get_by_label("Type of spent").select_option("Text")
    expect(page.get_by_role("heading", name="1 cell or row does not fit")).to_have_count(0)
    # what was chosen keeps the focus while the page around it is made anew
    expect(page.get_by_label("Type of spent")).to_be_focused()
    expect(page.get_by_label("Type of spent")).to_have_value("text")
    page.get_by_label("Role of visits").select_option("Learn from it")
    page.get_by_role("button", name="Make the dataset").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Our customers")
    expect(page.get_by_role("cell", name="1.234,50", exact=True)).to_be_visible()
    assert Dataset.objects.get().current is not None
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_not_sent(window: Window, settings: Any) -> None:
    settings.HEADWATER = {**settings.HEADWATER, "DATASET_MAX_BYTES": 2_000}
    page = window.go("/data/upload/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))

    drop(page, "large.csv", b"x" * 3_000)
    page.get_by_role("button", name="Upload").click()

    told = page.get_by_role("alert").filter(has_text="“large.csv” has 2.9 kB")
    expect(told).to_contain_text("at most 2.0 kB are taken")
    assert "POST" not in sent


@pytest.fixture
def rooms(analyst: User) -> list[str]:
    """Addresses of all pages of the room."""
    team = Group.objects.create(name="Sales")
    analyst.groups.add(team)
    customers = open_sample("customers", analyst)
    customers.shared_with.add(team)
    bad = receive_upload(
        csv_file(CUSTOMERS + "5;Ed;twelve;2;new;07.02.2024\n"), file_name="bad.csv", user=analyst
    )
    return [
        "/data/",
        "/data/upload/",
        f"/data/uploads/{bad.pk}/",
        f"/data/{customers.pk}/",
        f"/data/{customers.pk}/delete/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_room_is_for_everybody(
    open_window: Callable[..., Window], rooms: list[str], scheme: str
) -> None:
    window = open_window(color_scheme=scheme)
    page = window.sign_in()
    for address in rooms:
        page.set_viewport_size({"width": 1280, "height": 800})
        window.go(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert window.axe() == [], address
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
