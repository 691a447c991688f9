"""The colours of states: the same every day, whatever states come and go."""

from __future__ import annotations

import datetime as dt

import pytest

from headwater.console.flows.colours import marks_of
from headwater.console.flows.part import Part, parts_of
from headwater.console.letters import mark
from headwater.stockandflow import Partition, Process, Stock, count_stocks
from headwater.stockandflow import discover as discovery
from headwater.stockandflow.models import StockRecord
from tests.console.stock_records import state_processes
from tests.stockapp.models import Subscriber, Ticket

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def by_country(monkeypatch: pytest.MonkeyPatch) -> Part:
    partition = Partition("by-country", Subscriber, "country", names={"no": "Norway"})
    state_processes(monkeypatch, Process("p", "P", stocks=[partition]), partitions=(partition,))
    (part,) = parts_of(discovery.stated().processes[0])
    return part


def colours(part: Part) -> dict[str, tuple[int, str]]:
    return {state: (found.colour, found.shape) for state, found in marks_of(part).items()}


def test_a_new_state_takes_no_colour_from_another(by_country: Part) -> None:
    assert list(marks_of(by_country)) == ["no"]
    for day, country in enumerate(["se", "no", "dk", "at"]):
        Subscriber.objects.create(country=country)
        before = colours(by_country)
        count_stocks(as_of=NOON + dt.timedelta(days=day), only=["by-country"])
        after = colours(by_country)
        assert {state: after[state] for state in before} == before

    assert list(colours(by_country)) == ["no", "se", "dk", "at"]
    assert [colour for colour, _ in colours(by_country).values()] == [0, 1, 2, 3]
    assert marks_of(by_country)["no"].letter == "Norway"


def test_letters_of_a_model_keep_their_own_colours(by_country: Part) -> None:
    part = Part(by_country.process, Partition("by-country", Subscriber, "country"))
    for country in ("C", "A", "AB"):
        Subscriber.objects.create(country=country)
    count_stocks(as_of=NOON, only=["by-country"])
    # The count has made a record of the stated state too; a model's labels have no stated ones.
    StockRecord.objects.filter(stock="no").delete()

    assert marks_of(part) == {letter: mark(letter) for letter in ("A", "C", "AB")}


def test_more_states_than_colours_differ_in_shape() -> None:
    stocks = [Stock(f"s{n}", f"S{n}", Ticket.objects.all()) for n in range(40)]
    (part,) = parts_of(Process("p", "P", stocks=stocks))

    assert len(set(colours(part).values())) == 40
