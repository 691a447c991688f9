"""Rows without a verdict get one later; what people decided stays."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from headwater.spam import judge
from headwater.spam.models import SpamFilter, Verdict
from headwater.spam.pending import (
    Judged,
    judge_pending,
    missing_filters,
    unjudged,
    why_unjudged,
)
from headwater.spam.spammable import digest
from tests.spam.fakes import FakeScorer, serve_fake
from tests.spam.texts import texts
from tests.testapp.models import Comment, Enquiry

pytestmark = pytest.mark.django_db


def test_rows_without_a_verdict_get_one() -> None:
    Comment.objects.bulk_create([Comment(text=f"Buy {i}" if i % 2 else "Fine") for i in range(7)])
    revised = Comment.objects.create(text="Buy", is_spam=False, is_revised=True)
    scorer = FakeScorer()
    spam_filter = serve_fake("Comments", scorer)
    assert [one.n for one in unjudged("Comments")] == [7]
    assert judge_pending(spam_filter, block=3) == Judged(read=7, judged=7, failed=0)
    assert [one.n for one in unjudged("Comments")] == [0]
    assert Comment.objects.filter(is_spam=True, spam_probability=0.95).count() == 3
    row = Comment.objects.filter(text="Fine").first()
    assert row is not None
    assert (row.judged_by, row.judged_digest) == (spam_filter.current_fit, digest("Fine"))
    revised.refresh_from_db()
    assert (revised.is_spam, revised.spam_probability) == (False, None)
    scorer.texts.clear()
    assert judge_pending(spam_filter) == Judged(0, 0, 0)
    assert scorer.texts == []


def test_rows_of_a_model_with_the_names_only_get_one() -> None:
    Enquiry.objects.bulk_create([Enquiry(message="Buy"), Enquiry(message="Fine")])
    Enquiry.objects.bulk_create([Enquiry(message="Buy", unwanted=False)])  # filled in by somebody
    spam_filter = serve_fake("Enquiries", FakeScorer())
    assert judge_pending(spam_filter, again=True) == Judged(2, 2, 0)
    assert list(Enquiry.objects.order_by("pk").values_list("unwanted", flat=True)) == [
        True,
        False,
        False,
    ]
    assert Verdict.objects.count() == 2


def test_again_judges_what_a_filter_judged_and_not_what_a_person_did() -> None:
    serve_fake("Comments", FakeScorer())
    spam, revised = Comment.objects.create(text="Buy"), Comment.objects.create(text="Buy")
    Comment.objects.filter(pk=revised.pk).update(is_spam=False, is_revised=True)

    class Lenient(FakeScorer):
        def probability(self, text: str) -> float:
            return 0.3

    spam_filter = serve_fake("Comments", Lenient())
    assert judge_pending(spam_filter).read == 0
    assert judge_pending(spam_filter, again=True) == Judged(1, 1, 0)
    spam.refresh_from_db()
    revised.refresh_from_db()
    assert (spam.is_spam, spam.spam_probability) == (False, 0.3)
    assert (revised.is_spam, revised.is_revised, revised.spam_probability) == (False, True, 0.95)


def test_a_text_that_changes_meanwhile_is_left_to_its_own_saving() -> None:
    Comment.objects.bulk_create([Comment(text="Buy")])

    class Slow(FakeScorer):
        def probabilities(self, texts: Any) -> list[float]:
            Comment.objects.update(text="Fine")
            return super().probabilities(texts)

    assert judge_pending(serve_fake("Comments", Slow())) == Judged(read=1, judged=0, failed=0)
    assert Comment.objects.get().is_spam is None


def test_one_text_that_makes_the_filter_fail_keeps_no_other_from_being_judged() -> None:
    Comment.objects.bulk_create([Comment(text="Buy"), Comment(text="trap"), Comment(text="Fine")])

    class Trapped(FakeScorer):
        def probability(self, text: str) -> float:
            if text == "trap":
                raise ValueError("trapped")
            return super().probability(text)

    spam_filter = serve_fake("Comments", Trapped())
    assert judge_pending(spam_filter) == Judged(read=3, judged=2, failed=1)
    assert [row.text for row in Comment.objects.filter(is_spam=None)] == ["trap"]


def test_what_keeps_a_filter_from_judging_is_told() -> None:
    assert {"Comments", "Enquiries"} <= set(missing_filters())
    assert "There is no spam filter “Comments”" in why_unjudged("Comments")
    SpamFilter.objects.create(name="Comments")
    assert "Comments" not in missing_filters()
    assert "“Comments” has no inference yet" in why_unjudged("Comments")
    scorer = FakeScorer()
    serve_fake("Comments", scorer)
    assert why_unjudged("Comments") == ""
    scorer.fails = True
    assert "fails (RuntimeError: out of order)" in why_unjudged("Comments")


def test_after_a_fit_what_has_no_verdict_is_judged(
    make_filter: Callable[..., SpamFilter],
    make_revised: Callable[..., Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    spam_filter = make_filter()
    early = Comment.objects.create(text=texts(1, seed=5, is_spam=True)[0])
    assert early.is_spam is None
    make_revised()
    with django_capture_on_commit_callbacks(execute=True):
        fit = spam_filter.perform_inference()
    early.refresh_from_db()
    assert (early.is_spam, early.judged_by_id) == (True, fit.pk)


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "chance", lambda: 1.0)
    Comment.objects.bulk_create([Comment(text="Buy")])
    with pytest.raises(CommandError, match="There is no spam filter “Comments”"):
        call_command("judge_pending", "--filter", "Comments")
    SpamFilter.objects.create(name="Comments")
    out = StringIO()
    with pytest.raises(CommandError, match="Not judged: Comments"):
        call_command("judge_pending", stdout=out)
    assert "no inference yet" in out.getvalue()
    serve_fake("Comments", FakeScorer())
    out = StringIO()
    call_command("judge_pending", stdout=out)
    assert out.getvalue() == "“Comments”: 1 row read, 1 judged.\n"
    out = StringIO()
    call_command("judge_pending", "--filter", "Comments", "--again", stdout=out)
    assert out.getvalue() == "“Comments”: 1 row read, 1 judged.\n"
