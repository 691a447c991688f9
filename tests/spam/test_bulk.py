"""Many rows at once: each has its decision, and all of it can be undone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from headwater.spam.bulk import decide_all, decide_items, shown, undo_batch
from headwater.spam.claims import claim
from headwater.spam.errors import HeldByAnother, TextChanged
from headwater.spam.models import Decision, SpamFilter, Verdict
from headwater.spam.queue import Asked, Queue
from headwater.spam.revise import revise
from tests.spam.moderation import a_filter, enquiry, judged
from tests.testapp.models import Comment, Enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def comments(db: None) -> SpamFilter:
    return a_filter()


def test_all_that_meet_what_is_asked_are_decided_and_undone(
    comments: SpamFilter, ann: User, django_assert_max_num_queries: object
) -> None:
    rows = [judged(f"Buy {i}", 0.3 + i / 1000) for i in range(30)]
    other = judged("Hello", 0.5)
    bob = User.objects.create_user("bob")
    assert claim(rows[3], bob)
    before = {row.pk: row.is_spam for row in rows}
    bulk = decide_all(Queue(comments, Asked(text="buy"), ann), True, ann)
    assert (bulk.decided, bulk.left) == (29, 0)
    assert [type(one) for one in bulk.refused] == [HeldByAnother]
    assert (
        Comment.objects.filter(is_spam=True, is_revised=True, is_misclassified=True).count() == 29
    )
    assert Decision.objects.filter(batch=bulk.batch, verb="spam", by=ann).count() == 29
    comments.refresh_from_db()
    assert comments.counter == 29

    revise(rows[5], False, ann)
    undone = undo_batch(bulk.batch, ann)
    assert (undone.decided, len(undone.refused)) == (28, 1)
    kept = {row.pk: row for row in Comment.objects.exclude(pk=other.pk)}
    assert kept.pop(rows[5].pk).is_revised
    assert {pk: row.is_spam for pk, row in kept.items()} == {pk: before[pk] for pk in kept}
    assert not any(row.is_revised or row.is_misclassified for row in kept.values())
    assert undo_batch(bulk.batch, ann).decided == 0


def test_more_than_the_most_are_left_for_the_next_press(comments: SpamFilter, ann: User) -> None:
    for i in range(7):
        judged(f"Buy {i}", 0.5)
    bulk = decide_all(Queue(comments, person=ann), True, ann, most=5)
    assert (bulk.decided, bulk.left) == (5, 2)
    assert decide_all(Queue(comments, person=ann), True, ann, most=5).decided == 2


def test_ticked_rows_are_decided_as_they_were_seen(comments: SpamFilter, ann: User) -> None:
    for text in ("one", "two", "three"):
        judged(text, 0.5)
    items = Queue(comments).items(0, 10)
    Comment.objects.filter(text="two").update(text="two and more")
    bulk = decide_items([(one.spammable, shown(one, 0)) for one in items], False, ann, comments)
    assert bulk.decided == 2
    assert [type(one) for one in bulk.refused] == [TextChanged]
    assert not Comment.objects.get(text="two and more").is_revised


def test_verdicts_beside_their_rows_are_decided_alike(ann: User) -> None:
    enquiries = a_filter("Enquiries")
    for i in range(3):
        enquiry(f"Where {i}", 0.4)
    enquiry("When", None)
    bulk = decide_all(Queue(enquiries, person=ann), True, ann)
    assert bulk.decided == 4
    assert set(Enquiry.objects.values_list("unwanted", flat=True)) == {True}
    assert Verdict.objects.filter(is_revised=True, is_spam=True).count() == 4
    undo_batch(bulk.batch, ann)
    assert sorted(Enquiry.objects.values_list("unwanted", flat=True), key=str) == [
        False, False, False, None,
    ]  # fmt: skip
    assert not Verdict.objects.filter(is_revised=True).exists()


def test_a_thousand_rows_take_few_statements(
    comments: SpamFilter, ann: User, django_assert_max_num_queries: object
) -> None:
    Comment.objects.bulk_create(
        [Comment(text=f"Buy {i}", spam_probability=0.5, is_spam=True) for i in range(1000)]
    )
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        bulk = decide_all(Queue(comments, person=ann), True, ann)
    assert bulk.decided == 1000
