"""Transitions: tables of real counts are those that Python counts from the objects."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from headwater.stockandflow.analysis.transitions import (
    TransitionTable,
    moves_between,
    transition_table,
)
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.models import Cause, Ledger, StockMembership, StockRecord
from tests.stockandflow.panel import STAGES, START, P, between, play, step
from tests.stockapp.models import Subscriber, SubscriberEvent
from tests.stockapp.stocks import stage

pytestmark = pytest.mark.django_db


def as_counter(table: TransitionTable) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for i, source in enumerate(table.states):
        for j, sink in enumerate(table.states):
            found[source, sink] = table.counts[i][j]
        found[source, ""] = table.left[i]
        found["", source] = table.entered[i]
    return +found


@pytest.mark.parametrize("slug", ["stage", "place"])
def test_the_table_of_a_panel_is_exact(slug: str) -> None:
    """With events of the project's own, and with those that every project has; deletes too."""
    panel = play(8, slug=slug)
    table = transition_table(slug)
    assert as_counter(table) == panel.transitions()
    assert (table.periods, table.longer) == (7, 0)
    assert set(table.states) == set(STAGES)


def test_the_shares_are_those_of_the_matrix_that_the_panel_was_made_with() -> None:
    play(30, size=100)
    table = transition_table("stage")
    for i, one in enumerate(STAGES):
        row = table.states.index(one)
        found = [table.counts[row][table.states.index(sink)] for sink in STAGES]
        seen = np.array([*found, table.left[row]])
        possible = P[i] > 0
        assert (seen[~possible] == 0).all()
        expected = P[i][possible] * seen.sum()
        assert stats.chisquare(seen[possible], expected).pvalue > 0.001
        shares = [share for share in table.probabilities[row] if share is not None]
        assert sum(shares) + (table.leaving[row] or 0) == pytest.approx(1)


def test_an_interval_of_dates_has_the_counts_in_it() -> None:
    panel = play(6)
    table = transition_table("stage", since=panel.moments[2], until=panel.moments[4])
    assert as_counter(table) == panel.transitions(2, 5)
    assert table.periods == 2


def test_there_and_back_within_a_day_is_staying() -> None:
    subscriber = Subscriber.objects.create(stage="trial")
    panel = play(1)
    ledger = Ledger.objects.get(partition="stage")
    for source, sink in (("trial", "paying"), ("paying", "trial")):
        SubscriberEvent.objects.create(
            partition="stage",
            subject=subscriber,
            source=source,
            sink=sink,
            page=ledger.page,
            occurred_at=START + timedelta(hours=1),
        )
    panel.count(START + timedelta(days=1))
    table = transition_table("stage")
    assert as_counter(table) == {(one, one): 60 + (one == "trial") for one in STAGES}


def test_weeks_look_from_the_last_count_of_one_to_that_of_the_next() -> None:
    panel = play(17)  # Monday to Wednesday of the week after next
    table = transition_table("stage", every="weekly")
    kept = [panel.states[i] for i in (6, 13, 16)]
    assert as_counter(table) == between(kept[0], kept[1]) + between(kept[1], kept[2])
    assert table.periods == 2


def test_missed_periods_are_told() -> None:
    panel = play(3)
    step(np.random.default_rng(9))
    panel.count(START + timedelta(days=6))
    table = transition_table("stage")
    assert as_counter(table) == panel.transitions()
    assert (table.periods, table.longer) == (3, 1)


@pytest.mark.parametrize("ends", [(0, 5), (2, 4), (1, 2)])
def test_moves_between_two_dates(ends: tuple[int, int]) -> None:
    panel = play(6)
    first, last = ends
    late = timedelta(hours=3)
    moves = moves_between("stage", panel.moments[first] + late, panel.moments[last] + late)
    found = Counter({(move.source, move.sink): move.objects for move in moves})
    assert found == between(panel.states[first], panel.states[last])
    assert [move.objects for move in moves] == sorted(found.values(), reverse=True)


def test_moves_before_the_first_count_begin_with_it() -> None:
    panel = play(3)
    moves = moves_between("stage", START - timedelta(days=99), START + timedelta(days=99))
    found = Counter({(move.source, move.sink): move.objects for move in moves})
    assert found == between(panel.states[0], panel.states[2])


@pytest.mark.parametrize("days", [0, 1])
def test_without_two_counts_there_is_nothing(days: int) -> None:
    if days:
        play(days)
    table = transition_table("stage")
    assert (table.periods, sum(table.totals), sum(table.entered)) == (0, 0, 0)
    assert set(table.leaving) == {None}
    assert moves_between("stage", START, START + timedelta(days=9)) == ()


def relabel(subscriber: Subscriber, source: str, sink: str) -> None:
    """Move it as a diff does that a cause speaks for."""
    ledger = Ledger.objects.get(partition="stage")
    SubscriberEvent.objects.create(
        partition="stage",
        subject=subscriber,
        source=source,
        sink=sink,
        page=ledger.page,
        cause=Cause.RELABELLED,
        is_inferred=True,
    )
    subscriber.stage = sink
    subscriber.save()
    members = StockMembership.objects.filter(ledger=ledger, object_id=str(subscriber.pk))
    members.update(state=sink)


def test_without_relabelled_moves_who_was_relabelled_has_stayed() -> None:
    one, other, third = (Subscriber.objects.create(stage="trial") for _ in range(3))
    panel = play(1, size=0)
    relabel(one, "trial", "paying")
    relabel(other, "trial", "paying")
    Subscriber.objects.filter(pk=other.pk).update(stage="lapsed")  # moves by itself after that
    Subscriber.objects.filter(pk=third.pk).update(stage="lapsed")
    panel.count(START + timedelta(days=1))
    everything = transition_table("stage")
    assert as_counter(everything) == {("trial", "paying"): 1, ("trial", "lapsed"): 2}
    own = transition_table("stage", include_relabelled=False)
    assert as_counter(own) == {
        ("trial", "trial"): 1,
        ("paying", "lapsed"): 1,
        ("trial", "lapsed"): 1,
    }
    moves = moves_between("stage", START, START + timedelta(days=2), include_relabelled=False)
    assert {(move.source, move.sink): move.objects for move in moves} == as_counter(own)


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any) -> None:
    play(5)
    with django_assert_max_num_queries(4):
        transition_table(stage, include_relabelled=False)


def test_a_state_that_is_in_no_code_is_in_the_table() -> None:
    panel = play(2)
    Subscriber.objects.filter(stage="lapsed").update(stage="gold")
    panel.count(START + timedelta(days=2))
    table = transition_table("stage")
    assert table.states[-1] == "gold"
    assert table.names["gold"] == "gold"
    assert as_counter(table) == panel.transitions()
    assert StockRecord.objects.filter(stock="gold").exists()


def test_a_partition_that_there_is_not() -> None:
    with pytest.raises(DefinitionError, match="No partition “nothing” is stated"):
        transition_table("nothing")
