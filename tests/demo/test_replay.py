"""The shop's year played back: the books say what the files say, worked out without them."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db.models import Count

from headwater.stockandflow import balance
from headwater.stockandflow.backtest import backtest
from headwater.stockandflow.balance import pages
from headwater.stockandflow.models import (
    FlowRecord,
    Ledger,
    StockFacetRecord,
    StockMembership,
    StockRecord,
)
from headwater.stockandflow.periods import MONTHLY
from headwater.stockandflow.reconcile import reconcile
from headwater_demo.shop import load
from headwater_demo.shop.decay import DORMANT_AFTER, LAPSES_AFTER
from headwater_demo.shop.load import load_shop
from headwater_demo.shop.models import Customer, CustomerMove
from headwater_demo.shop.replay import Replayed, following, replay

pytestmark = pytest.mark.django_db
SLUG = "customer-activity"
STATES = ("new", "active", "lapsing", "dormant")
Move = tuple[str, str]
FLOWS = {
    ("", "new"): "arriving",
    ("new", "active"): "winning",
    ("new", "lapsing"): "lapsing",
    ("active", "lapsing"): "lapsing",
    ("lapsing", "dormant"): "losing",
    ("lapsing", "active"): "winning-back",
    ("dormant", "active"): "winning-back",
}
"""Every move that there is has a name."""


@dataclass
class Month:
    """What the files say about one month, as of its end."""

    number: int
    """Months since the year 0."""
    states: dict[int, str]
    """Of everybody who has ordered by then: customer number -> state."""
    moves: Counter[Move]

    @property
    def end(self) -> datetime:
        return datetime(self.number // 12, self.number % 12 + 1, 1, tzinfo=UTC)


def _months_with_orders() -> dict[int, set[int]]:
    ordered: dict[int, set[int]] = defaultdict(set)
    with (load.DATA / "customer_months.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if int(row["orders"]):
                year, month = row["month"].split("-")
                ordered[int(row["customer_id"])].add(12 * int(year) + int(month) - 1)
    return ordered


def worked_out() -> list[Month]:
    """Return the months from December 2010 to November 2011, from the file alone.

    Whole months are counted here, as numbers; the demo compares dates with spans of days.
    """
    ordered = _months_with_orders()
    first = 12 * 2010 + 11
    found = []
    before: dict[int, str] = {}
    for month in range(first, first + 12):
        states = {}
        for customer, months in ordered.items():
            past = [one for one in months if one <= month]
            if past:
                quiet = month - max(past)
                states[customer] = (
                    "dormant"
                    if quiet >= 4
                    else "lapsing"
                    if quiet >= 2
                    else "active"
                    if len(past) > 1
                    else "new"
                )
        moves = Counter(
            (before.get(customer, ""), state)
            for customer, state in states.items()
            if before.get(customer, "") != state
        )
        found.append(Month(month + 1, states, moves))
        before = states
    return found


def check(months: list[Month]) -> None:
    """Assert that levels, events and records say what was worked out, for each month."""
    counts: dict[datetime, dict[str, int]] = defaultdict(dict)
    ends: dict[int | None, datetime] = {}
    for record in StockRecord.objects.filter(partition=SLUG, period=MONTHLY):
        counts[record.period_start][record.stock] = record.count
        ends[record.page] = record.period_start
    opening = datetime(2010, 12, 1, tzinfo=UTC)
    assert sorted(counts) == [opening, *(month.end for month in months)]
    assert counts.pop(opening) == dict.fromkeys(STATES, 0)

    moves: dict[datetime, Counter[Move]] = defaultdict(Counter)
    for event in CustomerMove.objects.filter(partition=SLUG):
        moves[ends[event.page]][event.source, event.sink] += 1
    flows: dict[datetime, Counter[str]] = defaultdict(Counter)
    for flow in FlowRecord.objects.filter(partition=SLUG, period=MONTHLY, events__gt=0):
        flows[flow.period_start][flow.flow] += flow.events

    for month in months:
        levels = Counter(month.states.values())
        assert counts[month.end] == {state: levels[state] for state in STATES}, month.end
        assert moves[month.end] == month.moves, month.end
        by_flow: Counter[str] = Counter()
        for ends_of_move, times in month.moves.items():
            by_flow[FLOWS[ends_of_move]] += times
        assert flows[month.end] == by_flow, month.end
    assert set(moves) == set(flows) == {month.end for month in months}


def test_the_whole_year() -> None:
    load_shop()
    letters = "ABC"
    for index, letter in enumerate(letters):
        Customer.objects.filter(number__in=range(12_000 + index, 20_000, 3)).update(segment=letter)
    told: list[str] = []
    done = replay(told.append)
    months = worked_out()

    check(months)
    assert done == Replayed(months=12, moves=sum(sum(month.moves.values()) for month in months))
    # The figures that a person finds in the file.
    assert months[0].moves == {("", "new"): 885}
    assert months[-1].moves[("dormant", "active")] == 214
    assert told[0] == "December 2010: 885 moves; then 885 new, 0 active, 0 lapsing, 0 dormant."
    assert len(told) == 12

    # The balance of every page is exact, and so is that of the year.
    assert balance(SLUG).is_exact
    book = pages(SLUG)
    assert len(book) == 13
    assert all(page.is_exact for page in book)
    found = {one.slug: one for one in reconcile(repair=False)}[SLUG]
    assert (found.gap, found.repaired, found.problems) == (0, 0, ())

    # Members are who the customers say they are; who never ordered is in no stock.
    members = dict(
        StockMembership.objects.filter(ledger__partition=SLUG).values_list("object_id", "state")
    )
    numbers = {str(pk): number for pk, number in Customer.objects.values_list("pk", "number")}
    assert {numbers[key]: state for key, state in members.items() if state} == months[-1].states
    assert dict(Customer.objects.exclude(activity="").values_list("number", "activity")) == (
        months[-1].states
    )
    assert Customer.objects.filter(activity="").count() == 4_372 - len(months[-1].states)

    # Facets: the five largest countries, and the letters that there are.
    of_segment = dict(
        StockFacetRecord.objects.filter(
            record__partition=SLUG,
            record__stock="lapsing",
            record__period_start=months[-1].end,
            facet="segment",
        ).values_list("value", "count")
    )
    lapsing = Customer.objects.filter(activity="lapsing")
    for letter in letters:
        assert of_segment[letter] == lapsing.filter(segment=letter).count() > 0
    countries = set(
        StockFacetRecord.objects.filter(record__partition=SLUG, facet="country").values_list(
            "value", flat=True
        )
    )
    largest = Customer.objects.values("country").annotate(n=Count("pk")).order_by("-n")[:5]
    assert {row["country"] for row in largest} <= countries
    assert len(countries - {""}) == 5


def test_the_back_test_on_the_last_three_whole_months() -> None:
    load_shop()
    replay()
    found = backtest(SLUG, periods=3)

    assert found.made_at == datetime(2011, 9, 1, tzinfo=UTC)
    assert found.history == 9
    levels = {month.end: Counter(month.states.values()) for month in worked_out()[-3:]}
    assert {(line.moment, line.state): line.actual for line in found.lines} == {
        (moment, state): number for moment, of in levels.items() for state, number in of.items()
    }
    # All twelve levels came to lie in the bands, which are wide: months differ much.
    assert found.coverage95 == 1
    assert found.coverage80 >= 0.8
    widths = [(line.high80 - line.low80) / line.actual for line in found.lines]
    assert sum(widths) / len(widths) > 0.3
    # It knows no season: more were active in each month of autumn than it took for likely.
    assert all(line.actual > line.median for line in found.lines if line.state == "active")


def test_it_is_played_back_once(small_shop: None) -> None:
    load_shop()
    assert replay().months == 12
    events = list(CustomerMove.objects.values_list("pk", flat=True))
    records = StockRecord.objects.count()
    customers = list(Customer.objects.values_list("pk", "activity", "last_active"))

    assert replay() == Replayed(months=0, moves=0)

    assert list(CustomerMove.objects.values_list("pk", flat=True)) == events
    assert StockRecord.objects.count() == records
    assert list(Customer.objects.values_list("pk", "activity", "last_active")) == customers
    check(worked_out())


def test_it_goes_on_where_it_was_interrupted(small_shop: None) -> None:
    load_shop()

    def interrupt(sentence: str) -> None:
        if sentence.startswith("April 2011"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(interrupt)
    assert Ledger.objects.get(partition=SLUG).counted_at == datetime(2011, 5, 1, tzinfo=UTC)
    assert replay().months == 7
    check(worked_out())


def test_december_2011_is_no_whole_month(small_shop: None) -> None:
    load_shop()
    replay()
    # Somebody's first order was on 9 December 2011, if anybody's: nobody is new by it.
    late = Customer.objects.filter(first_order__gte=date(2011, 12, 1))
    assert not late.exclude(activity="").exists()
    assert Customer.objects.filter(last_active__gt=date(2011, 11, 30)).count() == 0


def test_spans_of_days_are_whole_months() -> None:
    """The decay is told in days; between a last day and a first one they are whole months."""
    day = date(2008, 1, 1)
    months = [day]
    while len(months) < 60:  # with two leap years
        months.append(following(months[-1]))
    for index, month in enumerate(months[:-8]):
        last = following(month) - timedelta(days=1)
        for quiet in range(7):
            span = months[index + 1 + quiet] - last
            assert (span >= LAPSES_AFTER) == (quiet >= 2), (month, quiet)
            assert (span >= DORMANT_AFTER) == (quiet >= 4), (month, quiet)


def test_thresholds_are_those_of_the_customers() -> None:
    """Of those who ordered again, three in four did so before they lapsed, nine in ten before
    they were dormant."""
    ordered = _months_with_orders()
    gaps = [
        later - earlier - 1
        for months in ordered.values()
        for earlier, later in pairwise(sorted(months))
    ]
    assert sum(gap < 2 for gap in gaps) / len(gaps) == pytest.approx(0.75, abs=0.01)
    assert sum(gap < 4 for gap in gaps) / len(gaps) == pytest.approx(0.9, abs=0.01)
