"""Decisions of people: taken once, never lost, undone exactly."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from headwater.spam.claims import claim
from headwater.spam.errors import (
    DecidedMeanwhile,
    DecisionRefused,
    HeldByAnother,
    RowGone,
    TextChanged,
)
from headwater.spam.hold import STATE
from headwater.spam.models import Claim, Decision, SpamFilter, Verb, Verdict
from headwater.spam.revise import revise, skip, undo
from headwater.spam.spammable import digest, spammable_of
from tests.spam.moderation import a_filter, enquiry, judged
from tests.testapp.models import Comment, Person, Report


@pytest.fixture
def ann(transactional_db: None) -> User:
    return User.objects.create_user("ann", first_name="Ann", last_name="Lee")


@pytest.fixture
def bob(transactional_db: None) -> User:
    return User.objects.create_user("bob")


@pytest.fixture
def comments(transactional_db: None) -> SpamFilter:
    return a_filter()


def _state(row: Any) -> dict[str, Any]:
    kept = row
    if not isinstance(row, Comment):
        kept = Verdict.objects.filter(object_id=str(row.pk)).first() or Verdict()
        kept.is_spam = type(row).objects.get(pk=row.pk).unwanted
    else:
        kept.refresh_from_db()
    return {name: getattr(kept, name) for name in STATE}


def test_a_decision_sets_the_verdict_keeps_the_one_before_and_counts_once(
    comments: SpamFilter, ann: User
) -> None:
    row = judged("Buy now", 0.3)
    before = _state(row)
    decision = revise(row, True, ann, expected_digest=digest("Buy now"), after=0)
    assert _state(row) == {
        "is_spam": True,
        "is_misclassified": True,
        "is_revised": True,
        "judged_digest": digest("Buy now"),
        "is_edited": False,
    }
    assert row.is_spam is True
    kept = Decision.objects.get()
    assert kept == decision
    assert (kept.verb, kept.by, kept.before, kept.probability, kept.zone) == (
        Verb.SPAM,
        ann,
        before,
        0.3,
        "unsure",
    )
    comments.refresh_from_db()
    assert comments.counter == 1


@pytest.mark.parametrize(
    ("probability", "is_spam", "disagrees"),
    [(0.8, True, False), (0.8, False, True), (0.1, False, False), (None, True, False)],
)
def test_misclassified_is_what_the_filter_had_guessed_otherwise(
    comments: SpamFilter, ann: User, probability: float | None, is_spam: bool, disagrees: bool
) -> None:
    row = judged("Hello", probability)
    revise(row, is_spam, ann)
    assert row.is_misclassified is disagrees
    # A second thought is compared with the filter's guess, not with the first thought.
    revise(row, not is_spam, ann)
    assert row.is_misclassified is (probability is not None and not disagrees)


@pytest.mark.parametrize("make", [judged, enquiry])
def test_undo_puts_everything_back_and_leaves_a_trace(
    comments: SpamFilter, ann: User, make: Any
) -> None:
    row = make("Is it open?", 0.6)
    untouched = _state(row)
    first = revise(row, False, ann)
    second = revise(row, True, ann)
    after_first = second.before
    with pytest.raises(DecidedMeanwhile, match="You have since decided that this is spam"):
        undo(first, ann)
    undo(second, ann)
    assert _state(row) == after_first
    undo(first, ann)
    assert _state(row) == untouched
    with pytest.raises(DecidedMeanwhile, match="undone already"):
        undo(first, ann)
    assert [one.verb for one in Decision.objects.order_by("pk")] == ["ham", "spam", "undo", "undo"]
    with pytest.raises(DecisionRefused, match="Decide again"):
        undo(Decision.objects.latest("pk"), ann)


def test_a_model_without_fields_keeps_its_verdict_beside(ann: User, transactional_db: None) -> None:
    a_filter("Enquiries")
    row = enquiry("Where are you?", None)
    assert revise(row, False, ann).zone == ""
    assert row.unwanted is False
    kept = Verdict.objects.get()
    assert (kept.object_id, kept.is_revised, kept.is_spam) == (str(row.pk), True, False)
    revise(row, True, ann)
    row.refresh_from_db()
    assert row.unwanted is True
    assert Verdict.objects.get().is_spam is True


def test_a_text_that_changed_is_not_decided_on(comments: SpamFilter, ann: User) -> None:
    row = judged("Nice", 0.6)
    seen = digest(row.text)
    Comment.objects.update(text="Nice pills")
    with pytest.raises(TextChanged, match="changed after you were shown it"):
        revise(row, False, ann, expected_digest=seen)
    assert not Decision.objects.exists()
    comments.refresh_from_db()
    assert comments.counter == 0


def test_a_text_that_changed_after_a_decision_keeps_it_from_being_undone(
    comments: SpamFilter, ann: User
) -> None:
    row = judged("Nice", 0.6)
    decision = revise(row, False, ann)
    Comment.objects.update(text="Nice pills", is_edited=True)
    with pytest.raises(TextChanged, match="cannot be undone"):
        undo(decision, ann)
    assert Comment.objects.get().is_revised


def test_who_comes_second_is_told_what_the_first_has_decided(
    comments: SpamFilter, ann: User, bob: User
) -> None:
    row = judged("Nice", 0.6)
    revise(row, True, ann, after=0)
    with pytest.raises(DecidedMeanwhile, match="Ann Lee has decided meanwhile that this is spam"):
        revise(row, False, bob, after=0)
    assert _state(row)["is_spam"] is True
    last = Decision.objects.get()
    undo(last, ann)
    with pytest.raises(DecidedMeanwhile, match="undone meanwhile"):
        revise(row, False, bob, after=last.pk)


def test_a_held_row_is_left_alone_until_its_time_has_run_out(
    comments: SpamFilter, ann: User, bob: User
) -> None:
    row = judged("Nice", 0.6)
    assert claim(row, ann)
    for verb in (lambda: revise(row, True, bob), lambda: skip(row, bob)):
        with pytest.raises(HeldByAnother, match="Ann Lee is looking at this now"):
            verb()
    Claim.objects.update(until="2020-01-01T00:00Z")
    revise(row, True, bob)
    assert Decision.objects.get().by == bob


def test_a_decision_and_a_skip_let_go_of_the_row(
    comments: SpamFilter, ann: User, bob: User
) -> None:
    row = judged("Nice", 0.6)
    assert claim(row, ann)
    untouched = _state(row)
    skipped = skip(row, ann)
    assert not Claim.objects.exists()
    assert _state(row) == untouched
    undo(skipped, ann)
    assert claim(row, bob)
    revise(row, True, bob)
    assert not Claim.objects.exists()


def test_rows_that_are_gone_or_are_not_judged_are_refused(comments: SpamFilter, ann: User) -> None:
    row = judged("Nice", 0.6)
    decision = revise(row, True, ann)
    pk = row.pk
    Comment.objects.all().delete()
    with pytest.raises(RowGone, match=f"There is no comment {pk} any more"):
        revise(row, True, ann)
    with pytest.raises(RowGone):
        undo(decision, ann)
    with pytest.raises(TypeError, match=r"Rows of “testapp\.Person” are not"):
        revise(Person.objects.create(), True, ann)


def test_no_filter_of_the_name_keeps_no_decision_from_being_taken(ann: User) -> None:
    row = judged("Nice", None)
    revise(row, True, ann)
    assert row.is_revised
    assert Decision.objects.get().spam_filter is None


def _at_once(verbs: list[Any]) -> list[Any]:
    """Run each verb in a thread with a connection of its own; return results or errors."""
    barrier = threading.Barrier(len(verbs), timeout=30)
    results: list[Any] = [None] * len(verbs)

    def run(position: int) -> None:
        try:
            barrier.wait()
            results[position] = verbs[position]()
        except Exception as error:
            results[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,), daemon=True) for i in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_at_once_one_is_given() -> None:
    people = [User.objects.create_user(f"person {i}") for i in range(4)]
    for _ in range(5):
        row = judged("Nice", 0.6)
        got = _at_once([lambda row=row, person=person: claim(row, person) for person in people])
        assert sorted(got) == [False, False, False, True]
        held = Claim.objects.get(object_id=str(row.pk))
        assert held.by == people[got.index(True)]


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_is_taken_and_both_are_counted_right() -> None:
    spam_filter = a_filter()
    people = [User.objects.create_user(f"person {i}") for i in range(2)]
    for _ in range(5):
        row = judged("Nice", 0.6)
        got = _at_once(
            [
                lambda row=row, person=person, i=i: revise(row, bool(i), person, after=0)
                for i, person in enumerate(people)
            ]
        )
        (taken,) = [one for one in got if isinstance(one, Decision)]
        (refused,) = [one for one in got if not isinstance(one, Decision)]
        assert isinstance(refused, DecidedMeanwhile), refused
        row.refresh_from_db()
        assert row.is_spam is (taken.verb == Verb.SPAM)
    spam_filter.refresh_from_db()
    assert spam_filter.counter == 5


def test_what_the_caller_has_changed_and_not_saved_stays(comments: SpamFilter, ann: User) -> None:
    row = judged("Nice", 0.6)
    row.author = "Mallory"
    revise(row, False, ann)
    assert (row.author, row.is_revised, row.is_spam) == ("Mallory", True, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [judged, enquiry])
def test_a_decision_survives_saves_at_the_same_moment(make: Any) -> None:
    a_filter()
    a_filter("Enquiries")
    person = User.objects.create_user("ann")
    for i in range(8):
        row = make(f"Nice {i}", 0.6)
        other = type(row).objects.get(pk=row.pk)
        name = "text" if isinstance(row, Comment) else "message"
        setattr(other, name, f"Nice {i}, and more")
        got = _at_once([lambda row=row: revise(row, False, person), other.save])
        assert isinstance(got[0], Decision), got
        assert got[1] is None, got
        other.save()  # from memory, where nobody has decided
        kept = _state(row)
        assert (kept["is_spam"], kept["is_revised"]) == (False, True)
        # Whichever came first, it is known whether the person has read what there is now.
        seen = Decision.objects.get(object_id=str(row.pk), content_type=got[0].content_type)
        assert kept["judged_digest"] == seen.digest
        read_it = seen.digest == spammable_of(type(row)).digest_of(type(row).objects.get(pk=row.pk))  # type: ignore[union-attr]
        assert kept["is_edited"] is not read_it


def test_a_verdict_beside_a_row_with_a_uuid_is_found(ann: User) -> None:
    spam_filter = a_filter("Reports")
    one, other = Report.objects.create(text="Buy now"), Report.objects.create(text="A fault")
    revise(one, True, ann, spam_filter=spam_filter)
    spammable = spammable_of(Report)
    assert spammable is not None
    found = {row.pk: row.v_is_revised for row in spammable.verdicts()}
    assert found[one.pk] is True
    assert not found[other.pk]
    assert spammable.verdicts().get(v_is_revised=True).pk == one.pk
