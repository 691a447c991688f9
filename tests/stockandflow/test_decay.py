"""Decay: who has been in a state for long enough moves on, and nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from headwater.stockandflow.count import count_stocks
from headwater.stockandflow.decay import Decay
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.models import FlowEvent, StockMembership
from headwater.stockandflow.periodic import job_name, run_periodic_schedule
from tests.stockapp.models import Notice, Parcel, Subscriber, SubscriberEvent, Ticket
from tests.stockapp.stocks import place, stage, ticket_status

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
RULES = [("trial", "paying", 7 * DAY), ("paying", "lapsed", 30 * DAY)]
STAGE = stage


def stages() -> dict[str, str]:
    return dict(Subscriber.objects.values_list("name", "stage"))


def make(**days: int | None) -> None:
    """Make subscribers on trial who joined so many days before noon."""
    for name, ago in days.items():
        joined = None if ago is None else (NOON - ago * DAY).date()
        Subscriber.objects.create(name=name, stage="trial", joined=joined)


def test_who_is_due_moves() -> None:
    make(fresh=0, almost=6, just=7, older=20, unknown=None)
    decay = Decay(Subscriber, "stage", rules=RULES, since="joined")
    assert decay(NOON) == "Decay of stockapp.Subscriber.stage: 2 from “trial” to “paying”."
    assert stages() == {
        "fresh": "trial",
        "almost": "trial",
        "just": "paying",
        "older": "paying",
        "unknown": "trial",
    }
    assert decay(NOON) == "Decay of stockapp.Subscriber.stage: nothing was due."


def test_a_fact_that_lies_far_back_leads_through_several_states() -> None:
    make(older=40)
    decay = Decay(STAGE, rules=RULES, since="joined")
    assert decay(NOON) == (
        "Decay of stage: 1 from “trial” to “paying”, 1 from “paying” to “lapsed”."
    )
    assert stages() == {"older": "lapsed"}


def test_a_date_begins_at_midnight_of_the_time_zone(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    make(one=7)  # 3 March; there it is past 9 in the evening of 10 March already
    decay = Decay(Subscriber, "stage", rules=[("trial", "paying", 8 * DAY)], since="joined")
    midnight = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
    decay(midnight - dt.timedelta(seconds=1))
    assert stages() == {"one": "trial"}
    decay(midnight)
    assert stages() == {"one": "paying"}


def test_only_objects_of_the_subject_move() -> None:
    make(mine=20, other=20)
    Subscriber.objects.filter(name="other").update(is_active=False)
    active = Subscriber.objects.filter(is_active=True)
    for subject in (active, lambda as_of: active, Partition("active-ones", active, "stage")):
        Subscriber.objects.update(stage="trial")
        Decay(subject, "stage", rules=RULES[:1], since="joined")(NOON)
        assert stages() == {"mine": "paying", "other": "trial"}


def test_the_books_tell_since_when() -> None:
    make(one=1, two=2)
    count_stocks(NOON)
    Subscriber.objects.filter(name="two").update(stage="paying")
    count_stocks(NOON + 3 * DAY)
    assert set(StockMembership.objects.values_list("state", "since")) == {
        ("trial", NOON),
        ("paying", NOON + 3 * DAY),
    }
    decay = Decay(STAGE, rules=[("trial", "paying", 7 * DAY), ("paying", "lapsed", 7 * DAY)])
    assert decay(NOON + 7 * DAY - dt.timedelta(seconds=1)).endswith("nothing was due.")
    assert decay(NOON + 7 * DAY) == "Decay of stage: 1 from “trial” to “paying”."
    # One step: the books do not have it among the paying ones yet.
    assert stages() == {"one": "paying", "two": "paying"}
    count_stocks(NOON + 8 * DAY)
    assert decay(NOON + 10 * DAY) == "Decay of stage: 1 from “paying” to “lapsed”."
    assert stages() == {"one": "paying", "two": "lapsed"}
    count_stocks(NOON + 11 * DAY)
    assert decay(NOON + 15 * DAY) == "Decay of stage: 1 from “paying” to “lapsed”."
    count_stocks(NOON + 16 * DAY)
    moves = SubscriberEvent.objects.exclude(cause="opening").order_by("pk")
    assert list(moves.values_list("source", "sink")) == [
        ("trial", "paying"),
        ("trial", "paying"),
        ("paying", "lapsed"),
        ("paying", "lapsed"),
    ]


def test_a_tracked_queryset_notes_the_moves_one_step_at_a_time() -> None:
    for status in ("new", "open", "new"):
        Ticket.objects.create(title=status, status=status)
    begun = timezone.now()
    week = 7 * DAY
    StockMembership.objects.update(since=begun - week)
    StockMembership.objects.filter(object_id=str(Ticket.objects.latest("pk").pk)).update(
        since=begun
    )
    decay = Decay(ticket_status, rules=[("new", "open", week), ("open", "closed", week)])
    assert decay() == "Decay of ticket-status: 1 from “new” to “open”, 1 from “open” to “closed”."
    assert list(Ticket.objects.order_by("pk").values_list("status", flat=True)) == [
        "open",
        "closed",
        "new",
    ]
    moves = FlowEvent.objects.filter(partition="ticket-status", occurred_at__gt=begun)
    assert set(moves.values_list("source", "sink", "flow", "is_inferred")) == {
        ("new", "open", "", False),
        ("open", "closed", "closing", False),
    }
    assert Notice.objects.count() == 0  # calls are made after the commit


def test_the_books_of_objects_with_uuids() -> None:
    one, two = Parcel.objects.create(place="here"), Parcel.objects.create(place="there")
    count_stocks(NOON)
    Decay(place, rules=[("here", "lost", 2 * DAY)])(NOON + 2 * DAY)
    assert dict(Parcel.objects.values_list("pk", "place")) == {one.pk: "lost", two.pk: "there"}


def test_all_moves_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    make(one=100)
    decay = Decay(Subscriber, "stage", rules=RULES, since="joined")
    move = Decay._move

    def first_only(self: Decay, rule: Any, moment: dt.datetime) -> int:
        if rule == RULES[1]:
            raise RuntimeError("The power is gone.")
        return move(self, rule, moment)

    with monkeypatch.context() as patch:
        patch.setattr(Decay, "_move", first_only)
        with pytest.raises(RuntimeError, match="The power is gone"):
            decay(NOON)
    assert stages() == {"one": "trial"}
    decay(NOON)
    assert stages() == {"one": "lapsed"}


def test_it_is_a_job_of_a_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    make(one=8)
    decay = Decay(STAGE, rules=RULES, since="joined")
    assert job_name(decay) == "Decay of stage"
    monkeypatch.setattr("headwater.stockandflow.periodic.jobs", lambda: [("x", "daily", decay)])
    (ran,) = run_periodic_schedule(NOON)
    assert ran.result == "Decay of stage: 1 from “trial” to “paying”."


BY_CASE = Partition("by-case", Subscriber, lambda as_of: "stage")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((Subscriber, "stag"), "names the field “stag”, which stockapp.Subscriber does not have. "
         "Did you mean “stage”?"),
        ((Subscriber, ""), "needs the field to write"),
        ((Subscriber, "stage"), "needs since="),
        ((STAGE, "country"), "the partition divides by “stage”"),
        ((BY_CASE, "stage"), "the partition divides by an expression"),
    ],
)  # fmt: skip
def test_what_cannot_be_written(arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(DefinitionError, match=sentence):
        Decay(*arguments, rules=RULES)


@pytest.mark.parametrize(
    ("rules", "since", "sentence"),
    [
        (RULES, "score", "since=“score”, which is no field with a date"),
        (RULES, "joind", "Did you mean “joined”?"),
        ([], "joined", "has no rules"),
        ([("trial", "payin", DAY)], "joined", "names the state “payin”.* Did you mean “paying”?"),
        ([("trial", "gone", DAY)], "joined", "There are: trial, paying, lapsed."),
        ([("trial", "paying", 7)], "joined", "has the rule .*Give .from, to, timedelta."),
        ([("trial", "paying", -DAY)], "joined", "has the rule"),
        ([("trial", "trial", DAY)], "joined", "to the same state"),
        ([("", "trial", DAY)], "joined", "objects without a state"),
        ([("trial", None, DAY)], "joined", "a rule to None, which “stage” cannot hold"),
    ],
)
def test_rules_that_cannot_be(rules: Any, since: str, sentence: str) -> None:
    with pytest.raises(DefinitionError, match=sentence):
        Decay(STAGE, rules=rules, since=since)


def test_values_are_those_of_the_field() -> None:
    with pytest.raises(DefinitionError, match="the state 'true', which “is_active” cannot hold"):
        Decay(Subscriber, "is_active", rules=[("true", False, DAY)], since="joined")
    make(one=3)
    Decay(Subscriber, "is_active", rules=[(True, False, DAY)], since="joined")(NOON)
    assert Subscriber.objects.get().is_active is False
    Decay(Subscriber, "stage", rules=[("trial", "", DAY)], since="joined")(NOON)
    assert stages() == {"one": ""}
