"""The page of a spam filter: a text is tried, the threshold is moved, the zones are suggested."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import expect

from headwater.spam.models import SpamFilter
from tests.browser.conftest import Window
from tests.spam.conftest import LIGHT
from tests.spam.texts import texts
from tests.testapp.models import Comment

SHOT = "Buy cheap pills now at www.best-deal.example\n\u202e<script>alert(1)</script> fr\u200bee"


def test_a_text_is_tried_and_the_threshold_moved(
    open_window: Callable[..., Window], analyst: User
) -> None:
    Comment.objects.bulk_create(
        [
            Comment(text=text, is_spam=is_spam, is_revised=True)
            for is_spam in (False, True)
            for text in texts(30, is_spam=is_spam)
        ]
    )
    spam_filter = SpamFilter.objects.create(
        name="Comments", parameters=dict(LIGHT), evaluation={"folds": 3}
    )
    fit = spam_filter.perform_inference()
    assert fit.error == ""
    table = {point[0]: point[1:] for point in fit.summary["classification"]["thresholds"]}
    window = open_window()
    window.sign_in()
    page = window.go(f"/moderation/filters/{spam_filter.pk}/")

    page.get_by_label("Text", exact=True).fill(SHOT)
    page.get_by_role("button", name="Judge it").click()
    tried = page.locator("#tried")
    expect(tried).to_contain_text("It would be refused")
    expect(tried.locator("mark", has_text="cheap").first).to_be_visible()
    # What cannot be seen is named, and what is code stands there as words.
    expect(tried.locator(".hw-tried-text")).to_contain_text("U+202E")
    expect(tried.locator(".hw-tried-text")).to_contain_text("<script>alert(1)</script>")
    assert page.url.endswith(f"/moderation/filters/{spam_filter.pk}/")

    part = page.locator("[data-threshold]")
    slider = part.get_by_label("Threshold", exact=True)
    slider.focus()
    page.keyboard.press("End")
    counts = [
        int(part.locator(f"b[data-told={key}]").inner_text()) for key in ("tn", "fp", "fn", "tp")
    ]
    assert counts == table[max(table)]

    page.get_by_role("button", name="Suggest thresholds").click()
    suggested = page.locator("#suggested")
    expect(suggested).to_contain_text("of 1,000")
    assert window.axe_in_both_themes() == []
    button = suggested.get_by_role("button")
    words = button.inner_text()
    button.click()
    spam_filter.refresh_from_db()
    assert words == (
        f"Accept below {spam_filter.ham_below:g}, refuse from {spam_filter.spam_from:g}"
    )
    assert window.complaints == []
