"""Thresholds are suggested from texts that were held out, and set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from headwater.learning.errors import NotInferredError
from headwater.learning.models import Fit
from headwater.spam.models import SpamFilter
from headwater.spam.thresholds import set_thresholds, suggest_thresholds
from headwater.spam.zones import zone_of
from tests.spam.fakes import FakeScorer, serve_fake
from tests.testapp.models import Comment

pytestmark = pytest.mark.django_db


def test_before_the_first_fit_nothing_is_suggested() -> None:
    spam_filter: Any = SpamFilter.objects.create(name="Comments")
    with pytest.raises(NotInferredError, match="no inference yet"):
        suggest_thresholds(spam_filter)


def test_thresholds_go_by_what_errors_cost() -> None:
    spam_filter = serve_fake("Comments", FakeScorer())
    # Twenty of each at the ends, and between them one honest text above one spam.
    p = [0.1] * 20 + [0.3, 0.6] + [0.9] * 20
    held_out = {"probabilities": p, "is_spam": "0" * 20 + "10" + "1" * 20, "n": 42}
    Fit.objects.update(summary={"held_out": held_out})
    spam_filter.refresh_from_db()
    careful = suggest_thresholds(spam_filter, cost_false_spam=50, cost_missed_spam=50)
    assert (careful.missed_spam, careful.false_spam) == (0, 0)
    assert careful.reviewed == pytest.approx(2 / 42)
    zones = [zone_of(one, careful) for one in (0.1, 0.3, 0.6, 0.9)]
    assert zones == ["ham", "unsure", "unsure", "spam"]
    alone = suggest_thresholds(spam_filter, per_thousand=0)
    assert alone.reviewed == 0
    with pytest.raises(ValueError, match="per_thousand"):
        suggest_thresholds(spam_filter, per_thousand=-1)


def test_thresholds_are_set_and_count_at_once(
    make_filter: Callable[..., SpamFilter], make_revised: Callable[..., Any]
) -> None:
    make_revised()
    spam_filter = make_filter()
    assert spam_filter.perform_inference().error == ""
    suggested = suggest_thresholds(spam_filter)
    set_thresholds(spam_filter, suggested.ham_below, suggested.spam_from)
    kept: Any = SpamFilter.objects.get()
    assert (kept.ham_below, kept.spam_from) == (suggested.ham_below, suggested.spam_from)
    with pytest.raises(ValidationError, match="“refuse from” is not below"):
        set_thresholds(spam_filter, 0.9, 0.1)


ODD = {
    "empty": "",
    "blank": " \n\t",
    "emoji": "🎉" * 500,
    "overridden": "a\u202ebuy\u202c now",
    "joined": "v\u200di\u200da\u200dg\u200dr\u200da",
    "alike": "v\u0456agra \u0441heap",
    "html": "<script>alert(1)</script>" * 10,
    "1 MB of words": "buy " * 250_000,
    "1 MB in a word": "x" * 1_000_000,
}


def test_no_text_breaks_a_filter(
    make_filter: Callable[..., SpamFilter], make_revised: Callable[..., Any]
) -> None:
    make_revised(n=8)
    spam_filter = make_filter(parameters={})
    assert spam_filter.perform_inference().error == ""
    together = spam_filter.predict_proba(ODD.values())
    for (name, text), probability in zip(ODD.items(), together, strict=True):
        assert 0.0 <= probability <= 1.0, name
        assert spam_filter.explain(text).probability == pytest.approx(probability, abs=1e-9), name
        assert Comment.objects.create(text=text).is_spam is (probability >= 0.5), name
    for text in ("\ud800 alone", "NUL \x00 within"):  # which not every database keeps
        assert 0.0 <= spam_filter.predict_proba([text])[0] <= 1.0
