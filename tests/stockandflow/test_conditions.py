"""Conditions: definitions as sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import ExtractYear, Lower

from headwater.stockandflow import Partition, Stock
from headwater.stockandflow.conditions import conditions
from headwater.stockandflow.find import find_stock
from tests.stockapp.models import Subscriber, Tag, Team, Ticket, UrgentTicket

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 1)
FILTERS: list[tuple[Q, list[str]]] = [
    (Q(), ["all subscribers"]),
    (Q(stage="paying"), ["stage is “Paying”"]),
    (Q(stage=Subscriber.Stage.LAPSED), ["stage is “Lapsed”"]),
    (Q(stage="other", score=1200), ["score is 1,200", "stage is “other”"]),
    (Q(joined__lt=MARCH), ["joined is before 1 March 2026"]),
    (Q(joined__gte=MARCH), ["joined is on or after 1 March 2026"]),
    (Q(score__gt=5), ["score is more than 5"]),
    (Q(score__lte=5), ["score is at most 5"]),
    (Q(name__gt="b"), ["name comes after “b”"]),
    (Q(score__range=(1, 9)), ["score is from 1 to 9"]),
    (Q(joined__year=2026), ["year of joined is 2026"]),
    (Q(joined__month=3), ["month of joined is 3"]),
    (Q(score=None), ["score is empty"]),
    (Q(team__isnull=False), ["team is given"]),
    (Q(is_active=True), ["is active is true"]),
    (Q(is_active__in=[False]), ["is active is false"]),
    (Q(name__icontains="an"), ["name contains, in capitals or not, “an”"]),
    (Q(name__startswith="A"), ["name begins with “A”"]),
    (Q(stage__in=["trial", "paying"]), ["stage is one of “On trial” or “Paying”"]),
    (Q(team__region="south"), ["region of team is “south”"]),
    (Q(tags__name="x"), ["name of tag is “x”"]),
    (Q(team=3), ["team is 3"]),
    (Q(score__gt=F("team")), ["score is more than team"]),
    (
        Q(stage="trial") | Q(score__gt=1, is_active=True),
        ["stage is “On trial” or (is active is true and score is more than 1)"],
    ),
    (
        Q(country="no") & (Q(stage="trial") | Q(stage="paying")),
        ["country is “no”", "stage is “On trial” or stage is “Paying”"],
    ),
    (~Q(stage="trial"), ["not (stage is “On trial”)"]),
    (~Q(score=1), ["not (score is 1)"]),
    (~Q(score__isnull=False), ["not (score is given)"]),
    (
        ~(Q(stage="trial") | Q(country="no")),
        ["not (stage is “On trial” or country is “no”)"],
    ),
    (~Q(tags__name="x"), ["not (there are related rows where name of tag is “x”)"]),
    (
        Q(team__in=Team.objects.filter(region="south")),
        ["team is among teams where region is “south”"],
    ),
    (Q(pk__in=[]), ["nothing"]),
]


def stock(queryset: Any) -> Stock:
    return Stock("some", "Some", queryset)


@pytest.mark.parametrize(("given", "expected"), FILTERS, ids=range(len(FILTERS)))
def test_a_filter_reads_as_a_sentence(
    given: Q, expected: list[str], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert conditions(stock(Subscriber.objects.filter(given))) == expected


def test_a_filter_reads_as_the_same_in_two_calls() -> None:
    rows = Subscriber.objects.filter(stage="trial").exclude(country="no").filter(score__lt=3)
    assert conditions(stock(rows)) == [
        "stage is “On trial”",
        "not (country is “no”)",
        "score is less than 3",
    ]


def test_annotations_are_named_by_what_they_are() -> None:
    rows = Subscriber.objects.annotate(n=Count("tags"), low=Lower("name"), y=ExtractYear("joined"))
    assert conditions(stock(rows.filter(n__gt=2))) == ["number of tag is more than 2"]
    assert conditions(stock(rows.filter(low="ann"))) == ["lower of name is “ann”"]
    assert conditions(stock(rows.filter(y__lt=F("score") + 1))) == [
        "year of joined is less than score + 1"
    ]
    average = Team.objects.annotate(a=Avg("subscriber__score"))
    assert conditions(stock(average.filter(a__gte=3))) == [
        "average of score of subscriber is at least 3"
    ]


def test_inner_queries_are_described() -> None:
    inner = Tag.objects.filter(name="x", subscriber=OuterRef("pk"))
    rows = Subscriber.objects.filter(Exists(inner), ~Exists(inner.filter(pk=4)))
    first, second = conditions(stock(rows))
    assert first == "there are tags where name is “x”"
    assert second == "not (there are tags where name is “x” and ID is 4)"
    newest = Team.objects.order_by("-pk").values("pk")[:1]
    assert conditions(stock(Subscriber.objects.filter(team=Subquery(newest)))) == [
        "team is that of teams"
    ]


def test_a_parent_of_the_model_is_not_named() -> None:
    rows = UrgentTicket.objects.filter(status="new", deadline__lt=MARCH)
    assert conditions(stock(rows)) == ["deadline is before 1 March 2026", "status is “new”"]


def test_a_partition_by_a_field() -> None:
    assert conditions(find_stock("stage.trial")) == ["stage is “On trial”"]
    assert conditions(find_stock("stage.strange")) == ["stage is “strange”"]
    active = Partition("active", Subscriber.objects.filter(country="no"), "is_active")
    assert conditions(active) == ["country is “no”", "divided by is active"]
    region = Partition("region", Subscriber, "team__region")
    assert conditions(region) == ["all subscribers", "divided by region of team"]


def test_a_partition_by_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    by = Case(
        When(joined__isnull=True, then=Value("never")),
        When(score__gte=10, then=Value("hot")),
        When(Q(score__gte=5) | Q(stage="paying"), then=Value("warm")),
        default=Value("cold"),
        output_field=CharField(),
    )
    heat = Partition("heat", Subscriber, by, names={"hot": "Hot", "warm": "Warm", "cold": "Cold"})
    monkeypatch.setattr("headwater.stockandflow.conditions.find_partition", lambda slug: heat)
    assert conditions(heat.stock("hot")) == ["score is at least 10", "not (joined is empty)"]
    assert conditions(heat.stock("cold")) == [
        "not (joined is empty)",
        "not (score is at least 10)",
        "not (score is at least 5 or stage is “Paying”)",
    ]
    assert conditions(heat.stock("lost")) == ["nothing"]
    assert conditions(heat) == [
        "all subscribers",
        "“never” where joined is empty",
        "“Hot” where score is at least 10 and not (joined is empty)",
        "“Warm” where (score is at least 5 or stage is “Paying”) and not (joined is empty) and "
        "not (score is at least 10)",
        "“Cold” otherwise",
    ]


class Odd(Func):
    function = "ABS"
    arity = 1


def test_what_has_no_words_is_named_plainly(caplog: pytest.LogCaptureFixture) -> None:
    rows = Ticket.objects.annotate(odd=Odd(F("priority"))).filter(odd=1)
    assert conditions(stock(rows)) == ["Odd(priority) is 1"]
    rows = Ticket.objects.extra(where=["priority = 1"])
    assert conditions(stock(rows)) == ["ExtraWhere"]
    assert not caplog.records


def test_a_definition_that_cannot_be_read_raises_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def wrong(as_of: Any) -> Any:
        raise RuntimeError("no")

    assert conditions(Stock("some", "Some", wrong)) == ["as the code of “Some” says"]
    assert "could not be put into words" in caplog.text
