"""Automation in the browser: set a threshold and a schedule, see them, and why a run came."""

from __future__ import annotations

from playwright.sync_api import expect

from headwater.learning.models import StatisticalModel
from tests.browser.conftest import Window


def test_a_threshold_and_a_schedule_are_set_and_shown(
    window: Window, fitted: StatisticalModel
) -> None:
    page = window.go(f"/models/{fitted.pk}/edit/")
    page.get_by_label("Threshold of the counter").fill("10")
    page.get_by_label("At the threshold").select_option(label="Run again in the background")
    page.get_by_label("By schedule").select_option(label="Every day")
    page.get_by_label("From what time on").fill("03:30")
    assert window.axe() == []
    page.get_by_role("button", name="Save").click()
    card = page.get_by_role("region", name="When it runs")
    expect(card).to_contain_text("as soon as the counter reaches 10")
    expect(card).to_contain_text("every day from 03:30")
    expect(card).to_contain_text("0 of 10")
    StatisticalModel.objects.get(pk=fitted.pk).increment_counter(7)
    page.reload()
    expect(card).to_contain_text("7 of 10")
    StatisticalModel.objects.get(pk=fitted.pk).increment_counter(3)
    page.reload()
    expect(page.get_by_role("table").filter(has_text="Why")).to_contain_text(
        "The counter reached 10"
    )
    expect(card).to_contain_text("0 of 10")
    assert window.axe() == []
