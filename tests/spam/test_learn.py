"""A filter learns from what people labelled and from pre-training rows, never from guesses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headwater.learning.errors import FitStopped, NotInferredError
from headwater.learning.models import Fit, FitStatus
from headwater.spam import learn as learning
from headwater.spam.models import SpamFilter
from headwater.spam.state import definition, reads
from headwater.spam.training import read_training_set
from tests.spam.texts import texts
from tests.testapp.models import Comment, CommentPreTraining

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def test_a_filter_learns_and_judges(make_filter: Make, make_revised: Make) -> None:
    make_revised()
    spam_filter = make_filter()
    with pytest.raises(NotInferredError, match="no inference yet"):
        spam_filter.predict(["Buy gold"])
    fit = spam_filter.perform_inference()
    assert (fit.status, fit.error) == (FitStatus.SUCCEEDED, "")
    spam_filter = SpamFilter.objects.get(name="Comments")
    assert spam_filter.is_inferred
    new = [texts(1, seed=9, is_spam=True)[0], texts(1, seed=9, is_spam=False)[0]]
    assert spam_filter.predict(new) == [True, False]
    spam, ham = spam_filter.predict_proba(new)
    assert 0.5 < spam <= 1.0
    assert 0.0 <= ham < 0.5
    with pytest.raises(TypeError, match="single one"):
        spam_filter.predict("Buy gold")
    explanation = spam_filter.explain(new[0])
    assert explanation.probability == pytest.approx(spam, abs=1e-9)
    comment = Comment.objects.create(text=new[0])
    assert (comment.is_spam, comment.judged_by_id) == (True, fit.pk)
    assert spam_filter.perform_inference().pk == fit.pk
    assert spam_filter.perform_inference(recalculate=True).pk != fit.pk
    spam_filter.reset_inference()
    with pytest.raises(NotInferredError):
        spam_filter.predict(new)


def test_what_is_kept_of_a_fit(
    make_filter: Make, make_revised: Make, make_pretraining: Make
) -> None:
    make_revised()
    make_pretraining()
    spam_filter = make_filter(pretraining=["testapp.CommentPreTraining"])
    fit = spam_filter.perform_inference()
    assert fit.error == ""
    assert fit.n_rows == 110  # all that was learned from
    summary = fit.summary
    assert summary["counts"] == [
        {"model": "testapp.Comment", "pretraining": False, "ham": 25, "spam": 25},
        {"model": "testapp.CommentPreTraining", "pretraining": True, "ham": 30, "spam": 30},
    ]
    assert summary["pretraining_weight"] == 0.8  # 200 / (200 + 50)
    assert summary["measured_on"] == "own"
    assert "50 texts that people labelled" in summary["measured_on_sentence"]
    told = summary["classification"]
    assert told["evaluation"]["n"] == 50
    assert [fold["n_train"] + fold["n_test"] for fold in told["evaluation"]["folds"]] == [110] * 3
    assert sum(map(sum, told["confusion"]["matrix"])) == 50
    assert told["n_columns"] == sum(summary["columns_by_group"].values())
    assert fit.scores["objective"] == told["evaluation"]["metrics"]["accuracy"]["mean"]
    assert len(summary["held_out"]["probabilities"]) == len(summary["held_out"]["is_spam"]) == 50
    assert {term for term, *_ in summary["top_terms"]["spam"]} & {"www", "buy", "example"}
    assert all(weight < 0 for *_, weight in summary["top_terms"]["ham"])
    assert (summary["n_own"], summary["n_pretraining"]) == (50, 60)
    assert summary["comparison"] is None
    assert summary["classifier"]["technique"] == "linear_svc"


def test_with_few_own_rows_the_score_is_measured_on_pretraining_rows(
    make_filter: Make, make_revised: Make, make_pretraining: Make
) -> None:
    make_revised(n=4)
    make_pretraining()
    spam_filter = make_filter(pretraining=["testapp.CommentPreTraining"])
    fit = spam_filter.perform_inference()
    assert fit.error == ""
    assert fit.summary["measured_on"] == "pretraining"
    assert "Measured on 60 pre-training texts" in fit.summary["measured_on_sentence"]
    assert fit.summary["classification"]["evaluation"]["n"] == 60
    folds = fit.summary["classification"]["evaluation"]["folds"]
    assert [fold["n_train"] for fold in folds] == [48] * 3  # 40 and the 8 own ones


def test_pretraining_rows_are_learned_from_in_every_part_and_judged_in_none(
    make_filter: Make, make_revised: Make, make_pretraining: Make
) -> None:
    make_revised()
    make_pretraining()
    spam_filter = make_filter(pretraining=["testapp.CommentPreTraining"])
    training = read_training_set(definition(spam_filter))
    folds = learning.folds_of(training, definition(spam_filter)["evaluation"])
    pretraining = set(np.flatnonzero(~training.is_own).tolist())
    assert len(pretraining) == 60
    for fold in folds:
        assert pretraining <= set(fold.train.tolist())
        assert not pretraining & set(fold.test.tolist())
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == list(range(50))


def test_a_filter_never_learns_from_guesses(make_filter: Make) -> None:
    Comment.objects.bulk_create(
        Comment(text=text, is_spam=is_spam, spam_probability=0.9 if is_spam else 0.1)
        for is_spam in (False, True)
        for text in texts(30, is_spam=is_spam)
    )
    fit = make_filter().perform_inference()
    assert fit.status == FitStatus.FAILED
    assert "The 60 rows that a filter judged are guesses" in fit.error
    for row in Comment.objects.filter(is_spam=True)[:10]:  # and with some of people beside
        Comment.objects.filter(pk=row.pk).update(is_revised=True)
    training_error = SpamFilter.objects.get().perform_inference().error
    assert "10 texts that a person called spam and 0 that" in training_error


def test_only_the_rows_that_people_labelled_are_read(make_filter: Make, make_revised: Make) -> None:
    revised = make_revised(n=6)
    Comment.objects.create(text="a guess")
    Comment.objects.bulk_create([Comment(text="another guess", is_spam=True)])
    edited, empty, undone = revised[0], revised[1], revised[2]
    Comment.objects.filter(pk=edited.pk).update(is_edited=True)
    Comment.objects.filter(pk=empty.pk).update(text="  ")
    Comment.objects.filter(pk=undone.pk).update(is_spam=None)
    kept = [(("testapp.Comment", str(row.pk)), row.text) for row in revised[3:]]
    make_filter()
    Comment.objects.filter(pk__in=[row.pk for row in revised[3:5]]).update(is_spam=False)
    with pytest.raises(Exception, match="it takes at least 5 of each"):
        read_training_set(definition(SpamFilter.objects.get()))
    make_revised(n=5, seed=7)
    training = read_training_set(definition(SpamFilter.objects.get()))
    assert list(zip(training.keys, training.texts, strict=True))[: len(kept)] == kept


def test_no_term_of_a_text_is_known_while_it_is_judged(
    make_filter: Make, make_revised: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every text has a word of its own; what judges it must not have that word."""
    rows = make_revised()
    for row in rows:
        row.text = f"{row.text} own{row.pk}"
    Comment.objects.bulk_update(rows, ["text"])
    seen: list[tuple[set[str], set[str]]] = []
    before = learning.Learner.judge

    def judge(self: Any, judged: list[str]) -> Any:
        seen.append((set(self.encoder_.names_), {text.split()[-1] for text in judged}))
        return before(self, judged)

    monkeypatch.setattr(learning.Learner, "judge", judge)
    fit = make_filter().perform_inference()
    assert fit.error == ""
    assert sum(len(own) for _, own in seen) == 50
    for vocabulary, own in seen:
        assert not vocabulary & own
        assert len({term for term in vocabulary if term.startswith("own")}) == 50 - len(own)


def test_a_filter_over_a_model_with_a_column_that_people_filled_in(make_filter: Make) -> None:
    from django.contrib.contenttypes.models import ContentType

    CommentPreTraining.objects.bulk_create(
        CommentPreTraining(content=text, is_spam=is_spam)
        for is_spam in (False, True)
        for text in texts(20, is_spam=is_spam)
    )
    rows = ContentType.objects.get_for_model(CommentPreTraining)
    spam_filter = make_filter(
        name="By column", rows=rows, text_columns=["content"], label_column="is_spam"
    )
    assert spam_filter.problems() == {}
    assert reads(spam_filter) == {
        "model": "testapp.CommentPreTraining",
        "columns": ["content"],
        "filter": {},
        "label": "is_spam",
    }
    fit = spam_filter.perform_inference()
    assert (fit.error, fit.n_rows) == ("", 40)


def test_the_classifier_that_is_chosen_is_used_and_searched(
    make_filter: Make, make_revised: Make
) -> None:
    from headwater.learning.models import StatisticalModel

    make_revised()
    classifier = StatisticalModel.objects.create(
        name="Bayes", technique="multinomial_nb", parameters={"alpha": 0.5}
    )
    search = '{"alpha": [0.1, 1.0]}'
    spam_filter = make_filter(classifier=classifier, evaluation={"folds": 3, "search": search})
    fit = spam_filter.perform_inference()
    assert fit.error == ""
    assert type(spam_filter.engine_object.classifier).__name__ == "MultinomialNB"
    tried = fit.summary["classification"]["search"]["tried"]
    assert [one["setting"] for one in tried] == [{"alpha": 0.1}, {"alpha": 1.0}]
    best = tried[fit.summary["classification"]["search"]["best"]]["setting"]
    assert fit.summary["classifier"]["parameters"]["alpha"] == best["alpha"]


def test_a_fit_can_be_cancelled_between_two_parts(
    make_filter: Make, make_revised: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_revised()
    told: list[str] = []

    def tell(self: Any, *, phase: str = "", **changes: Any) -> None:
        told.append(phase)
        if phase == "evaluate" and changes.get("restart") == 2:
            raise FitStopped

    monkeypatch.setattr("headwater.learning.reporter.Reporter.tell", tell)
    monkeypatch.setattr("headwater.classification.progress.SECONDS_BETWEEN", 0.0)
    fit = make_filter().perform_inference()
    assert fit.status == FitStatus.CANCELLED
    assert "evaluate" in told
    assert Fit.objects.get().artifact is None


def test_by_date_the_past_teaches_and_what_follows_is_judged(
    make_filter: Make, make_revised: Make
) -> None:
    import datetime as dt

    rows = make_revised()
    for day, row in enumerate(rows[::2] + rows[1::2]):
        row.created_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=day)
    Comment.objects.bulk_update(rows, ["created_at"])
    spam_filter = make_filter(evaluation={"folds": 3, "time_column": "created_at"})
    fit = spam_filter.perform_inference()
    assert fit.error == ""
    assert fit.summary["classification"]["evaluation"]["kind"] == "time"
    told = fit.summary["measured_on_sentence"]
    assert told.startswith(f"Measured on the latest {fit.scores['n_judged']} of 50 texts")
    spam_filter.evaluation = {"folds": 3, "time_column": "author"}
    spam_filter.save()
    assert "no field “author” with dates" in spam_filter.perform_inference(recalculate=True).error


def test_what_a_pretraining_row_weighs(
    make_filter: Make, make_revised: Make, make_pretraining: Make
) -> None:
    """w = W * 200 / (200 + m), and 1 for an own row; left out where it would weigh nothing."""
    make_revised(n=25)
    make_pretraining(n=30)
    spam_filter = make_filter(pretraining=["testapp.CommentPreTraining"], pretraining_weight=2.0)

    def weights() -> list[float]:
        return read_training_set(definition(spam_filter)).weights.tolist()

    assert weights() == [1.0] * 50 + [2.0 * 200 / 250] * 60
    spam_filter.pretraining_fades = False
    assert weights() == [1.0] * 50 + [2.0] * 60
    spam_filter.pretraining_weight = 0.0
    assert weights() == [1.0] * 50


def test_weights_are_heard_while_learning(make_filter: Make, make_revised: Make) -> None:
    """Pre-training rows that say the contrary win where they weigh more, and lose where less."""
    make_revised(n=25)
    CommentPreTraining.objects.bulk_create(
        CommentPreTraining(content=text, is_spam=not is_spam)
        for is_spam in (False, True)
        for text in texts(25, seed=2, is_spam=is_spam)
    )
    spam_filter = make_filter(
        pretraining=["testapp.CommentPreTraining"],
        pretraining_fades=False,
        pretraining_weight=0.1,
        evaluation={"folds": 3, "calibration": "none"},
    )
    new = texts(1, seed=9, is_spam=True)
    assert spam_filter.perform_inference().error == ""
    assert spam_filter.predict(new) == [True]
    spam_filter.pretraining_weight = 10.0
    spam_filter.save()
    assert spam_filter.perform_inference(recalculate=True).error == ""
    assert spam_filter.predict(new) == [False]
