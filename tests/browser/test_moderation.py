"""A reviewer's day before a real browser: keys, the next item, undo, alike ones, the list."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from headwater.spam.models import Claim, Decision, SpamFilter
from headwater.spam.reviewers import GROUP, make_group
from tests.browser.conftest import Window
from tests.spam.moderation import a_filter, judged
from tests.testapp.models import Comment


@pytest.fixture
def rita(transactional_db: None) -> User:
    """A reviewer; the tests with transactions empty the table of groups."""
    from django.apps import apps

    make_group(apps.get_app_config("headwater_spam"), using="default")
    user = User.objects.create_user("rita", password="rita")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def comments(transactional_db: None) -> SpamFilter:
    """A filter that has learned, and what waits for people."""
    made = a_filter()
    for i in range(40):
        text = f"Free pills, offer {i}" if i % 2 else f"Thank you for recipe {i}, lovely"
        judged(text, None, is_spam=bool(i % 2), is_revised=True)
    Comment.objects.update(judged_digest="")
    now = timezone.now()
    judged("A lovely text, and free pills with it", 0.5, created_at=now - timedelta(days=2))
    judged("שלום \u202eabc\u202c <b>and more</b>", 0.52)
    judged("Thank you all", 0.55)
    for i in range(7):
        judged(
            f"Earn five thousand dollars a week from home, look at page {i} right now",
            0.6 + i / 100,
            created_at=now - timedelta(minutes=i),
        )
    return made


def _wait_for(page: Page, truth: Callable[[], bool]) -> None:
    """Wait until ``truth`` holds, which the browser does not show."""
    for _ in range(60):
        if truth():
            return
        page.wait_for_timeout(100)
    assert truth()


def test_a_reviewer_works_by_keys_and_takes_back_what_was_wrong(
    open_window: Callable[..., Window], rita: User, comments: SpamFilter
) -> None:
    window = open_window()
    page = window.sign_in("rita")
    page.get_by_role("link", name=re.compile("Moderation")).click()
    page.get_by_role("button", name="Start reviewing: Comments").click()
    text, last = page.locator(".hw-mod-words"), page.locator(".hw-mod-last")
    waiting = page.locator(".hw-nav a[aria-current] .hw-nav-count")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this spam?")
    expect(text).to_have_text("A lovely text, and free pills with it")
    expect(waiting).to_have_text("10")
    verbs = page.locator(".hw-mod-verbs").bounding_box()
    assert window.axe_in_both_themes() == []

    # A key decides once, the next item stands where the last one stood, and nothing was loaded.
    page.evaluate("window.stillHere = true")
    page.keyboard.press("s")
    expect(text).to_contain_text("<b>and more</b>")
    expect(last).to_contain_text("Marked as spam: A lovely text")
    expect(waiting).to_have_text("9")
    expect(page.locator("[data-desk-item]")).to_be_focused()
    assert page.locator(".hw-mod-verbs").bounding_box() == verbs
    expect(page.locator(".hw-mod-hidden").first).to_have_text("U+202E")

    page.keyboard.press("Space")
    expect(text).to_have_text("Thank you all")
    expect(last).to_contain_text("Skipped")
    page.keyboard.press("u")
    expect(text).to_contain_text("<b>and more</b>")
    page.keyboard.press("h")
    expect(text).to_have_text("Thank you all")
    page.keyboard.press("n")
    expect(text).to_contain_text("look at page 0")
    assert page.evaluate("window.stillHere")
    decided = Comment.objects.filter(is_revised=True, created_at__isnull=False)
    assert [(one.text[:8], one.is_spam) for one in decided] == [("A lovely", True)]

    # Those that say the same are decided together, all but the one that was not ticked, and undone.
    expect(page.get_by_role("heading", name="6 others nearly the same")).to_be_visible()
    expect(page.locator(".hw-mod-alike")).to_contain_text("All 7, this one included, came")
    assert window.axe() == []
    page.get_by_label("look at page 2").uncheck()
    page.get_by_role("button", name="This and those ticked: spam").click()
    expect(last).to_contain_text("Marked as spam: 6 items at once")
    expect(text).to_contain_text("look at page 2")
    page.keyboard.press("u")
    expect(text).to_contain_text("look at page 0")
    assert not Decision.objects.filter(undone_by=None, batch__isnull=False, verb="spam").exists()

    # Who does not want single keys turns them off, for good.
    page.get_by_role("button", name="Turn the keys off").click()
    page.keyboard.press("s")
    page.reload()
    expect(page.get_by_role("button", name="Turn the keys on")).to_be_visible()
    page.keyboard.press("s")
    page.get_by_role("button", name="Turn the keys on").click()
    expect(text).to_contain_text("look at page 0")
    assert window.axe() == []

    # Leaving lets others have it.
    _wait_for(page, lambda: Claim.objects.count() == 1)
    page.get_by_role("link", name="As a list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comments: 7 items wait")
    _wait_for(page, lambda: not Claim.objects.exists())


def test_many_are_ticked_decided_and_put_back(
    open_window: Callable[..., Window], rita: User, comments: SpamFilter
) -> None:
    window = open_window(viewport={"width": 390, "height": 800})
    window.sign_in("rita")
    page = window.go(f"/moderation/{comments.pk}/list/?text=earn")
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("7 ticked")).to_be_visible()
    page.locator("input[name=item]").first.uncheck()
    expect(page.get_by_text("6 ticked")).to_be_visible()
    assert window.axe_in_both_themes() == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Spam", exact=True).click()
    expect(page.get_by_text("6 items were marked as spam.")).to_be_visible()
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("6 items were put back")).to_be_visible()

    # On a telephone the verbs stay under the thumb.
    page.get_by_role("button", name="Review one by one").click()
    verbs = page.locator(".hw-mod-verbs").bounding_box()
    assert verbs is not None
    assert verbs["y"] + verbs["height"] == 800
    page.get_by_role("button", name="Not spam", exact=True).click()
    expect(page.locator(".hw-mod-last")).to_contain_text("Marked as not spam")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_was_not_taken_is_said_and_can_be_pressed_again(
    open_window: Callable[..., Window], rita: User, comments: SpamFilter
) -> None:
    window = open_window()
    page = window.sign_in("rita")
    page = window.go(f"/moderation/{comments.pk}/")
    page.get_by_role("button", name="Start reviewing").click()
    text, last = page.locator(".hw-mod-words"), page.locator(".hw-mod-last")
    alert, generic = last.get_by_role("alert"), page.locator("[data-offline]")
    expect(text).to_have_text("A lovely text, and free pills with it")
    page.keyboard.press("n")
    expect(last).to_contain_text("Marked as not spam: A lovely text")

    # Without a connection nothing is decided or undone, and the same can be pressed again.
    page.context.set_offline(True)
    page.keyboard.press("s")
    expect(alert).to_contain_text("Your decision was not sent: the server cannot be reached.")
    expect(last).not_to_contain_text("Marked as")
    expect(generic).to_be_hidden()
    page.context.set_offline(False)
    page.keyboard.press("s")
    expect(text).to_have_text("Thank you all")
    expect(last).to_contain_text("Marked as spam")
    expect(alert).to_have_count(0)
    page.context.set_offline(True)
    page.keyboard.press("u")
    expect(alert).to_contain_text("Your undoing was not sent")
    page.context.set_offline(False)
    page.keyboard.press("u")
    expect(text).to_contain_text("<b>and more</b>")
    expect(alert).to_have_count(0)

    # What the server refuses is said, and whose session is over gets back to the desk.
    Session.objects.all().delete()
    page.keyboard.press("s")
    expect(alert).to_contain_text("You are signed out; your decision was not taken.")
    assert window.axe_in_both_themes() == []
    alert.get_by_role("link", name="Sign in").click()
    page.get_by_label("Username").fill("rita")
    page.get_by_label("Password").fill("rita")
    page.get_by_role("button", name="Sign in").click()
    expect(text).to_contain_text("<b>and more</b>")
    SpamFilter.objects.filter(pk=comments.pk).delete()
    page.keyboard.press("s")
    expect(alert).to_contain_text("This filter is gone; your decision was not taken.")
    expect(alert.get_by_role("link")).to_have_text("To the overview")
    page.context.clear_cookies()
    page.keyboard.press("n")
    expect(alert).to_contain_text("You are signed out, or this page is out of date; your decision")
    expect(alert.get_by_role("link")).to_have_text("Sign in")
    assert Decision.objects.filter(undone_by=None, verb="spam").count() == 0
    refused = ("ERR_INTERNET_DISCONNECTED", "htmx:", "401", "403", "404")
    assert [one for one in window.complaints if not any(map(one.count, refused))] == []
    window.complaints.clear()
