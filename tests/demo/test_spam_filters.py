"""The demo's two filters, and what its visitors wrote before anybody came to look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from headwater.learning.models import StatisticalModel
from headwater.spam import serving
from headwater.spam.models import Decision, SpamFilter
from headwater_demo.people import moderator
from headwater_demo.smartdjango.corpus import comments, messages
from headwater_demo.smartdjango.models import (
    CommentOfMySite,
    CommentPreTraining,
    ContactMessage,
    MessagePreTraining,
)
from headwater_demo.smartdjango.reception import Reception, accepted, held, reception_of
from headwater_demo.smartdjango.visitors import load_visitors
from headwater_demo.spam_filters import (
    CLASSIFIER,
    first_comments,
    load_pretraining,
    load_spam_filters,
)
from headwater_demo.statistical_models import demo_models, needs_fit
from tests.spam.fakes import FakeScorer, serve_fake

pytestmark = pytest.mark.django_db


@pytest.fixture
def filters(admin: User) -> list[SpamFilter]:
    load_pretraining()
    load_spam_filters()
    return list(SpamFilter.objects.order_by("pk"))


class Doubting(FakeScorer):
    """Sure of every text but those with “please” in it."""

    def probability(self, text: str) -> float:
        """Return one of three probabilities."""
        if "please" in text.lower():
            return 0.5
        return 0.97 if "://" in text else 0.02

    def probabilities(self, texts: list[str]) -> list[float]:  # type: ignore[override]
        """Return that of each of ``texts``."""
        return [self.probability(text) for text in texts]


@pytest.fixture
def served(filters: list[SpamFilter]) -> Iterator[None]:
    for one in filters:
        serve_fake(one.name, Doubting())
    yield
    serving._loaded.clear()


def test_the_filters_are_as_they_should_be(filters: list[SpamFilter]) -> None:
    of_comments, of_messages = filters
    assert of_comments.name == "Comment Spam Filter (Example)"
    assert of_messages.name == "Contact Form Spam Filter (Example)"
    svm = of_comments.classifier
    assert svm is not None
    assert svm.name == CLASSIFIER == "SVM for Comment Spam (Example)"
    assert (svm.technique, svm.parameters["kernel"]) == ("svc", "linear")
    for one in filters:
        one.full_clean()
        assert needs_fit(one)
    assert [model.name for model in demo_models()] == [one.name for one in filters]
    assert {type(model) for model in demo_models()} == {SpamFilter}


def test_what_exists_stays(filters: list[SpamFilter]) -> None:
    SpamFilter.objects.update(ham_below=0.4)
    CommentPreTraining.objects.first().delete()  # type: ignore[union-attr]
    assert load_spam_filters() == []
    assert load_pretraining() == 0
    assert set(SpamFilter.objects.values_list("ham_below", flat=True)) == {0.4}
    assert CommentPreTraining.objects.count() == len(first_comments()) - 1
    assert StatisticalModel.objects.count() == 3


def test_pretraining_rows_are_of_both_kinds(filters: list[SpamFilter]) -> None:
    for model in (CommentPreTraining, MessagePreTraining):
        rows = model._default_manager
        assert rows.filter(is_spam=True).count() * 2 == rows.count()
        assert not rows.exclude(origin__startswith="written for the demo, ").exists()


def test_visitors_have_written_and_a_moderator_has_judged_some(served: None) -> None:
    known = {one.text for one in first_comments()}
    visited = load_visitors(moderator(), avoid=known)
    rows = CommentOfMySite.objects.all()
    assert visited.comments == rows.count() >= 40
    assert visited.messages == ContactMessage.objects.count() >= 9
    assert visited.revised == rows.filter(is_revised=True).count() == Decision.objects.count()
    assert 4 <= visited.revised < 20
    assert set(Decision.objects.values_list("by__username", flat=True)) == {"moderator"}
    assert held(rows).count() >= 3
    assert accepted(rows).count() >= 8
    assert not rows.filter(is_spam=None).exists()
    assert not known & set(rows.values_list("comment", flat=True))
    since = timezone.now() - timedelta(days=7)
    assert not rows.filter(created_at__lt=since).exists()
    assert not rows.filter(created_at__gt=timezone.now()).exists()
    assert rows.filter(created_at__gt=timezone.now() - timedelta(days=1)).exists()
    assert rows.exclude(article="").exists()
    # Nobody has to look at what is not there: the counters know of the decisions, no fit is due.
    spam_filter = SpamFilter.objects.get(name=CommentOfMySite.SPAM_FILTER)
    assert spam_filter.counter == visited.revised < (spam_filter.counter_threshold or 0)
    assert load_visitors(moderator(), avoid=known).comments == 0
    assert rows.count() == visited.comments


def test_visitors_come_once_a_filter_has_learned(filters: list[SpamFilter]) -> None:
    assert load_visitors(moderator(), avoid=set()).comments == 0
    assert not CommentOfMySite.objects.exists()
    SpamFilter.objects.get(name=CommentOfMySite.SPAM_FILTER).delete()
    assert load_visitors(moderator(), avoid=set()).comments == 0


def test_nobody_has_judged_where_the_moderator_is_gone(served: None) -> None:
    visited = load_visitors(None, avoid=set())
    assert visited.comments > 30
    assert visited.revised == 0
    assert not CommentOfMySite.objects.filter(is_revised=True).exists()


def test_each_filter_tells_texts_that_it_has_not_seen(filters: list[SpamFilter]) -> None:
    SpamFilter.objects.update(evaluation={"folds": 2})
    for model, write in ((CommentOfMySite, comments), (ContactMessage, messages)):
        spam_filter = SpamFilter.objects.get(name=model.SPAM_FILTER)
        fit = spam_filter.perform_inference()
        assert fit.status == "succeeded", fit.error
        spam_filter = SpamFilter.objects.get(pk=spam_filter.pk)
        fresh = write(200, seed=99)
        guessed = spam_filter.predict([one.text for one in fresh])
        wrong = sum(guess is not one.is_spam for guess, one in zip(guessed, fresh, strict=True))
        assert wrong <= 12
    honest = CommentOfMySite.objects.create(comment="Thanks, the bread came out well on Sunday.")
    spam = CommentOfMySite.objects.create(comment="Earn money fast: http://coin.example/x1")
    assert reception_of(honest) is Reception.ACCEPTED
    assert reception_of(spam) is Reception.REFUSED
    assert "example" in {part.term for part in filters[0].explain(spam.comment).parts}
