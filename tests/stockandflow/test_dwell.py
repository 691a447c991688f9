"""Time in state: equal to SciPy's Kaplan-Meier of the stays that Python sees."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from headwater.stockandflow.analysis.dwell import QUANTILES, Dwell, time_in_state
from headwater.stockandflow.models import Cause, Ledger
from tests.stockandflow.panel import STAGES, START, Panel, play
from tests.stockapp.models import Subscriber, SubscriberEvent

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def stays_of(panel: Panel, state: str) -> tuple[list[float], list[float]]:
    """Return the days of stays that ended, and of those that go on; those at first left out."""
    ended, ongoing = [], []
    for one in set().union(*panel.states):
        began = None
        for day, places in enumerate(panel.states):
            is_there = places.get(one) == state
            if is_there and day and panel.states[day - 1].get(one) != state:
                began = day
            if not is_there and began is not None:
                ended.append(float(day - began))
                began = None
        if began is not None:
            ongoing.append(float(len(panel.states) - 1 - began))
    return ended, ongoing


def quantile_of(ended: list[float], ongoing: list[float], share: float) -> timedelta | None:
    outlasting = stats.ecdf(stats.CensoredData(uncensored=ended, right=ongoing)).sf
    passed = outlasting.quantiles[outlasting.probabilities <= 1 - share + 1e-9]
    return timedelta(days=float(passed[0])) if len(passed) else None


def by_state(dwells: tuple[Dwell, ...]) -> dict[str, Dwell]:
    return {one.state: one for one in dwells}


@pytest.mark.parametrize("slug", ["stage", "place"])
def test_quantiles_are_those_of_scipy(slug: str) -> None:
    panel = play(12, slug=slug, seed=3)
    found = by_state(time_in_state(slug))
    for state in STAGES:
        ended, ongoing = stays_of(panel, state)
        assert (found[state].completed, found[state].ongoing) == (len(ended), len(ongoing))
        wanted = {share: quantile_of(ended, ongoing, share) for share in QUANTILES}
        assert found[state].quantiles == wanted
        assert found[state].median == wanted[0.5]
    assert found["trial"].median is not None


def test_nothing_is_known_of_who_was_there_at_the_first_count() -> None:
    assert time_in_state("stage")  # not even a ledger
    play(1)
    for one in time_in_state("stage"):
        assert (one.completed, one.ongoing, one.median) == (0, 0, None)


def post(subscriber: Any, source: str, sink: str, at: datetime, **values: Any) -> None:
    SubscriberEvent.objects.create(
        partition="stage",
        subject=subscriber,
        source=source,
        sink=sink,
        occurred_at=at,
        page=2,
        **values,
    )


def opened(until: datetime) -> None:
    Ledger.objects.create(partition="stage", page=3, counted_at=until, compared_at=until)


def test_exact_times_are_told_apart_as_finely_as_they_need() -> None:
    opened(START + 99 * DAY)
    lengths = [
        timedelta(seconds=7.2),
        timedelta(minutes=90, seconds=20),
        timedelta(days=40, minutes=29),
    ]
    for length in lengths:
        subscriber = Subscriber.objects.create()
        post(subscriber, "", "trial", START)
        post(subscriber, "trial", "", START + length)
    found = by_state(time_in_state("stage"))["trial"]
    assert found.quantiles[0.25] == timedelta(seconds=7)
    assert found.median == timedelta(minutes=90)
    assert found.quantiles[0.9] == timedelta(days=40)


def test_a_clock_that_went_back_makes_no_stay_shorter_than_nothing() -> None:
    opened(START + DAY)
    subscriber = Subscriber.objects.create()
    post(subscriber, "", "trial", START)
    post(subscriber, "trial", "", START - timedelta(hours=1))
    found = by_state(time_in_state("stage"))["trial"]
    assert (found.completed, found.median) == (1, timedelta(0))


def test_without_relabelled_moves_a_stay_that_a_model_ended_goes_on() -> None:
    opened(START + 10 * DAY)
    subscriber = Subscriber.objects.create()
    post(subscriber, "", "trial", START)
    post(subscriber, "trial", "paying", START + 2 * DAY, cause=Cause.RELABELLED)
    post(subscriber, "paying", "", START + 3 * DAY)
    everything = by_state(time_in_state("stage"))
    assert everything["trial"].median == 2 * DAY
    assert everything["paying"].median == DAY
    own = by_state(time_in_state("stage", include_relabelled=False))
    assert (own["trial"].completed, own["trial"].ongoing) == (0, 1)
    assert (own["paying"].completed, own["paying"].ongoing) == (0, 0)


def test_other_partitions_are_left_alone() -> None:
    opened(START + DAY)
    subscriber = Subscriber.objects.create()
    SubscriberEvent.objects.create(partition="other", subject=subscriber, sink="trial", page=1)
    assert sum(one.ongoing for one in time_in_state("stage")) == 0


def test_the_mean_stay_is_that_of_the_matrix() -> None:
    """Of trial, 0.4 leave a day: half are gone after ln 0.5 / ln 0.6, that is 2, days."""
    play(25, size=0, seed=1)
    trial = by_state(time_in_state("stage"))["trial"]
    assert trial.median == np.ceil(np.log(0.5) / np.log(0.6)) * DAY
