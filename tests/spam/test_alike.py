"""What waits and says the same is shown together, and notes and history are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from headwater.spam.alike import alike
from headwater.spam.claims import claim
from headwater.spam.history import LastOf, history_of, last_of_person, undoable
from headwater.spam.models import Decision
from headwater.spam.notes import LONGEST, add_note, notes_on
from headwater.spam.queue import Queue
from headwater.spam.revise import revise, skip, undo
from headwater.spam.spammable import spammable_of
from tests.spam.moderation import a_filter, judged
from tests.testapp.models import Comment

pytestmark = pytest.mark.django_db

PITCH = "Earn five thousand dollars a week from home, visit my channel number {} right now!!"


def test_texts_that_say_the_same_are_shown_together() -> None:
    spam_filter, ann = a_filter(), User.objects.create_user("ann")
    now = timezone.now()
    first = judged(PITCH.format(1), 0.5, created_at=now)
    for i in range(2, 6):
        judged(PITCH.format(i), 0.4, created_at=now - timedelta(minutes=i))
    judged("A thoughtful answer about gardening in the north of the country", 0.45)
    judged(PITCH.format(6), 0.1)  # accepted: it does not wait
    held = judged(PITCH.format(7), 0.4)
    assert claim(held, User.objects.create_user("bob"))
    queue = Queue(spam_filter, person=ann)
    item = queue.next()
    assert item is not None
    assert item.row == first
    found = alike(item, queue)
    assert sorted(one.text for one in found.items) == [PITCH.format(i) for i in range(2, 6)]
    assert (found.in_burst, found.minutes) == (5, 5)


def test_a_text_like_no_other_is_alone() -> None:
    spam_filter = a_filter()
    judged("Thank you", 0.5)
    judged("", 0.4)
    judged("", 0.4)
    queue = Queue(spam_filter, person=User.objects.create_user("ann"))
    for item in queue.items(0, 3):
        assert alike(item, queue).items == ()


def test_the_history_tells_what_can_be_undone() -> None:
    spam_filter, ann = a_filter(), User.objects.create_user("ann")
    row = judged("Nice", 0.6)
    spammable = spammable_of(Comment)
    assert spammable is not None
    kind = spammable.content_type
    assert history_of(kind, str(row.pk)) == []
    skip(row, ann)
    first = revise(row, True, ann)
    second = revise(row, False, ann)
    assert last_of_person(ann, spam_filter.pk) == LastOf(second, None, True)
    undo(second, ann)
    told = [
        (past.decision.verb, past.is_undone, past.can_undo)
        for past in history_of(kind, str(row.pk))
    ]
    assert told == [
        ("undo", False, False),
        ("ham", True, False),
        ("spam", False, True),
        ("skip", False, False),
    ]
    standing = [past.decision for past in history_of(kind, str(row.pk)) if past.can_undo]
    assert standing == [first]
    assert last_of_person(ann, spam_filter.pk) == LastOf(first, None, True)


def test_what_cannot_be_undone_any_more_is_not_offered() -> None:
    spam_filter, ann = a_filter(), User.objects.create_user("ann")
    bob, number = User.objects.create_user("bob"), spam_filter.pk
    rows = [judged(f"Nice {i}", 0.6) for i in range(4)]
    assert last_of_person(ann, number) is None
    decisions = [revise(row, True, ann) for row in rows[:3]]
    assert undoable(decisions) == {one.pk for one in decisions}
    Comment.objects.filter(pk=rows[2].pk).update(is_edited=True)
    assert last_of_person(ann, number) == LastOf(decisions[1], None, True)
    theirs = revise(rows[1], False, bob)
    assert last_of_person(ann, number) == LastOf(decisions[0], None, True)
    rows[0].delete()
    assert undoable(decisions) == set()
    assert last_of_person(ann, number) == LastOf(decisions[2], None, False)
    rows[2].delete()
    skip(rows[1], ann)  # on top of what Bob decided
    assert last_of_person(ann, number) == LastOf(Decision.objects.all()[0], None, True)
    skip(rows[3], ann)
    later = revise(rows[3], False, bob)
    undo(theirs, bob)  # hers on it holds again
    skipped = Decision.objects.filter(verb="skip")
    assert undoable([*decisions, *skipped]) == {decisions[1].pk, skipped[1].pk}
    Decision.objects.exclude(pk__in=[skipped[0].pk, later.pk]).delete()
    assert last_of_person(ann, number) == LastOf(skipped[0], later, False)


def test_notes_are_kept_in_order_and_empty_ones_are_not() -> None:
    ann, row = User.objects.create_user("ann"), judged("Nice", 0.6)
    add_note(row, "  Wrote before. ", ann)
    add_note(row, "Same address as\0 yesterday.", ann)
    spammable = spammable_of(Comment)
    assert spammable is not None
    assert [one.text for one in notes_on(spammable.content_type, str(row.pk))] == [
        "Wrote before.",
        "Same address as yesterday.",
    ]
    with pytest.raises(ValueError, match="was empty"):
        add_note(row, " \n", ann)
    with pytest.raises(ValueError, match="2,001 characters, and a note has 2,000 at most"):
        add_note(row, "x" * (LONGEST + 1), ann)
