"""What waits for a person: in which order, how much, and to whom it is given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from headwater.spam.models import Claim, SpamFilter
from headwater.spam.queue import Asked, Queue
from headwater.spam.revise import revise, skip, undo
from headwater.spam.waiting import number_waiting, waiting
from tests.spam.moderation import a_filter, enquiry, judged
from tests.testapp.models import Comment, Enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def comments(db: None) -> SpamFilter:
    return a_filter()


@pytest.fixture
def mixed(comments: SpamFilter) -> SpamFilter:
    """Comments of every kind; those named in “waits” wait, in this order."""
    judged("accepted", 0.19)
    judged("refused", 0.9)
    judged("unjudged", None)
    judged("audited", 0.05, is_sampled=True)
    judged("nearly spam", 0.85)
    judged("even", 0.51)
    judged("decided", 0.5, is_revised=True)
    judged("edited", 0.6, is_revised=True, is_edited=True)
    judged("least doubtful", 0.2)
    judged("audit done", 0.05, is_sampled=True, is_revised=True)
    judged("labelled elsewhere", None, is_spam=False)
    return comments


WAITS = ["even", "edited", "least doubtful", "nearly spam", "audited", "unjudged"]


def _texts(queue: Queue, start: int = 0, stop: int = 50) -> list[str]:
    return [item.text for item in queue.items(start, stop)]


def test_the_most_doubtful_come_first_and_what_is_settled_does_not_come(mixed: SpamFilter) -> None:
    queue = Queue(mixed)
    assert _texts(queue) == WAITS
    assert _texts(queue, 2, 4) == WAITS[2:4]
    assert queue.count() == number_waiting() == len(WAITS)
    marks = {item.text: item.mark for item in queue.items(0, 50)}
    assert marks == {
        "even": "doubtful",
        "edited": "edited",
        "least doubtful": "doubtful",
        "nearly spam": "doubtful",
        "audited": "audit",
        "unjudged": "unjudged",
    }


def test_they_are_counted_by_why_they_wait_and_how_old_they_are(mixed: SpamFilter) -> None:
    now = timezone.now()
    assert waiting(mixed).oldest is None
    Comment.objects.filter(text="even").update(created_at=now - timedelta(days=3))
    Comment.objects.filter(text="edited").update(created_at=now - timedelta(days=1))
    Comment.objects.filter(text="decided").update(created_at=now - timedelta(days=9))
    counted = waiting(mixed)
    assert (counted.total, counted.doubtful, counted.edited) == (6, 3, 1)
    assert (counted.audit, counted.unjudged) == (1, 1)
    assert counted.oldest == now - timedelta(days=3)


def test_several_models_are_one_queue(
    comments: SpamFilter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Enquiry, "SPAM_FILTER", "Comments")
    judged("second", 0.6)
    enquiry("first", 0.5)
    enquiry("third", 0.3)
    enquiry("settled", 0.5, is_revised=True)
    judged("last", None)
    enquiry("nobody judged", None)
    queue = Queue(comments)
    assert [text.strip() for text in _texts(queue)] == [
        "first", "second", "third", "last", "nobody judged",
    ]  # fmt: skip
    assert [text.strip() for text in _texts(queue, 1, 3)] == ["second", "third"]
    assert waiting(comments).total == 5
    only = Queue(comments, Asked(model="testapp.enquiry"))
    assert only.count() == 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(zone="unsure"), ["even", "edited", "least doubtful", "nearly spam"]),
        (Asked(zone="ham"), ["audited"]),
        (Asked(zone="none"), ["unjudged"]),
        (Asked(state="open", zone="spam"), ["refused"]),
        (Asked(state="open", zone="ham"), ["audited", "accepted"]),
        (Asked(state="decided"), ["edited", "decided", "audit done"]),
        (Asked(text="DOUBT"), ["least doubtful"]),
        (Asked(lowest=0.51, highest=0.7), ["even", "edited"]),
        (Asked(edited=True), ["edited"]),
        (Asked(audit=True), ["audited"]),
        (Asked(older=2), ["nearly spam"]),
        (Asked(newer=2), ["even"]),
    ],
)
def test_what_is_asked_for_is_found(mixed: SpamFilter, asked: Asked, found: list[str]) -> None:
    now = timezone.now()
    Comment.objects.filter(text="nearly spam").update(created_at=now - timedelta(days=3))
    Comment.objects.filter(text="even").update(created_at=now)
    queue = Queue(mixed, asked)
    assert _texts(queue) == found
    assert queue.count() == len(found)


def test_two_people_are_never_given_the_same(mixed: SpamFilter) -> None:
    ann, bob = User.objects.create_user("ann"), User.objects.create_user("bob")
    for_ann, for_bob = Queue(mixed, person=ann), Queue(mixed, person=bob)
    first, second = for_ann.next(), for_bob.next()
    assert first is not None
    assert second is not None
    assert [first.text, second.text] == ["even", "edited"]
    assert for_ann.next() == first  # until she has decided it is hers
    assert for_bob.held_by_others() == 1
    revise(first.row, True, ann)
    after = for_ann.next()
    assert after is not None
    assert after.text == "least doubtful"
    Claim.objects.update(until=timezone.now())
    again = for_bob.next()
    assert again is not None
    assert again.text == "edited"


def test_what_was_skipped_waits_for_others_and_can_be_asked_for(mixed: SpamFilter) -> None:
    ann, bob = User.objects.create_user("ann"), User.objects.create_user("bob")
    for_ann = Queue(mixed, person=ann)
    first = for_ann.next()
    assert first is not None
    skipped = skip(first.row, ann)
    after = for_ann.next()
    assert after is not None
    assert after.text == "edited"
    assert for_ann.left_by_person() == 1
    theirs = Queue(mixed, person=bob).next()
    assert theirs is not None
    assert theirs.text == "even"
    assert _texts(Queue(mixed, Asked(skipped=True), ann)) == ["even"]
    Claim.objects.all().delete()
    undo(skipped, ann)
    again = for_ann.next()
    assert again is not None
    assert again.text == "even"


def test_an_empty_queue_has_no_next(comments: SpamFilter) -> None:
    ann = User.objects.create_user("ann")
    judged("accepted", 0.1)
    assert Queue(comments, person=ann).next() is None
    assert waiting(comments).total == 0
    assert not Claim.objects.exists()
