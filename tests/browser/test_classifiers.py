"""The page of a classifier: the threshold is moved by key, and what is counted follows at once."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import expect

from headwater.classification.models import Classifier
from tests.browser.conftest import Window
from tests.classification.conftest import labelled, make_classifier
from tests.testapp.models import Person

__all__ = ["labelled", "make_classifier"]


def test_the_threshold_moves_the_matrix_by_key(
    open_window: Callable[..., Window],
    analyst: User,
    labelled: list[Person],
    make_classifier: Callable[..., Classifier],
) -> None:
    classifier = make_classifier()
    fit = classifier.perform_inference()
    table = {point[0]: point[1:] for point in fit.summary["classification"]["thresholds"]}
    window = open_window()
    window.sign_in()
    page = window.go(f"/models/{classifier.pk}/")
    part = page.locator("[data-threshold]")
    slider = part.get_by_label("Threshold", exact=True)

    def shown() -> list[int]:
        return [
            int(part.locator(f"b[data-told={key}]").inner_text())
            for key in ("tn", "fp", "fn", "tp")
        ]

    assert shown() == table[0.5]
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(part.locator("output")).to_have_text("0.53")
    assert shown() == table[0.53]
    page.keyboard.press("Home")
    expect(part.locator("output")).to_have_text("0.00")
    assert shown() == table[0]
    # From the probability 0 on every row counts as of the class.
    expect(part.locator("dd[data-told=recall]")).to_have_text("100%")
    expect(part.locator("dd[data-told=flagged]")).to_have_text("100%")
    expect(part.locator("[data-threshold-said]")).to_contain_text("0 missed")
    part.get_by_role("button", name="Back to 0.50").click()
    assert shown() == table[0.5]
    assert window.axe_in_both_themes() == []
    assert window.complaints == []
