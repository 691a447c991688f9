"""Stocks and flows of a field with choices."""

from __future__ import annotations

from typing import Any

import pytest

from headwater.stockandflow.choices import flows_from_choices, stocks_from_choices
from headwater.stockandflow.count_single import count_single
from headwater.stockandflow.definitions import Facet, Partition
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.periods import WEEKLY
from tests.stockapp.models import Subscriber, SubscriberEvent, Team

pytestmark = pytest.mark.django_db


def test_each_choice_is_a_stock() -> None:
    facet = Facet("country", "Country", "country", ["no"])
    stocks = stocks_from_choices(Subscriber, "stage", prefix="s-", facets=[facet], every=WEEKLY)
    assert [(one.slug, one.name, one.every) for one in stocks] == [
        ("s-trial", "On trial", WEEKLY),
        ("s-paying", "Paying", WEEKLY),
        ("s-lapsed", "Lapsed", WEEKLY),
    ]
    for stage in ("trial", "trial", "paying", ""):
        Subscriber.objects.create(stage=stage, country="no")
    counted = count_single(stocks)
    assert [one.levels for one in counted] == [{"s-trial": 2}, {"s-paying": 1}, {"s-lapsed": 0}]


def test_of_a_queryset_and_of_a_function() -> None:
    Subscriber.objects.create(stage="trial", is_active=False)
    Subscriber.objects.create(stage="trial")
    active = Subscriber.objects.filter(is_active=True)
    for subject in (active, lambda as_of: active.filter(joined=None)):
        trial = stocks_from_choices(subject, "stage")[0]
        assert trial.objects().count() == 1


def test_flows_rise_and_drop_between_neighbours() -> None:
    flows = flows_from_choices(Subscriber, "stage")
    assert [(one.slug, one.source_keys, one.sink_keys) for one in flows] == [
        ("rising_paying", ("trial",), ("paying",)),
        ("rising_lapsed", ("paying",), ("lapsed",)),
        ("dropping_trial", ("paying",), ("trial",)),
        ("dropping_paying", ("lapsed",), ("paying",)),
    ]
    assert [one.name for one in flows][:2] == ["Rising to Paying", "Rising to Lapsed"]
    stage = Partition("stages", Subscriber, "stage", flows=flows)
    found: Any = stage.flow_of("lapsed", "paying")
    assert found.slug == "dropping_paying"
    assert stage.flow_of("trial", "lapsed") is None


def test_flows_between_the_stocks_of_the_field() -> None:
    stocks = stocks_from_choices(Subscriber, "stage", prefix="s-")
    flows = flows_from_choices(
        Subscriber, "stage", prefix="s-", stocks=stocks, flow_event_model=SubscriberEvent
    )
    first = flows[0]
    assert (first.slug, *first.source_keys, *first.sink_keys) == (
        "s-rising_paying",
        "s-trial",
        "s-paying",
    )
    assert {one.flow_event_model for one in flows} == {SubscriberEvent}


def test_values_that_are_no_slugs(monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(*choices: tuple[Any, str]) -> None:
        monkeypatch.setattr(Team._meta.get_field("region"), "choices", choices)

    choose(("up north", "North"), (2, "South"))
    assert [one.slug for one in stocks_from_choices(Team, "region")] == ["up_north", "2"]
    choose(("a b", "One"), ("a_b", "Two"))
    with pytest.raises(DefinitionError, match=r"The choice 'a_b' of stockapp\.Team\.region has no"):
        stocks_from_choices(Team, "region")


def test_what_has_no_choices_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"stockapp\.Subscriber\.country has no choices"):
        stocks_from_choices(Subscriber, "country")
    with pytest.raises(DefinitionError, match=r"has no field “stag”\. It has id, name, stage"):
        flows_from_choices(Subscriber, "stag")
    with pytest.raises(DefinitionError, match="There are 1 stocks for the 3 choices of “stage”"):
        flows_from_choices(Subscriber, "stage", stocks=stocks_from_choices(Subscriber, "stage")[:1])
