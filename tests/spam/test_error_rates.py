"""Error rates of a filter, from decisions on what chance had drawn."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from headwater.spam.error_rates import estimated_rates
from headwater.spam.models import Decision
from headwater.spam.revise import revise, undo
from tests.spam.moderation import a_filter, judged
from tests.testapp.models import Comment

pytestmark = pytest.mark.django_db


def _many(n: int, probability: float, **values: object) -> list[Comment]:
    return [judged(f"text {probability} {i} {values}", probability, **values) for i in range(n)]


def test_the_audited_stand_for_all_that_was_decided_without_a_person() -> None:
    spam_filter, ann = a_filter(), User.objects.create_user("ann")
    _many(380, 0.1)
    for i, row in enumerate(_many(20, 0.1, is_sampled=True)):
        revise(row, i == 0, ann)  # one in twenty of the accepted is spam
    _many(190, 0.95)
    for i, row in enumerate(_many(10, 0.95, is_sampled=True)):
        revise(row, i > 0, ann)  # one in ten of the refused is honest
    for i, row in enumerate(_many(40, 0.5)):
        revise(row, i < 10, ann)
    _many(7, 0.5)  # these wait
    (looked_up,) = _many(1, 0.11)
    revise(looked_up, True, ann)

    found = estimated_rates(spam_filter)
    assert found.audited == 30
    rates = found.rates
    assert rates is not None
    # Accepted: 400 of which 1/20 are spam, and the one looked up; refused: 200, of which 1/10 are
    # honest; left to people: 40, of which 10 are spam.
    assert rates.n == 400 + 1 + 200 + 40
    assert rates.accepted_spam is not None
    assert rates.accepted_spam.share == pytest.approx(21 / 401)
    assert rates.refused_ham is not None
    assert rates.refused_ham.share == pytest.approx(0.1)
    assert rates.false_negative is not None
    assert rates.false_negative.share == pytest.approx(21 / (21 + 180 + 10))
    assert rates.false_positive is not None
    assert rates.false_positive.share == pytest.approx(20 / (380 + 20 + 30))
    assert rates.false_positive.low < 20 / 430 < rates.false_positive.high
    assert found.sentence == rates.sentence
    assert estimated_rates(spam_filter) == found


def test_too_few_labels_say_so_and_undone_or_old_ones_do_not_count() -> None:
    spam_filter, ann = a_filter(), User.objects.create_user("ann")
    assert "in the last 90 days none was decided" in estimated_rates(spam_filter).sentence
    for row in _many(21, 0.1, is_sampled=True):
        revise(row, False, ann)
    second_thought = Comment.objects.first()
    assert second_thought is not None
    revise(second_thought, True, ann)
    assert estimated_rates(spam_filter).audited == 21
    undo(Decision.objects.latest("pk"), ann)
    undo(Decision.objects.filter(undone_by=None, verb="ham").latest("pk"), ann)
    assert estimated_rates(spam_filter).audited == 20
    old = Decision.objects.filter(undone_by=None, verb="ham").latest("pk")
    Decision.objects.filter(pk=old.pk).update(at=timezone.now().replace(year=2020))
    few = estimated_rates(spam_filter)
    assert few.rates is None
    assert "from 20 audited items on; in the last 90 days 19 were decided" in few.sentence
