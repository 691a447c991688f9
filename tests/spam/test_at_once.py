"""People decide, writers save and a filter judges at the same time: what people said stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from headwater.spam.models import Decision, Verdict
from headwater.spam.pending import judge_pending
from headwater.spam.revise import revise
from headwater.spam.spammable import digest
from tests.spam.fakes import FakeScorer, serve_fake
from tests.testapp.models import Comment, Enquiry

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds: Callable[[], None]) -> list[BaseException]:
    """Do all ``deeds`` at once, each in a thread, and return what went wrong."""
    start, errors = threading.Barrier(len(deeds), timeout=30), []

    def run(deed: Callable[[], None]) -> None:
        try:
            start.wait()
            deed()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,), daemon=True) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return errors


@pytest.mark.parametrize("model", [Comment, Enquiry])
def test_decisions_stay_whoever_writes_at_the_same_time(model: Any) -> None:
    spam_filter = serve_fake(model.SPAM_FILTER, FakeScorer())
    user = get_user_model().objects.create(username="moderator")
    field = "text" if model is Comment else "message"
    pks = [model.objects.create(**{field: "Fine"}).pk for _ in range(2)]

    def decide() -> None:
        for number in range(8):
            for pk in pks:
                revise(model.objects.get(pk=pk), number % 3 == 0, user)

    def edit() -> None:
        for number in range(8):
            for pk in pks:
                row = model.objects.get(pk=pk)
                setattr(row, field, f"Buy {number}" if number % 2 else f"Fine {number}")
                row.save()

    old = [model.objects.get(pk=pk) for pk in pks]

    def save_old_copies() -> None:
        for _ in range(8):
            for row in old:
                row.save()

    def judge() -> None:
        for _ in range(4):
            judge_pending(spam_filter, again=True)

    assert together(decide, edit, save_old_copies, judge) == []
    for pk in pks:
        row = model.objects.get(pk=pk)
        kept = row if model is Comment else Verdict.objects.get(object_id=str(pk))
        last = Decision.objects.filter(object_id=str(pk))[0]
        assert (kept.is_spam, kept.is_revised) == (last.verb == "spam", True)
        if model is Enquiry:
            assert row.unwanted == kept.is_spam
        else:
            assert kept.is_edited == (last.digest != digest(row.text))
