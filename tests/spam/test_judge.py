"""Rows are judged as they are made and as their text changes, and people's decisions stay."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import isolate_apps

from headwater.learning.assign import forget
from headwater.spam import connect, judge, serving
from headwater.spam.models import Verdict
from headwater.spam.spammable import digest, spammable_of
from tests.spam.fakes import FakeScorer, serve_fake
from tests.testapp.models import Comment, Enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def scorer() -> FakeScorer:
    """Return a scorer that finds texts with “buy” to be spam, and serves both filters."""
    scorer = FakeScorer()
    for name in ("Comments", "Enquiries"):
        serve_fake(name, scorer)
    return scorer


def revise(row: Any, *, is_spam: bool) -> None:
    """Do to ``row`` in the database what a person's decision does."""
    spammable = spammable_of(type(row))
    assert spammable is not None
    values = {"is_spam": is_spam, "is_revised": True, "judged_digest": spammable.digest_of(row)}
    if spammable.has_own_fields:
        type(row)._default_manager.filter(pk=row.pk).update(**values)
        return
    type(row)._default_manager.filter(pk=row.pk).update(**{spammable.label_field: is_spam})
    Verdict.objects.filter(object_id=str(row.pk)).update(**values)


def test_without_a_filter_a_row_is_saved_without_a_verdict(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, logger="headwater.spam"):
        comment = Comment.objects.create(text="Buy this")
        enquiry = Enquiry.objects.create(subject="Hello", message="Buy this")
    comment.refresh_from_db()
    enquiry.refresh_from_db()
    assert (comment.is_spam, comment.spam_probability, comment.judged_digest) == (None, None, "")
    assert enquiry.unwanted is None
    assert "There is no spam filter “Comments”" in caplog.text
    assert "There is no spam filter “Enquiries”" in caplog.text


def test_a_new_row_is_judged(scorer: FakeScorer) -> None:
    spam, ham = Comment.objects.create(text="Buy this"), Comment.objects.create(text="Fine")
    for row in (spam, ham):
        row.refresh_from_db()
    assert (spam.is_spam, spam.spam_probability, spam.judged_digest) == (
        True,
        0.95,
        digest("Buy this"),
    )
    assert (ham.is_spam, ham.spam_probability) == (False, 0.05)
    assert spam.judged_by is not None
    assert spam.judged_by.model.name == "Comments"
    assert not spam.is_revised
    assert not spam.is_edited


def test_a_new_row_of_a_model_with_the_names_only_is_judged(scorer: FakeScorer) -> None:
    enquiry = Enquiry.objects.create(subject="Offer", message="Buy this")
    enquiry.refresh_from_db()
    assert enquiry.unwanted is True
    verdict = Verdict.objects.get()
    assert (verdict.object_id, verdict.is_spam, verdict.spam_probability) == (
        str(enquiry.pk),
        True,
        0.95,
    )
    assert verdict.judged_digest == digest("Offer\nBuy this")
    enquiry.delete()
    assert not Verdict.objects.exists()


def test_other_saves_judge_nothing(scorer: FakeScorer) -> None:
    comment = Comment.objects.create(text="Buy this")
    enquiry = Enquiry.objects.create(message="Buy this")
    scorer.texts.clear()
    comment.author = "Ann"
    comment.save()
    comment.text = "not saved"
    comment.save(update_fields=["author"])
    Comment.objects.defer("text").get().save()
    Comment.objects.only("author").get().save()
    enquiry.save()
    enquiry.save(update_fields=["unwanted"])
    assert scorer.texts == []
    comment.refresh_from_db()
    assert (comment.text, comment.author, comment.is_spam) == ("Buy this", "Ann", True)


def test_a_changed_text_is_judged_anew(scorer: FakeScorer) -> None:
    comment = Comment.objects.create(text="Buy this")
    enquiry = Enquiry.objects.create(message="Buy this")
    comment.text = "Fine"
    comment.save()
    assert comment.is_spam is False
    enquiry.message = "Fine"
    enquiry.save(update_fields=["message"])
    for row in (comment, enquiry):
        row.refresh_from_db()
    assert (comment.is_spam, comment.spam_probability, comment.judged_digest) == (
        False,
        0.05,
        digest("Fine"),
    )
    assert enquiry.unwanted is False
    comment.text = "Buy this again"
    comment.save(update_fields={"text"})
    comment.refresh_from_db()
    assert (comment.text, comment.is_spam) == ("Buy this again", True)


def test_an_edited_row_that_was_revised_keeps_its_label(scorer: FakeScorer) -> None:
    comment = Comment.objects.create(text="Buy this")
    enquiry = Enquiry.objects.create(message="Buy this")
    for row in (comment, enquiry):
        revise(row, is_spam=False)
    stale = Comment.objects.get()
    comment.text, enquiry.message = "Buy more", "Buy more"
    comment.save()
    enquiry.save()  # its label in memory is the machine's still
    assert (comment.is_spam, comment.is_revised, comment.is_edited) == (False, True, True)
    comment.refresh_from_db()
    enquiry.refresh_from_db()
    assert (comment.is_spam, comment.is_revised, comment.is_edited) == (False, True, True)
    assert comment.judged_digest == digest("Buy this")
    assert enquiry.unwanted is False
    verdict = Verdict.objects.get()
    assert (verdict.is_spam, verdict.is_revised, verdict.is_edited) == (False, True, True)
    stale.text = "Buy this"  # as the person saw it
    stale.save()
    stale.refresh_from_db()
    assert (stale.is_spam, stale.is_edited) == (False, False)


def test_a_row_in_memory_that_is_older_than_a_decision_does_not_undo_it(scorer: FakeScorer) -> None:
    comment = Comment.objects.create(text="Buy this")
    enquiry = Enquiry.objects.create(message="Buy this")
    for row in (comment, enquiry):
        revise(row, is_spam=False)
        row.save()
    assert comment.is_spam is False  # and the row in memory learns of it
    assert comment.is_revised
    for row in (comment, enquiry):
        row.refresh_from_db()
    assert (comment.is_spam, comment.is_revised) == (False, True)
    assert enquiry.unwanted is False
    again = Comment(pk=comment.pk, text="Buy everything")  # made anew over the same key
    again.save()
    again.refresh_from_db()
    assert (again.text, again.is_spam, again.is_revised) == ("Buy everything", False, True)


def test_a_decision_between_reading_and_writing_stays(
    scorer: FakeScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = Comment.objects.create(text="Fine")
    comment.text = "Buy this"
    before = judge.guess_of

    def slow(name: str, text: str, **options: Any) -> Any:
        revise(Comment.objects.get(), is_spam=False)  # somebody, while the filter thinks
        return before(name, text, **options)

    monkeypatch.setattr(judge, "guess_of", slow)
    comment.save()
    comment.refresh_from_db()
    assert (comment.is_spam, comment.is_revised, comment.is_edited) == (False, True, True)
    assert comment.spam_probability == 0.95


def test_a_filter_that_fails_keeps_nothing_from_being_saved(
    scorer: FakeScorer, caplog: pytest.LogCaptureFixture
) -> None:
    comment = Comment.objects.create(text="Buy this")
    enquiry = Enquiry.objects.create(message="Buy this")
    scorer.fails = True
    comment.text, enquiry.message = "Fine", "Fine"
    with caplog.at_level(logging.WARNING, logger="headwater.spam"):
        comment.save()
        enquiry.save()
        new = Comment.objects.create(text="new")
    for row in (comment, enquiry, new):
        row.refresh_from_db()
    assert (comment.text, comment.is_spam, comment.spam_probability) == ("Fine", None, None)
    assert (enquiry.message, enquiry.unwanted) == ("Fine", None)
    assert (new.is_spam, new.judged_by) == (None, None)
    assert "The spam filter “Comments” failed on a text." in caplog.text


def test_an_error_of_the_database_while_judging_spoils_no_transaction(
    scorer: FakeScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column FROM testapp_comment")

    monkeypatch.setattr(serving, "_current", refuse)
    forget()
    with transaction.atomic():
        comment = Comment.objects.create(text="Buy this")
        enquiry = Enquiry.objects.create(message="Buy this")
        assert Comment.objects.filter(pk=comment.pk, is_spam=None).exists()
        assert Enquiry.objects.filter(pk=enquiry.pk, unwanted=None).exists()


def test_audits_are_drawn_from_what_no_person_sees(
    scorer: FakeScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_fake("Comments", scorer, audit_share=0.5)
    monkeypatch.setattr(judge, "chance", lambda: 0.4)
    assert Comment.objects.create(text="Fine").is_sampled
    assert Comment.objects.create(text="Buy this").is_sampled
    assert not Comment.objects.create(text="perhaps").is_sampled  # a person sees it anyway
    monkeypatch.setattr(judge, "chance", lambda: 0.6)
    assert not Comment.objects.create(text="Fine").is_sampled


def test_a_label_that_a_row_is_made_with_is_a_persons_where_it_says_so(scorer: FakeScorer) -> None:
    comment = Comment.objects.create(text="Buy this", is_spam=False, is_revised=True)
    comment.refresh_from_db()
    assert (comment.is_spam, comment.is_revised, comment.is_edited) == (False, True, False)
    assert comment.spam_probability == 0.95
    comment.pk = None
    comment._state.adding = True
    comment.text = "Buy that"  # a copy with another text
    comment.save()
    comment.refresh_from_db()
    assert (comment.is_spam, comment.is_edited) == (False, True)


def test_rows_saved_in_the_name_of_a_proxy_are_judged(
    scorer: FakeScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with isolate_apps("tests.testapp"):

        class Letter(Enquiry):
            class Meta:
                app_label = "testapp"
                proxy = True

    monkeypatch.setattr(connect.apps, "get_models", lambda: [Letter])
    connect.connect_models()
    monkeypatch.undo()
    letter = Letter.objects.create(message="Buy this")
    assert Enquiry.objects.get(pk=letter.pk).unwanted is True
    assert Verdict.objects.get().content_type.model == "enquiry"
