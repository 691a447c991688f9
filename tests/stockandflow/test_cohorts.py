"""Cohorts: equal to what Python counts from where the objects were."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from headwater.stockandflow.analysis.cohorts import Cohort, retention
from headwater.stockandflow.errors import StockAndFlowError
from tests.stockandflow.panel import START, Panel, play, step
from tests.stockapp.models import Subscriber

pytestmark = pytest.mark.django_db


def cohorts_of(panel: Panel, states: frozenset[str], periods: int) -> dict[int, list[int | None]]:
    """Return the place of the first count that found them there -> size and who remains."""
    came: dict[int, set[object]] = {}
    seen: set[object] = set()
    there = [{one for one, state in p.items() if state in states} for p in panel.states]
    for day, inside in enumerate(there):
        if inside - seen:
            came[day] = inside - seen
        seen |= inside
    return {
        day: [
            len(members),
            *(
                len(members & there[day + after]) if day + after < len(there) else None
                for after in range(periods)
            ),
        ]
        for day, members in came.items()
    }


def as_dict(cohorts: tuple[Cohort, ...], panel: Panel) -> dict[int, list[int | None]]:
    """Return number of the count that found them -> size and remaining."""
    starts = [moment.replace(hour=0) for moment in panel.moments]
    return {
        0 if one.start is None else starts.index(one.start) + 1: [one.size, *one.remaining]
        for one in cohorts
    }


@pytest.mark.parametrize("slug", ["stage", "place"])
def test_cohorts_of_a_panel_are_exact(slug: str) -> None:
    panel = play(9, slug=slug, size=20)
    found = retention(slug, periods=5)
    everything = frozenset(("trial", "paying", "lapsed"))
    assert as_dict(found.cohorts, panel) == cohorts_of(panel, everything, 5)
    assert found.cohorts[0].start is None
    assert found.period == "daily"


def test_to_be_there_may_be_to_be_in_some_states() -> None:
    panel = play(9, size=20, seed=4)
    found = retention("stage", periods=12, states=["paying"])
    assert as_dict(found.cohorts, panel) == cohorts_of(panel, frozenset(["paying"]), 12)


def test_who_comes_back_is_of_the_old_cohort() -> None:
    panel = play(1, size=0)
    subscriber = Subscriber.objects.create(stage="trial")
    for day, stage in enumerate(("trial", "", "paying"), start=1):
        Subscriber.objects.filter(pk=subscriber.pk).update(stage=stage)
        panel.count(START + timedelta(days=day))
    (cohort,) = retention("stage", periods=4).cohorts
    assert (cohort.size, cohort.remaining) == (1, (1, 0, 1, None))


def test_a_missed_period_is_not_known() -> None:
    panel = play(3, size=5)
    rng = np.random.default_rng(1)
    for day in (4, 5):
        step(rng)
        panel.count(START + timedelta(days=day))
    before = retention("stage", periods=7).cohorts[0]
    wanted = cohorts_of(panel, frozenset(("trial", "paying", "lapsed")), 5)[0]
    assert before.remaining == (*wanted[1:4], None, *wanted[4:6], None)


def test_cohorts_of_weeks() -> None:
    panel = play(16, size=5)
    found = retention("stage", periods=3, every="weekly")
    ends = [set(panel.states[i]) for i in (6, 13, 15)]
    days = [set(places) for places in panel.states]
    opened = days[0]
    first = set().union(*days[1:7]) - opened
    second = set().union(*days[7:14]) - first - opened
    third = set().union(*days[14:16]) - first - second - opened
    monday = START.replace(hour=0)
    assert found.period == "weekly"
    assert found.cohorts == (
        Cohort(None, len(opened), tuple(len(opened & end) for end in ends)),
        Cohort(monday, len(first), tuple(len(first & end) for end in ends)),
        Cohort(
            monday + timedelta(weeks=1),
            len(second),
            (len(second & ends[1]), len(second & ends[2]), None),
        ),
        Cohort(monday + timedelta(weeks=2), len(third), (len(third & ends[2]), None, None)),
    )


def test_books_that_were_opened_empty_have_no_cohort_before() -> None:
    play(1, size=0)
    Subscriber.objects.create(stage="trial")
    Panel("stage").count(START + timedelta(days=1))
    assert [one.start is None for one in retention("stage").cohorts] == [False]


def test_without_counts_there_are_no_cohorts() -> None:
    assert retention("stage").cohorts == ()


def test_retention_of_no_period_is_refused() -> None:
    with pytest.raises(StockAndFlowError, match="Retention of 0 periods"):
        retention("stage", periods=0)
