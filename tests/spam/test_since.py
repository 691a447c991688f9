"""What people decide after a fit: it counts at once, and the next fit is judged by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from headwater.learning.assign import forget
from headwater.learning.models import Fit, FitStatus
from headwater.learning.serve import serve
from headwater.spam import learn as learning
from headwater.spam.models import SpamFilter
from headwater.spam.pending import judge_pending
from headwater.spam.replay import decided_since
from headwater.spam.revise import revise, skip, undo
from headwater.spam.serving import _loaded as loaded
from headwater.spam.serving import serving
from headwater.spam.state import definition
from headwater.spam.training import read_training_set
from tests.spam.texts import texts
from tests.testapp.models import Comment, Enquiry

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def forget_asking() -> None:
    """Have the database asked again, as after a second; what is loaded stays."""
    for key, one in list(loaded.items()):
        loaded[key] = replace(one, asked_at=-10.0)


ODD = "Kindly ask about knitting circles in our town"


@pytest.fixture
def user() -> Any:
    """Return who decides."""
    return get_user_model().objects.create(username="moderator")


@pytest.fixture
def fitted(make_filter: Make, make_revised: Make) -> SpamFilter:
    """Return a filter with a fit."""
    make_revised()
    spam_filter: SpamFilter = make_filter()
    assert spam_filter.perform_inference().status == FitStatus.SUCCEEDED
    return spam_filter


def test_a_decision_counts_at_once_in_what_is_judged_next(fitted: SpamFilter, user: Any) -> None:
    before = fitted.predict_proba([ODD])[0]
    comment = Comment.objects.create(text=ODD)
    decision = revise(comment, before < 0.5, user)
    forget()  # a second later, that is
    after = fitted.predict_proba([ODD])[0]
    assert (after > before) == (before < 0.5)
    assert abs(after - before) > 0.01
    assert decided_since(serving("Comments"), using="default") == [(ODD, before < 0.5)]
    undo(decision, user)
    forget()
    assert fitted.predict_proba([ODD])[0] == pytest.approx(before, abs=1e-12)
    assert decided_since(serving("Comments"), using="default") == []


def test_each_decision_is_put_on_top_of_those_before(fitted: SpamFilter, user: Any) -> None:
    rows = [Comment.objects.create(text=f"{ODD} number {n}") for n in range(4)]
    for n, row in enumerate(rows):
        revise(row, bool(n % 2), user)
        step = serving("Comments").replayed
        forget_asking()
        assert serving("Comments").replayed[: len(step)] == step
    at_once = serving("Comments").scorer
    forget()  # another process
    anew = serving("Comments").scorer
    assert at_once is not anew
    assert (at_once.weights == anew.weights).all()
    # Who decides otherwise on the first one changes what stands before the others.
    revise(rows[0], True, user)
    forget_asking()
    changed = serving("Comments").scorer
    forget()
    assert (changed.weights == serving("Comments").scorer.weights).all()


def test_a_text_changed_past_save_teaches_nothing(fitted: SpamFilter, user: Any) -> None:
    comment = Comment.objects.create(text=ODD)
    revise(comment, False, user)
    assert len(read_training_set(definition(fitted))) == 51
    other = texts(1, seed=77, is_spam=True)[0]
    Comment.objects.filter(pk=comment.pk).update(text=other)
    forget()
    assert decided_since(serving("Comments"), using="default") == []
    assert len(read_training_set(definition(fitted))) == 50
    comment.refresh_from_db()
    assert not comment.is_edited
    judge_pending(fitted, again=True)  # which looks at every row
    comment.refresh_from_db()
    assert (comment.is_edited, comment.is_spam, comment.is_revised) == (True, False, True)
    assert comment.spam_probability == pytest.approx(fitted.predict_proba([other])[0], abs=1e-9)

    unrevised = Comment.objects.create(text=texts(1, seed=78, is_spam=False)[0])
    Comment.objects.filter(pk=unrevised.pk).update(text=other)
    unrevised.refresh_from_db()
    unrevised.save()  # sees that the verdict is on another text
    assert unrevised.is_spam is True


def test_a_filter_that_reads_only_some_of_the_texts_reads_what_was_decided(
    make_filter: Make, user: Any
) -> None:
    """People judge subject and message together; this filter learns from the messages alone."""
    from django.contrib.contenttypes.models import ContentType

    for n in range(12):
        message = texts(1, seed=n, is_spam=bool(n % 2))[0]
        enquiry = Enquiry.objects.create(subject=f"Number {n}", message=message)
        revise(enquiry, bool(n % 2), user)
    spam_filter = make_filter(
        name="Messages",
        rows=ContentType.objects.get_for_model(Enquiry),
        text_columns=["message"],
    )
    training = read_training_set(definition(spam_filter))
    assert training.y.tolist() == [0, 1] * 6
    assert not any("Number" in text for text in training.texts)


def test_without_learning_at_once_the_fit_alone_judges(fitted: SpamFilter, user: Any) -> None:
    before = fitted.predict_proba([ODD])[0]
    revise(Comment.objects.create(text=ODD), before < 0.5, user)
    fitted.online_updates = False
    fitted.save()
    assert fitted.predict_proba([ODD])[0] == before
    fitted.online_updates = True
    fitted.save()
    assert fitted.predict_proba([ODD])[0] != before


def test_the_same_decisions_give_the_same_filter_in_every_process(
    fitted: SpamFilter, user: Any
) -> None:
    for number, text in enumerate(texts(6, seed=12, is_spam=True)):
        revise(Comment.objects.create(text=f"{text} {ODD}"), number % 2 == 0, user)
        forget()
        step_by_step = fitted.predict_proba([ODD, text])
    forget()
    assert fitted.predict_proba([ODD, text]) == step_by_step


def test_a_row_edited_since_or_skipped_teaches_nothing(fitted: SpamFilter, user: Any) -> None:
    edited, skipped = Comment.objects.create(text=ODD), Comment.objects.create(text=ODD + "!")
    revise(edited, True, user)
    skip(skipped, user)
    edited.text = "another text"
    edited.save()
    forget()
    assert decided_since(serving("Comments"), using="default") == []


def test_the_next_fit_learns_it_and_nothing_is_replayed(fitted: SpamFilter, user: Any) -> None:
    revise(Comment.objects.create(text=ODD), True, user)
    fit = fitted.perform_inference(recalculate=True)
    assert fit.summary["n_own"] == 51
    assert decided_since(serving("Comments"), using="default") == []


def test_a_few_queries_a_second_and_no_more(
    fitted: SpamFilter, django_assert_num_queries: Any
) -> None:
    fitted.predict([ODD])
    with django_assert_num_queries(0):
        fitted.predict([ODD] * 3)
    with django_assert_num_queries(1):
        Comment.objects.create(text=ODD)


def _decide_on(n: int, user: Any, *, right: bool) -> None:
    for is_spam in (False, True):
        for text in texts(n, seed=31, is_spam=is_spam):
            revise(Comment.objects.create(text=text), is_spam == right, user)


def test_a_new_fit_is_compared_on_labels_that_neither_learned_from(
    fitted: SpamFilter, user: Any
) -> None:
    first = fitted.current_fit
    _decide_on(10, user, right=True)
    fit = fitted.perform_inference(recalculate=True)
    assert fit.error == ""
    compared = fit.summary["comparison"]
    assert compared["n"] == 20
    assert compared["verdict"] != "worse"
    assert "held_back" not in fit.summary
    assert fitted.current_fit == fit
    assert first is not None
    serve(first)  # one click goes back
    fitted.refresh_from_db()
    assert fitted.current_fit == first
    assert fitted.predict([texts(1, is_spam=True)[0]]) == [True]


def test_a_fit_that_is_clearly_worse_is_kept_and_does_not_serve(
    fitted: SpamFilter, user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fitted.current_fit
    _decide_on(10, user, right=True)
    before = learning.Learner.judge

    def wrong(self: Any, rows: list[str]) -> Any:
        scores, probabilities = before(self, rows)
        return -scores, probabilities[:, ::-1]

    monkeypatch.setattr(learning.Learner, "judge", wrong)
    fit = fitted.perform_inference(recalculate=True)
    assert fit.status == FitStatus.SUCCEEDED
    assert fit.summary["comparison"]["verdict"] == "worse"
    assert "the run before goes on serving" in fit.summary["held_back"]
    assert fitted.current_fit == first
    assert Fit.objects.get(pk=fit.pk).artifact
    serve(fit)  # it can be chosen all the same
    fitted.refresh_from_db()
    assert fitted.current_fit == fit
