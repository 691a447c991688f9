"""A visitor comments, without an account and without JavaScript, and sees what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from headwater.spam import judge
from headwater.spam.keep import Guess
from headwater_demo.smartdjango.models import CommentOfMySite
from tests.browser.conftest import Window

pytestmark = pytest.mark.urls("headwater_demo.urls")

COMMENTS = "/smartdjango/comments/"


@pytest.fixture(autouse=True)
def a_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that refuses “WIN”, doubts “perhaps”, and accepts all else."""

    def think(name: str, text: str, **options: Any) -> Guess:
        probability = 0.97 if "WIN" in text else 0.5 if "perhaps" in text else 0.03
        return Guess(probability, probability >= 0.5, None, False)

    monkeypatch.setattr(judge, "guess_of", think)


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your comment").fill(text)
    page.get_by_role("button", name="Post the comment").click()


def test_a_comment_is_accepted_held_or_refused_without_javascript(
    transactional_db: None, open_window: Callable[..., Window]
) -> None:
    window = open_window(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = window.page
    page.goto(window.address + COMMENTS)
    status = page.get_by_role("status")
    everybody = page.get_by_role("region", name="One comment")

    say(page, "<script>document.title = 'taken'</script> and <b>bold</b>")
    expect(status).to_contain_text("Your comment is on the page.")
    expect(everybody).to_contain_text("<script>document.title = 'taken'</script> and <b>bold</b>")

    say(page, "Is it perhaps closed on Sunday?")
    expect(status).to_contain_text("a person will look at it before others can read it")
    expect(page.get_by_role("region", name="Yours, not yet looked at")).to_contain_text("perhaps")
    expect(everybody).not_to_contain_text("perhaps")

    say(page, "WIN a phone")
    expect(status).to_contain_text("it reads like spam")
    expect(page.locator("main")).not_to_contain_text("WIN a phone")
    assert CommentOfMySite.objects.count() == 3


def test_pages_are_sound_in_both_themes_and_on_a_telephone(
    transactional_db: None, open_window: Callable[..., Window]
) -> None:
    CommentOfMySite.objects.create(comment="a" * 2_000)
    CommentOfMySite.objects.create(comment="Kept.\n" + "\N{RIGHT-TO-LEFT OVERRIDE}txet")
    window = open_window()
    for address in (COMMENTS, "/smartdjango/contact/"):
        page = window.go(address)
        assert window.axe_in_both_themes() == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Send the message").focus()
    expect(page.get_by_role("textbox", name="Message")).to_have_attribute("maxlength", "10000")
