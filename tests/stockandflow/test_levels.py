"""Levels and series: what was counted, what was missed, what is retired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from headwater.stockandflow.analysis.levels import Level, levels
from headwater.stockandflow.analysis.series import flow_series, level_series, stock_series
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.models import FlowRecord, StockRecord
from tests.stockandflow.panel import START, Panel, between, play, step
from tests.stockapp.models import Subscriber, Team
from tests.stockapp.stocks import country, stage, waiting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_levels_are_those_of_the_last_two_counts() -> None:
    panel = play(3)
    found = levels("stage")
    last, before = (list(panel.states[i].values()) for i in (-1, -2))
    assert [(one.state, one.name, one.count, one.previous) for one in found.lines] == [
        (state, name, last.count(state), before.count(state))
        for state, name in (("trial", "On trial"), ("paying", "Paying"), ("lapsed", "Lapsed"))
    ]
    assert [one.change for one in found.lines] == [
        last.count(one.state) - before.count(one.state) for one in found.lines
    ]
    assert (found.counted_at, found.previous_at) == (panel.moments[2], panel.moments[1])
    assert found.next_due == START.replace(hour=0) + 3 * DAY


def test_before_the_first_count_nothing_is_known_and_one_is_due() -> None:
    found = levels("stage")
    assert found.lines[0] == Level("trial", "On trial", None, None, None, is_retired=False)
    assert (found.counted_at, found.previous_at) == (None, None)
    assert found.next_due is not None
    assert found.next_due <= datetime.now(UTC)


def test_after_one_count_there_is_no_change_yet() -> None:
    play(1)
    found = levels("stage")
    assert [(one.count, one.change) for one in found.lines] == [(60, None)] * 3


def test_a_state_that_nobody_states_and_nobody_is_in_is_retired() -> None:
    Subscriber.objects.create(stage="gold")
    panel = play(1, size=2)
    assert not levels("stage").lines[-1].is_retired
    Subscriber.objects.filter(stage="gold").update(stage="trial")
    panel.count(START + DAY)
    gold = levels("stage").lines[-1]
    assert gold == Level("gold", "gold", 0, 1, -1, is_retired=True)
    assert level_series("stage").lines["gold"] == (1, 0)
    assert not levels("stage").lines[0].is_retired


def test_numbers_of_states_are_in_the_order_of_numbers() -> None:
    for state in ("10", "9", "b", "a"):
        Subscriber.objects.create(stage=state)
    play(1, size=1)
    assert [one.state for one in levels("stage").lines][3:] == ["9", "10", "a", "b"]


def record(stock: str, day: int, count: int, **values: Any) -> StockRecord:
    start = START.replace(hour=0) + day * DAY
    values = {"partition": "", "period": "daily", "counted_at": start + 9 * DAY / 24, **values}
    return StockRecord.objects.create(stock=stock, period_start=start, count=count, **values)


def test_a_series_has_gaps_where_nothing_was_counted() -> None:
    panel = play(2)
    step(np.random.default_rng(1))
    panel.count(START + 4 * DAY)
    found = level_series("stage")
    midnight = START.replace(hour=0)
    assert found.moments == (
        START,
        START + DAY,
        midnight + 2 * DAY,
        midnight + 3 * DAY,
        START + 4 * DAY,
    )
    for state, line in found.lines.items():
        first, second, third = (list(one.values()).count(state) for one in panel.states)
        assert line == (first, second, None, None, third)
    assert found.period == "daily"
    assert not any(found.backfilled)


def test_a_back_filled_level_is_marked() -> None:
    record("trial", 0, 3, partition="stage", page=1)
    record("trial", 1, 4, partition="stage", is_backfilled=True)
    record("trial", 2, 5, partition="stage", page=2)
    found = level_series("stage")
    assert found.lines["trial"] == (3, 4, 5)
    assert found.backfilled == (False, True, False)


def test_a_series_of_weeks_and_of_some_dates() -> None:
    panel = play(9)
    weekly = level_series("stage", every="weekly")
    assert weekly.moments == (panel.moments[6], panel.moments[8])
    assert weekly.period == "weekly"
    some = level_series("stage", since=panel.moments[2], until=panel.moments[4])
    assert some.moments == tuple(panel.moments[2:5])


def test_a_series_by_facet() -> None:
    north = Team.objects.create(name="A", region="north")
    Subscriber.objects.create(stage="trial", country="no", team=north)
    Subscriber.objects.create(stage="trial", country="de")
    panel = play(1, size=1)
    Subscriber.objects.filter(country="no").update(stage="paying")
    panel.count(START + DAY)
    norway = level_series("stage", facet=country, value="no")
    assert norway.lines == {"trial": (1, 0), "paying": (0, 1), "lapsed": (0, 0)}
    others = level_series("stage", facet="country", value="")
    assert others.lines["trial"] == (2, 2)
    assert level_series("stage", facet="region", value="north").lines == norway.lines
    flows = flow_series("stage", facet="country", value="no")
    assert flows.moves == {("trial", "paying"): (1,)}


def test_a_series_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    play(4)
    with django_assert_max_num_queries(3):
        level_series(stage, facet=country, value="no")
    with django_assert_max_num_queries(3):
        flow_series(stage)
    with django_assert_max_num_queries(4):
        levels(stage)


def test_the_series_of_a_single_stock_also_when_it_is_gone() -> None:
    record("waiting", 0, 1)
    record("waiting", 2, 3)
    found = stock_series(waiting)
    assert found.lines == {"waiting": (1, None, 3)}
    assert found.names == {"waiting": "Waiting"}
    record("gone", 0, 4)
    assert stock_series("gone").lines == {"gone": (4,)}
    assert stock_series("never").lines == {"never": ()}


def test_flows_add_up_to_levels() -> None:
    panel = play(7)
    flows, series = flow_series("stage"), level_series("stage")
    assert flows.intervals == tuple(pairwise(panel.moments))
    for state, line in series.lines.items():
        changes = [after - before for before, after in pairwise(line)]
        inflow, outflow = flows.inflow[state], flows.outflow[state]
        assert [a - b for a, b in zip(inflow, outflow, strict=True)] == changes
    for i, (before, after) in enumerate(pairwise(panel.states)):
        moved = {ends: n for ends, n in between(before, after).items() if ends[0] != ends[1]}
        assert {ends: line[i] for ends, line in flows.moves.items() if line[i]} == moved


def test_flows_of_weeks_add_up_days() -> None:
    play(16)
    days, weeks = flow_series("stage"), flow_series("stage", every="weekly")
    assert len(weeks.intervals) == 2
    for ends, line in weeks.moves.items():
        daily = days.moves[ends]
        assert line == (sum(daily[6:13]), sum(daily[13:15]))


def test_flows_may_leave_out_relabelled_moves_but_not_by_facet() -> None:
    play(3)
    row = FlowRecord.objects.filter(source="trial", sink="paying").latest("period_start")
    FlowRecord.objects.filter(pk=row.pk).update(relabelled=row.events - 1)
    own = flow_series("stage", include_relabelled=False)
    assert own.moves["trial", "paying"][-1] == 1
    with pytest.raises(StockAndFlowError, match="“country” are recorded without telling"):
        flow_series("stage", include_relabelled=False, facet="country", value="no")


def test_the_moves_before_the_first_count_are_no_interval() -> None:
    play(1)
    found = flow_series("stage")
    assert (found.intervals, found.moves) == ((), {})


def test_summer_time_is_no_missed_day() -> None:
    """In Berlin, a day of March has 23 hours; the project's zone may be changed later, too."""
    from headwater.stockandflow.analysis.counts import missed_starts

    first = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert missed_starts("daily", first, first + timedelta(hours=23)) == []
    assert missed_starts("daily", first, first + timedelta(hours=25)) == []
    assert len(missed_starts("daily", first, first + timedelta(hours=47))) == 1
    january = datetime(2026, 1, 1, tzinfo=UTC)
    assert missed_starts("monthly", january, datetime(2026, 2, 1, tzinfo=UTC)) == []
    assert missed_starts("monthly", january, datetime(2026, 3, 1, tzinfo=UTC)) == [
        datetime(2026, 2, 1, tzinfo=UTC)
    ]


def test_panels_of_one_day_are_one_count() -> None:
    panel = Panel("stage")
    Subscriber.objects.create(stage="trial")
    panel.count(START)
    assert level_series("stage").lines["trial"] == (1,)
