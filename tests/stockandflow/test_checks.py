"""System checks: each thing that is stated wrongly is told in a sentence, and nothing is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import models
from django.db.models import Case, Value, When

from headwater.stockandflow import checks
from headwater.stockandflow.definitions import Facet, Flow, ModelTracker, Partition, Process, Stock
from headwater.stockandflow.discover import Stated, stated
from headwater.stockandflow.errors import DefinitionError
from tests.stockapp.models import Parcel, Subscriber, SubscriberEvent

NOTHING = Stated((), (), (), (), (), (), ())
paying = Stock("paying", "Paying", Subscriber.objects.filter(stage="paying"))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that checks what it is given, and returns id -> sentence."""

    def run(**lists: Any) -> dict[str, str]:
        monkeypatch.setattr(checks, "stated", lambda: replace(NOTHING, **lists))
        messages = checks.check_stocks()
        return {str(one.id): f"{one.msg} {one.hint or ''}" for one in messages}

    return run


def test_the_project_of_the_tests_is_stated_well(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert [one for one in run_checks(tags=["headwater"]) if str(one.id) > "headwater.E3"] == []
    assert stated().partitions


def test_two_stocks_with_one_slug(told: Any) -> None:
    other = Stock("paying", "Also paying", Subscriber.objects.all())
    assert "2 with the slug “paying”" in told(stocks=(paying, other))["headwater.E302"]


def test_a_partition_with_the_slug_of_a_process_that_is_not_its_own(told: Any) -> None:
    stage = Partition("stage", Subscriber, "stage")
    process = Process("stage", "Stages", stocks=[paying])
    assert "own slug" in told(partitions=(stage,), processes=(process,))["headwater.E302"]
    own = Process("stage", "Stages", stocks=[stage])
    assert told(partitions=(stage,), processes=(own,)) == {}


@pytest.mark.parametrize(
    ("queryset", "words"),
    [
        (Subscriber.objects.all()[:5], "sliced"),
        (Subscriber.objects.all().union(Subscriber.objects.all()), "union()"),
        (Subscriber.objects.values("name"), "values()"),
        (Subscriber.objects.order_by("name").distinct("name"), "distinct(…)"),
        (lambda moment: None, "returned None"),
        ("nothing", "'nothing'"),
    ],
)
def test_a_queryset_that_is_no_set_of_objects(told: Any, queryset: Any, words: str) -> None:
    sentence = told(stocks=(Stock("odd", "Odd", queryset),))["headwater.E303"]
    assert words in sentence
    assert "“odd”" in sentence


def test_all_objects_and_distinct_ones_are_fine(told: Any) -> None:
    stocks = (
        Stock("all", "All", Subscriber.objects.all()),
        Stock("tagged", "Tagged", Subscriber.objects.filter(tags__name="a").distinct()),
        Stock("new", "New", lambda moment: Subscriber.objects.filter(joined__gte=moment)),
    )
    assert told(stocks=stocks) == {}


def test_a_field_that_there_is_not_with_the_one_that_was_meant(told: Any) -> None:
    sentence = told(partitions=(Partition("stage", Subscriber, "stagge"),))["headwater.E304"]
    assert "“stagge”" in sentence
    assert "Did you mean “stage”?" in sentence


@pytest.mark.parametrize("by", ["tags", "tags__name", "team__subscriber"])
def test_what_an_object_may_have_several_of(told: Any, by: str) -> None:
    sentence = told(partitions=(Partition("odd", Subscriber, by),))["headwater.E304"]
    assert "several stocks at once" in sentence


def test_an_annotation_may_divide(told: Any) -> None:
    rows = Subscriber.objects.annotate(kind=Case(When(score__gt=3, then=Value("high"))))
    assert told(partitions=(Partition("kind", rows, "kind"),)) == {}
    sentence = told(partitions=(Partition("kind", rows, "kinds"),))["headwater.E304"]
    assert "Did you mean “kind”?" in sentence


def test_what_is_no_model_is_told_and_not_raised(told: Any) -> None:
    odd: Any = "stockapp.Subscriber"
    sentence = told(partitions=(Partition("odd", odd, "stage"),))["headwater.E304"]
    assert "counts 'stockapp.Subscriber'" in sentence


def test_a_flow_from_a_stock_to_itself(told: Any) -> None:
    flow = Flow("standing", "Standing", sources=["trial"], sinks=["trial"])
    sentence = told(partitions=(Partition("stage", Subscriber, "stage", flows=[flow]),))
    assert "to itself" in sentence["headwater.W308"]


def test_a_stock_and_a_partition_with_one_slug(told: Any) -> None:
    both = Partition("paying", Subscriber, "stage")
    assert (
        "a stock and of a partition" in told(stocks=(paying,), partitions=(both,))["headwater.E302"]
    )


def test_an_expression_that_cannot_be(told: Any) -> None:
    by = Case(When(nothing=1, then=Value("a")), default=Value("b"))
    assert "nothing" in told(partitions=(Partition("odd", Subscriber, by),))["headwater.E304"]


def test_a_field_of_which_each_object_has_its_own_value(told: Any) -> None:
    from tests.testapp.models import Person

    assert "FloatField" in told(partitions=(Partition("x", Person, "x"),))["headwater.E305"]


def test_a_flow_that_names_a_state_that_there_is_not(told: Any) -> None:
    flow = Flow("winning", "Winning", sources=["trail"], sinks=["paying"])
    sentence = told(partitions=(Partition("stage", Subscriber, "stage", flows=[flow]),))
    assert "Did you mean “trial”?" in sentence["headwater.W307"]


def test_a_flow_of_a_partition_with_a_stock_of_its_own(told: Any) -> None:
    flow = Flow("winning", "Winning", sources=[None], sinks=[paying])
    sentence = told(partitions=(Partition("stage", Subscriber, "stage", flows=[flow]),))
    assert "no state of it" in sentence["headwater.E307"]


def test_a_facet_that_leads_nowhere(told: Any) -> None:
    region = Facet("region", "Region", "region", ["north"])
    stock = Stock("all", "All", Subscriber.objects.all(), facets=[region])
    assert "“region”" in told(stocks=(stock,))["headwater.E308"]
    stock = Stock("all", "All", Subscriber.objects.all(), facets=[(region, "team")])
    assert told(stocks=(stock,)) == {}


@pytest.mark.parametrize(
    ("model", "words"),
    [("nowhere.Event", "not installed"), (Subscriber, "as its event model")],
)
def test_an_event_model_that_is_none(told: Any, model: Any, words: str) -> None:
    stage = Partition("stage", Subscriber, "stage", flow_event_model=model)
    assert words in told(partitions=(stage,))["headwater.E309"]


def test_an_event_model_of_other_objects(told: Any) -> None:
    place = Partition("place", Parcel, "place", flow_event_model=SubscriberEvent)
    assert "stockapp.Subscriber" in told(partitions=(place,))["headwater.E311"]


def test_an_event_model_whose_events_go_with_the_object(
    told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SubscriberEvent._meta.get_field("subject")
    monkeypatch.setattr(key.remote_field, "on_delete", models.CASCADE)
    stage = Partition("stage", Subscriber, "stage", flow_event_model=SubscriberEvent)
    assert "SubjectKey" in told(partitions=(stage,))["headwater.E310"]


def test_a_tracker_of_a_field_that_there_is_not(told: Any) -> None:
    flow = Flow("winning", "Winning", SubscriberEvent, sources=[None], sinks=[paying])
    tracker = ModelTracker(["stag"], lambda old, new: ((), ()), [paying], [flow])
    assert "Did you mean “stage”?" in told(trackers=(tracker,))["headwater.E312"]


@pytest.mark.parametrize("job", [("sometimes", print), ("daily", "print"), (print,)])
def test_a_schedule_that_cannot_be(told: Any, job: Any) -> None:
    assert "The schedule has" in told(schedule=(job,))["headwater.E313"]


def test_a_period_that_there_is_not(told: Any) -> None:
    stock = Stock("all", "All", Subscriber.objects.all(), every="fortnightly")
    assert "'fortnightly'" in told(stocks=(stock,))["headwater.E315"]


def test_what_a_module_states_wrongly_is_told_and_not_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> Stated:
        raise DefinitionError("“stocks” of shop.stocks is 3; it must be a list.")

    monkeypatch.setattr(checks, "stated", refuse)
    (message,) = checks.check_stocks()
    assert "must be a list" in message.msg


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Stock("two words", "Odd", Subscriber.objects.all()), "'two words'"),
        (lambda: Facet("c", "C", "country", "no"), "'no'"),
        (lambda: Facet("c", "C", "country", Subscriber.objects.all()), "flat=True"),
        (
            lambda: Stock("a", "A", Subscriber.objects.all(), facets=["country"]),
            "'country' is no facet",
        ),
        (lambda: Flow("a", "A", sources=[], sinks=[None]), "sources"),
        (lambda: Flow("a", "A", sources="trial", sinks=[None]), "'trial'"),
        (lambda: Flow("a", "A", sources=[timedelta()], sinks=[None]), "no end of a flow"),
        (lambda: Flow("a", "A", sources=["x" * 101], sinks=[None]), "no end of a flow"),
        (lambda: Flow("a", "A", sources=["b"], sinks=[None], event_callables=[3]), "called"),
        (
            lambda: Flow(
                "a", "A", sources=[paying], sinks=[Stock("parcels", "P", Parcel.objects.all())]
            ),
            "stocks of one model",
        ),
        (
            lambda: Partition(
                "p",
                Subscriber,
                "stage",
                flows=[
                    Flow("a", "A", sources=["trial"], sinks=["paying", None]),
                    Flow("b", "B", sources=["trial"], sinks=[None]),
                ],
            ),
            "“a” and “b”, from “trial” to “outside”",
        ),
        (lambda: Partition("p", Subscriber, "stage", names=["trial"]), "dictionary"),
        (lambda: Process("p", "P", stocks=["paying"]), "'paying'"),
        (lambda: ModelTracker(["stage"]), "ModelTracker.of(partition)"),
    ],
)
def test_what_cannot_be_stated_is_refused_where_it_is_stated(make: Any, words: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        make()
    assert words in str(refused.value)
