"""The pages of the room “Moderation”, before a Django client."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from headwater.spam.claims import claim
from headwater.spam.models import Claim, Decision, Note, SpamFilter, Verb
from headwater.spam.notes import add_note
from headwater.spam.reviewers import GROUP
from headwater.spam.revise import revise
from headwater.spam.spammable import digest, spammable_of
from tests.spam.moderation import a_filter, enquiry, judged
from tests.testapp.models import Comment

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def comments(db: None) -> SpamFilter:
    return a_filter()


@pytest.fixture
def reviewer(db: None) -> User:
    """Someone who is in the group, and may do nothing else."""
    user = User.objects.create_user("rita", first_name="Rita", last_name="Vew")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def rita(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def _at(name: str, spam_filter: SpamFilter, *more: object) -> str:
    return reverse(f"headwater:{name}", args=[spam_filter.pk, *more])


def _kind() -> int:
    spammable = spammable_of(Comment)
    assert spammable is not None
    return int(spammable.content_type.pk)


def _shown(row: Comment, **more: Any) -> dict[str, Any]:
    """Return what the form of the queue sends about ``row``."""
    return {"item": f"{_kind()}:{row.pk}", "digest": digest(row.text), "after": "0", **more}


def _page(response: Any) -> str:
    assert response.status_code == 200, response
    return str(response.content.decode())


# --- rights ---


def test_only_reviewers_come_in(client: Client, comments: SpamFilter, make_user: Any) -> None:
    row = judged("A text that is nobody's business", 0.5)
    addresses = [
        reverse("headwater:moderation"),
        _at("moderation-queue", comments),
        _at("moderation-list", comments),
        _at("moderation-item", comments, _kind(), row.pk),
    ]
    posted = ["next", "decide", "undo", "keep", "leave", "undo-bulk", "list"]
    for address in addresses:
        assert client.get(address).status_code == 302
    client.force_login(make_user("eve", "view_statisticalmodel", "view_comment"))
    for address in addresses:
        refused = client.get(address)
        assert refused.status_code == 403
        assert b"headwater_spam.review_content" in refused.content
        assert b"business" not in refused.content
    for name in posted:
        address = _at(f"moderation-{name}", comments)
        assert client.post(address, _shown(row, verb="spam")).status_code == 403
    assert b"Moderation" not in client.get(reverse("headwater:overview")).content
    assert not Decision.objects.exists()
    assert not Claim.objects.exists()


def test_the_overview_leads_to_what_waits(rita: Client, comments: SpamFilter) -> None:
    overview = reverse("headwater:overview")
    assert "Waiting for a person" not in _page(rita.get(overview))
    judged("Nice", 0.5)
    with CaptureQueriesContext(connection) as asked:
        text = _page(rita.get(overview))
    counts = [
        one["sql"] for one in asked if "COUNT(" in one["sql"] and "testapp_comment" in one["sql"]
    ]
    assert len(counts) == 1, counts  # for the navigation and for the page
    assert "Waiting for a person" in text
    assert f'href="{reverse("headwater:moderation")}">1 text</a>' in text


def test_every_post_needs_its_token(comments: SpamFilter, reviewer: User) -> None:
    row = judged("Nice", 0.5)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reviewer)
    for name in ("next", "decide", "undo", "keep", "leave", "list", "undo-bulk"):
        response = strict.post(_at(f"moderation-{name}", comments), _shown(row, verb="spam"))
        assert response.status_code == 403
    item = _at("moderation-item", comments, _kind(), row.pk)
    assert strict.post(item, {"verb": "spam"}).status_code == 403
    assert not Decision.objects.exists()


def test_what_is_not_there_is_not_found(rita: Client, comments: SpamFilter) -> None:
    other = a_filter("Enquiries")
    row = judged("Nice", 0.5)
    for address in (
        reverse("headwater:moderation-queue", args=[999]),
        _at("moderation-item", other, _kind(), row.pk),  # another filter's
        _at("moderation-item", comments, 999, row.pk),
        _at("moderation-item", comments, _kind(), "no-number"),
        _at("moderation-item", comments, _kind(), 10**30),
    ):
        assert rita.get(address).status_code == 404
    decide = _at("moderation-decide", comments)
    assert rita.post(decide, _shown(row, verb="explode")).status_code == 404
    assert rita.post(_at("moderation-undo", comments), {"decision": "7"}).status_code == 404
    bulk = _at("moderation-undo-bulk", comments)
    assert rita.post(bulk, {"batch": "x"}).status_code == 404


# --- the queue ---


def test_a_get_gives_nobody_an_item(rita: Client, comments: SpamFilter) -> None:
    judged("Doubtful", 0.5)
    page = _page(rita.get(_at("moderation-queue", comments)))
    assert "1 item waits for you" in page
    assert "Start reviewing" in page
    assert not Claim.objects.exists()


def test_items_come_one_by_one_without_a_script(
    rita: Client, comments: SpamFilter, reviewer: User
) -> None:
    first, second = judged("First", 0.5), judged("Second", 0.7)
    queue = _at("moderation-queue", comments)
    assert rita.post(_at("moderation-next", comments)).headers["Location"] == queue
    page = _page(rita.get(queue))
    assert "Is this spam?" in page
    assert "First" in page
    assert "could be either" in page
    decide = _at("moderation-decide", comments)
    assert rita.post(decide, _shown(first, verb="spam")).headers["Location"] == queue
    page = _page(rita.get(queue))
    assert "Marked as spam" in page
    assert "Second" in page
    first.refresh_from_db()
    assert first.is_revised
    assert first.is_spam
    assert Decision.objects.get().by == reviewer
    rita.post(decide, _shown(second, verb="ham"))
    assert "Nothing waits" in _page(rita.get(queue))
    assert not Claim.objects.exists()


def test_a_script_gets_the_next_item_alone(rita: Client, comments: SpamFilter) -> None:
    first = judged("First", 0.5)
    judged("Second", 0.7)
    rita.post(_at("moderation-next", comments), headers=HTMX)
    part = _page(
        rita.post(_at("moderation-decide", comments), _shown(first, verb="skip"), headers=HTMX)
    )
    assert part.lstrip().startswith('<div id="desk"')
    assert "Skipped: " in part
    assert "Second" in part
    assert 'data-waiting="2"' in part  # the skipped one waits for others


def test_two_reviewers_never_see_the_same_item(
    rita: Client, comments: SpamFilter, make_user: Any
) -> None:
    first = judged("First", 0.5)
    judged("Second", 0.7)
    bob = Client()
    bob.force_login(make_user("bob", "review_content"))
    pages = [_page(one.post(_at("moderation-next", comments), headers=HTMX)) for one in (rita, bob)]
    assert "First" in pages[0]
    assert "First" not in pages[1]
    assert "Second" in pages[1]
    # Bob's page from before, sent late: she holds it, and he is told.
    decide = _at("moderation-decide", comments)
    late = _page(bob.post(decide, _shown(first, verb="ham"), headers=HTMX))
    assert "Rita Vew is looking at this now" in late
    rita.post(decide, _shown(first, verb="spam"), headers=HTMX)
    late = _page(bob.post(decide, _shown(first, verb="ham"), headers=HTMX))
    assert "Rita Vew has decided meanwhile that this is spam" in late
    first.refresh_from_db()
    assert first.is_spam
    assert Decision.objects.count() == 1


def test_undo_brings_the_item_back(rita: Client, comments: SpamFilter) -> None:
    first = judged("First", 0.5)
    judged("Second", 0.7)
    rita.post(_at("moderation-next", comments))
    rita.post(_at("moderation-decide", comments), _shown(first, verb="ham"))
    last = Decision.objects.get()
    part = _page(rita.post(_at("moderation-undo", comments), {"decision": last.pk}, headers=HTMX))
    assert '<div class="hw-mod-words" dir="auto">First</div>' in part
    first.refresh_from_db()
    assert not first.is_revised
    assert first.is_spam is True
    again = _page(rita.post(_at("moderation-undo", comments), {"decision": last.pk}, headers=HTMX))
    assert "undone already" in again


def test_what_another_decided_since_is_told_and_does_not_block_undoing(
    rita: Client, comments: SpamFilter, reviewer: User
) -> None:
    earlier, later = judged("Earlier one", 0.5), judged("Later one", 0.7)
    demo = User.objects.create_user("demo")
    decide, undo_it = _at("moderation-decide", comments), _at("moderation-undo", comments)
    for row in (earlier, later):
        rita.post(decide, _shown(row, verb="ham"))
    queue = _at("moderation-queue", comments)
    assert "Later one" in _page(rita.get(queue))
    revise(later, True, demo)
    page = _page(rita.get(queue))
    assert "Earlier one" in page
    assert "Later one" not in page
    mine = Decision.objects.filter(by=reviewer)
    stale = _page(rita.post(undo_it, {"decision": mine[0].pk}, headers=HTMX))
    assert "demo has since decided that this is spam, so this decision cannot be undone" in stale
    rita.post(undo_it, {"decision": mine[1].pk}, headers=HTMX)
    earlier.refresh_from_db()
    assert not earlier.is_revised
    page = _page(rita.get(queue))
    assert "Marked as not spam; demo has since decided spam: " in page
    assert "Later one" in page
    assert "moderation-undo" not in page
    assert 'data-key="u"' not in page


def test_what_one_decided_in_another_window_is_ones_own(rita: Client, comments: SpamFilter) -> None:
    row = judged("Nice", 0.5)
    decide = _at("moderation-decide", comments)
    rita.post(decide, _shown(row, verb="spam"))
    part = _page(rita.post(decide, _shown(row, verb="ham"), headers=HTMX))
    assert "You have decided it meanwhile, in another window: this is spam." in part
    assert "Rita Vew has" not in part


def test_a_text_that_changed_is_shown_again(rita: Client, comments: SpamFilter) -> None:
    row = judged("Nice", 0.5)
    shown = _shown(row, verb="ham")
    rita.post(_at("moderation-next", comments))
    Comment.objects.update(text="Nice pills")
    part = _page(rita.post(_at("moderation-decide", comments), shown, headers=HTMX))
    assert "The text was changed after you were shown it" in part
    assert "Nice pills" in part


@pytest.mark.parametrize(
    ("probability", "became"), [(0.05, "the filter accepts it"), (0.95, "the filter refuses it")]
)
def test_a_changed_text_that_waits_no_more_is_accounted_for(
    rita: Client, comments: SpamFilter, probability: float, became: str
) -> None:
    row = judged("Nice", 0.5)
    decide, shown = _at("moderation-decide", comments), _shown(row, verb="spam")
    rita.post(_at("moderation-next", comments))
    Comment.objects.update(text="Otherwise", spam_probability=probability)
    part = _page(rita.post(decide, shown, headers=HTMX))
    assert f"{became} as it is now; nothing more waits for you." in part
    assert "read it again" not in part
    assert not Claim.objects.exists()
    judged("Another", 0.5)
    part = _page(rita.post(decide, shown, headers=HTMX))
    assert f"{became} as it is now; the next one is shown." in part
    assert '<div class="hw-mod-words" dir="auto">Another</div>' in part


def test_a_changed_text_that_was_not_asked_for_is_accounted_for(
    rita: Client, comments: SpamFilter
) -> None:
    row = judged("Nice", 0.5)
    rita.post(_at("moderation-next", comments) + "?text=nice")
    Comment.objects.update(text="Otherwise")
    decide = _at("moderation-decide", comments) + "?text=nice"
    part = _page(rita.post(decide, _shown(row, verb="spam"), headers=HTMX))
    assert "it is not among those that you asked for now; nothing more waits for you." in part


def test_a_script_that_is_refused_is_told_why(
    rita: Client, comments: SpamFilter, reviewer: User
) -> None:
    row = judged("Nice", 0.5)
    posted = {"headers": HTMX}

    def told(name: str = "decide", **more: str) -> tuple[int, str]:
        answer = rita.post(_at(f"moderation-{name}", comments), _shown(row, **more), **posted)
        assert answer.headers["X-Headwater-Reason"] == "1"
        assert answer.headers["Content-Type"] == "text/plain"
        assert "Content-Security-Policy" in answer.headers
        return answer.status_code, answer.content.decode()

    assert told(verb="<b>") == (404, "“<b>” is nothing that can be decided.")
    assert told("undo", decision="7") == (404, "There is no such decision of yours.")
    SpamFilter.objects.filter(pk=comments.pk).delete()
    assert told(verb="spam") == (404, "This filter is gone.")
    reviewer.groups.clear()
    status, sentence = told(verb="spam")
    assert status == 403
    assert sentence.startswith("You may not review content: this needs the permission")
    rita.logout()
    assert told(verb="spam") == (401, "You are signed out.")
    # A form that is sent without a script goes to the sign-in page, and a page to “not found”.
    assert rita.post(_at("moderation-decide", comments), {}).status_code == 302
    assert not Decision.objects.exists()


def test_a_count_of_nothing_is_not_in_the_navigation(rita: Client, comments: SpamFilter) -> None:
    SpamFilter.objects.all().delete()
    page = _page(rita.get(reverse("headwater:moderation")))
    assert "hw-nav-count" not in page


def test_alike_ones_are_shown_together_and_decided_at_once(
    rita: Client, comments: SpamFilter, reviewer: User
) -> None:
    now = timezone.now()
    texts = [
        f"Earn five thousand dollars a week from home, see page {i} right now" for i in range(8)
    ]
    rows = [
        judged(text, 0.5 - i / 100, created_at=now - timedelta(minutes=i))
        for i, text in enumerate(texts)
    ]
    judged("Thank you for the article about gardens", 0.45)
    part = _page(rita.post(_at("moderation-next", comments), headers=HTMX))
    assert "7 others nearly the same" in part
    assert "All 8, this one included, came within 7 minutes" in part
    references = [f"{digest(row.text)}:{_kind()}:{row.pk}" for row in rows[1:6]]
    for reference in references:
        assert reference in part
    sent = _shown(rows[0], verb="all-spam", alike=[*references, "x:1:2", f"y:{_kind()}:z"])
    part = _page(rita.post(_at("moderation-decide", comments), sent, headers=HTMX))
    assert "Marked as spam: 6 items at once" in part
    assert Comment.objects.filter(is_revised=True, is_spam=True).count() == 6
    last = Decision.objects.first()
    part = _page(rita.post(_at("moderation-undo", comments), {"decision": last.pk}, headers=HTMX))
    assert not Comment.objects.filter(is_revised=True).exists()


def test_what_is_left_is_given_back(rita: Client, comments: SpamFilter, reviewer: User) -> None:
    row = judged("Nice", 0.5)
    rita.post(_at("moderation-next", comments))
    Claim.objects.update(until=timezone.now() + timedelta(seconds=3))
    shown = {"item": f"{_kind()}:{row.pk}"}
    assert rita.post(_at("moderation-keep", comments), shown).status_code == 204
    assert Claim.objects.get().until > timezone.now() + timedelta(minutes=4)
    quietly = rita.post(_at("moderation-leave", comments), {"quietly": "1"})
    assert quietly.status_code == 204
    assert not Claim.objects.exists()
    # A page that was loaded anew takes it back, unless somebody else has it by then.
    rita.post(_at("moderation-keep", comments), shown)
    assert Claim.objects.get().by == reviewer
    rita.post(_at("moderation-leave", comments))
    bob = User.objects.create_user("bob")
    assert claim(row, bob)
    rita.post(_at("moderation-keep", comments), shown)
    assert Claim.objects.get().by == bob
    Claim.objects.all().delete()
    assert claim(row, reviewer)
    rita.post(_at("moderation-leave", comments))
    assert not Claim.objects.exists()


def test_skipped_ones_can_be_looked_at_again(rita: Client, comments: SpamFilter) -> None:
    row = judged("Hard to say", 0.5)
    rita.post(_at("moderation-next", comments))
    part = _page(
        rita.post(_at("moderation-decide", comments), _shown(row, verb="skip"), headers=HTMX)
    )
    assert "You have skipped 1 item" in part
    again = rita.post(_at("moderation-next", comments) + "?skipped=1")
    assert again.headers["Location"].endswith("?skipped=1")
    assert "Hard to say" in _page(rita.get(again.headers["Location"]))


# --- texts that do harm ---


def test_markup_is_shown_and_never_run(rita: Client, comments: SpamFilter) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
    row = judged(evil, 0.5, author=evil[:50])
    pages = [
        _page(rita.post(_at("moderation-next", comments), headers=HTMX)),
        _page(rita.get(_at("moderation-list", comments) + "?text=%3Cscript")),
        _page(rita.get(_at("moderation-item", comments, _kind(), row.pk))),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_hidden_characters_are_named_and_directions_do_not_spill(
    rita: Client, comments: SpamFilter
) -> None:
    judged("pay \u202egnp.exe\u202c f\u200br\u200bee \u200b\u200b\u200b now \x07", 0.5)
    part = _page(rita.post(_at("moderation-next", comments), headers=HTMX))
    assert 'title="U+202E right-to-left override">U+202E</span>' in part
    assert 'title="U+200B zero width space × 3">U+200B × 3</span>' in part
    assert 'title="U+0007 control character">U+0007</span>' in part
    for hidden in "\u202e\u202c\u200b\x07":
        assert hidden not in part
    assert '<div class="hw-mod-words" dir="auto">' in part


def test_notes_are_as_safe_to_read_as_texts(
    rita: Client, comments: SpamFilter, reviewer: User
) -> None:
    row = judged("Nice", 0.5)
    add_note(row, "See \u202egnp.exe\nand \u200b<b>", reviewer)
    item = _at("moderation-item", comments, _kind(), row.pk)
    for page in (
        _page(rita.post(_at("moderation-next", comments), headers=HTMX)),
        _page(rita.get(item)),
    ):
        assert 'title="U+202E right-to-left override">U+202E</span>gnp.exe\nand <span' in page
        assert "&lt;b&gt;" in page
        assert "\u202e" not in page
        assert "\u200b" not in page


def test_emoji_and_scripts_that_need_joiners_stay_whole(rita: Client, comments: SpamFilter) -> None:
    family, persian = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "می\u200cخواهم"
    judged(f"{family} {persian} שלום", 0.5)
    part = _page(rita.post(_at("moderation-next", comments), headers=HTMX))
    assert family in part
    assert persian in part
    assert "hw-mod-hidden" not in part


@pytest.mark.parametrize("text", ["", " \n ", "x" * 1_000_000, "\u202e<" * 300_000])
def test_a_text_of_any_size_makes_a_page(rita: Client, comments: SpamFilter, text: str) -> None:
    judged(text, 0.5)
    part = rita.post(_at("moderation-next", comments), headers=HTMX)
    assert part.status_code == 200
    assert len(part.content) < 200_000
    assert len(rita.get(_at("moderation-list", comments)).content) < 200_000
    if not text.strip():
        assert b"Empty." in part.content


# --- the list ---


def test_the_list_is_searched_and_says_what_it_could_not_read(
    rita: Client, comments: SpamFilter
) -> None:
    judged("Free money", 0.6)
    judged("Thank you", 0.4)
    judged("Accepted thanks", 0.1)
    address = _at("moderation-list", comments)
    page = _page(rita.get(address))
    assert "2 items wait" in page
    assert "Accepted" not in page.replace("Accepted</option>", "")
    page = _page(rita.get(address, {"state": "open", "zone": "ham"}))
    assert "1 item found" in page
    assert "Accepted thanks" in page
    page = _page(rita.get(address, {"lowest": "50", "text": "MONEY"}))
    assert "Free money" in page
    assert "1 item found" in page
    page = _page(rita.get(address, {"lowest": "many", "older": "-1", "state": "x"}))
    assert "The least probability was “many”; it takes a number from 0 to 100." in page
    assert "The least age in days was “-1”" in page
    assert "No item is like that" in _page(rita.get(address, {"text": "nobody said this"}))


def test_ticked_ones_are_decided_and_undone(rita: Client, comments: SpamFilter) -> None:
    rows = [judged(f"Text {i}", 0.5) for i in range(4)]
    address = _at("moderation-list", comments)
    ticked = [f"{digest(row.text)}:{_kind()}:{row.pk}" for row in rows[:3]]
    page = _page(rita.post(address, {"item": ticked, "verb": "ham"}, follow=True))
    assert "3 items were marked as not spam." in page
    assert "You marked 3 items at once as not spam" in page
    assert Comment.objects.filter(is_revised=True, is_spam=False).count() == 3
    batch = Decision.objects.values_list("batch", flat=True)[0]
    undo = _at("moderation-undo-bulk", comments)
    assert "3 items were put back" in _page(rita.post(undo, {"batch": batch}, follow=True))
    assert not Comment.objects.filter(is_revised=True).exists()
    page = _page(rita.post(address, {"verb": "ham"}, follow=True))
    assert "Nothing was ticked" in page


def test_a_bulk_that_others_changed_is_undone_as_far_as_it_stands(
    rita: Client, comments: SpamFilter
) -> None:
    rows = [judged(f"Text {i}", 0.5) for i in range(4)]
    address = _at("moderation-list", comments)
    ticked = [f"{digest(row.text)}:{_kind()}:{row.pk}" for row in rows]
    rita.post(address, {"item": ticked[:2], "verb": "ham"})
    rita.post(address, {"item": ticked[2:], "verb": "spam"})
    demo = User.objects.create_user("demo")
    revise(rows[3], False, demo)
    page = _page(rita.get(address))
    assert "You marked 1 item at once as spam" in page
    batch = Decision.objects.filter(verb="spam")[0].batch
    undo_it = _at("moderation-undo-bulk", comments)
    page = _page(rita.post(undo_it, {"batch": batch}, follow=True))
    assert "1 item was put back as they were" not in page
    assert "1 item was put back as it was. 1 item was left as it is: demo has since decided" in page
    # What can never be undone is not offered again; what one did before it is.
    assert "You marked 2 items at once as not spam" in page
    for row in rows[:2]:
        revise(row, True, demo)
    assert "Undo all of it" not in _page(rita.get(address))


def test_all_that_are_found_are_decided_beyond_the_page(rita: Client, comments: SpamFilter) -> None:
    for i in range(60):
        judged(f"Buy {i}", 0.5)
    kept = judged("Hello", 0.5)
    address = _at("moderation-list", comments) + "?text=buy"
    page = _page(rita.get(address))
    assert page.count('name="item"') == 50
    assert "All 60 found, also those on other pages" in page
    judged("Buy one more", 0.5)
    page = _page(
        rita.post(address, {"everything": "1", "shown": "60", "verb": "spam"}, follow=True)
    )
    assert "61 items meet this now, and it was 60 when you looked" in page
    assert not Decision.objects.exists()
    page = _page(
        rita.post(address, {"everything": "1", "shown": "61", "verb": "spam"}, follow=True)
    )
    assert "61 items were marked as spam." in page
    kept.refresh_from_db()
    assert not kept.is_revised
    assert "Buy" not in _page(rita.get(_at("moderation-list", comments)))


def test_nobody_undoes_the_bulk_of_another(
    rita: Client, comments: SpamFilter, make_user: Any
) -> None:
    row = judged("Nice", 0.5)
    item = f"{digest(row.text)}:{_kind()}:{row.pk}"
    rita.post(_at("moderation-list", comments), {"item": item, "verb": "spam"})
    bob = Client()
    bob.force_login(make_user("bob", "review_content"))
    batch = Decision.objects.get().batch
    assert bob.post(_at("moderation-undo-bulk", comments), {"batch": batch}).status_code == 404
    assert Comment.objects.get().is_revised


# --- one item ---


def test_an_item_has_its_history_and_notes(rita: Client, comments: SpamFilter) -> None:
    row = judged("Nice", 0.3)
    address = _at("moderation-item", comments, _kind(), row.pk)
    sent = {"digest": digest("Nice"), "after": "0"}
    page = _page(rita.post(address, {**sent, "verb": "spam"}, follow=True))
    assert "This is marked as spam." in page
    assert "Decided by a person, against the filter." in page
    page = _page(rita.post(address, {**sent, "verb": "ham"}, follow=True))
    assert "You have decided it meanwhile, in another window: this is spam" in page
    page = _page(rita.post(address, {"verb": "note", "note": "<b>Known</b> pest"}, follow=True))
    assert "&lt;b&gt;Known&lt;/b&gt; pest" in page
    assert Note.objects.get().text == "<b>Known</b> pest"
    last = Decision.objects.get()
    page = _page(rita.post(address, {"verb": "undo", "decision": last.pk}, follow=True))
    assert "the verdict is as it was before" in page
    row.refresh_from_db()
    assert (row.is_spam, row.is_revised) == (False, False)
    assert [one.verb for one in Decision.objects.all()] == [Verb.UNDO, Verb.SPAM]
    assert "was empty" in _page(rita.post(address, {"verb": "note", "note": " "}, follow=True))


def test_other_fields_are_shown_to_those_who_may_view_the_model(
    rita: Client, comments: SpamFilter, page: Client, reviewer: User
) -> None:
    row = judged("Nice", 0.3, author="Mallory")
    address = _at("moderation-item", comments, _kind(), row.pk)
    client = Client()
    client.force_login(reviewer)
    assert "Mallory" not in _page(client.get(address))
    client.force_login(User.objects.get(username="analyst"))
    assert "Mallory" in _page(client.get(address))


def test_a_model_without_fields_has_the_same_pages(rita: Client, comments: SpamFilter) -> None:
    enquiries = a_filter("Enquiries")
    row = enquiry("Where is my order?", 0.5)
    part = _page(rita.post(_at("moderation-next", enquiries), headers=HTMX))
    assert "Where is my order?" in part
    assert ">subject<" in part.lower()
    spammable = spammable_of(type(row))
    assert spammable is not None
    sent = {
        "item": f"{spammable.content_type.pk}:{row.pk}",
        "digest": spammable.digest_of(row),
        "after": "0",
        "verb": "spam",
    }
    rita.post(_at("moderation-decide", enquiries), sent)
    row.refresh_from_db()
    assert row.unwanted is True


# --- the overview ---


def test_the_overview_counts_what_waits(
    rita: Client, comments: SpamFilter, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    judged("Doubtful", 0.5, created_at=timezone.now() - timedelta(days=3))
    judged("Unjudged", None)
    judged("Accepted", 0.1)
    with django_assert_max_num_queries(40):
        page = _page(rita.get(reverse("headwater:moderation")))
    assert "Comments" in page
    assert "the oldest from" in page
    assert "3 days ago" in page
    assert "can be told from 20 audited items on" in page
    assert "name the filter “Enquiries”" in page
    assert '<span class="hw-nav-count">2</span>' in page


def test_without_spammable_models_the_overview_says_how_to_begin(
    rita: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from headwater.console.moderation import overview

    monkeypatch.setattr(overview, "spammables", list)
    page = _page(rita.get(reverse("headwater:moderation")))
    assert "SPAM_FILTER = &quot;Comments&quot;" in page or 'SPAM_FILTER = "Comments"' in page


# --- reasons ---


def test_words_that_pushed_are_told_and_marked(rita: Client, comments: SpamFilter) -> None:
    for i in range(30):
        spam = bool(i % 2)
        text = f"Free pills number {i}, click here" if spam else f"Thank you for recipe {i}, lovely"
        judged(text, None, is_spam=spam, is_revised=True, judged_digest=digest(text))
    fit = comments.perform_inference()
    assert fit.status == "succeeded", fit.error
    judged("PILLS, and lovely <b>", 0.5)
    part = _page(rita.post(_at("moderation-next", comments), headers=HTMX))
    for_spam, against = part.split("Speaks against spam")
    assert "<bdi>pills</bdi>" in for_spam.split("Speaks for spam")[1].lower()
    assert "<bdi>lovely</bdi>" in against
    assert '<mark title="speaks for spam">PILLS</mark>' in part
    assert '<mark class="hw-mod-against" title="speaks against spam">lovely</mark>' in part


def test_without_reasons_the_page_says_why(
    rita: Client, comments: SpamFilter, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged("Hello", 0.5)
    part = _page(rita.post(_at("moderation-next", comments), headers=HTMX))
    assert "The filter has not learned yet, so it has no reasons." in part

    def fails(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(SpamFilter, "explain", fails)
    part = _page(rita.post(_at("moderation-next", comments), headers=HTMX))
    assert "The filter could not say why" in part


def test_a_page_and_all_that_it_loads_are_small(rita: Client, comments: SpamFilter) -> None:
    from django.contrib.staticfiles import finders

    for i in range(60):
        judged(f"Earn five thousand dollars a week from home, look at page {i} right now " * 9, 0.5)
    rita.post(_at("moderation-next", comments))
    for name in ("moderation-queue", "moderation-list"):
        page = _page(rita.get(_at(name, comments)))
        loaded = re.findall(r'(?:href|src)="/?static/([^"]+)"', page)
        assert len(loaded) >= 6
        size = len(page.encode())
        for path in loaded:
            found = finders.find(path)
            assert isinstance(found, str), path
            size += Path(found).stat().st_size
        assert size < 300_000, (name, size)
