"""A panel: objects that move by a known matrix, with the truth kept in Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from headwater.stockandflow import count_stocks
from tests.stockapp.models import Parcel, Subscriber

STAGES = ("trial", "paying", "lapsed")
P = np.array([[0.6, 0.3, 0.0, 0.1], [0.0, 0.8, 0.15, 0.05], [0.0, 0.1, 0.8, 0.1]])
"""From trial, paying, lapsed to these, and outside."""
ARRIVALS = 6.0
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Panel:
    """Where each object was at each count; "" is outside."""

    slug: str = "stage"
    moments: list[datetime] = field(default_factory=list)
    states: list[dict[Any, str]] = field(default_factory=list)

    def count(self, moment: datetime) -> None:
        """Count, and keep where the objects are."""
        (counted,) = count_stocks(moment, only=[self.slug])
        assert not counted.failed, counted.sentence
        assert not counted.skipped, counted.sentence
        self.moments.append(moment)
        self.states.append(places(self.slug))

    def transitions(self, first: int = 0, last: int | None = None) -> Counter[tuple[str, str]]:
        """Return who went from where to where between counts that follow one another."""
        found: Counter[tuple[str, str]] = Counter()
        kept = self.states[first:last]
        for before, after in pairwise(kept):
            found += between(before, after)
        return found


def places(slug: str) -> dict[Any, str]:
    """Return where each object is."""
    if slug == "place":
        return dict(Parcel.objects.exclude(place="").values_list("pk", "place"))
    return dict(Subscriber.objects.exclude(stage="").values_list("pk", "stage"))


def between(before: dict[Any, str], after: dict[Any, str]) -> Counter[tuple[str, str]]:
    """Return who went from where to where."""
    return Counter(
        (before.get(one, ""), after.get(one, "")) for one in before.keys() | after.keys()
    )


def step(rng: np.random.Generator, slug: str = "stage") -> None:
    """Move every object once by the matrix, and let some arrive."""
    model: Any = Parcel if slug == "place" else Subscriber
    name = "place" if slug == "place" else "stage"
    by_sink: dict[str, list[Any]] = {}
    for pk, state in places(slug).items():
        sink = (*STAGES, "")[rng.choice(4, p=P[STAGES.index(state)])]
        if sink != state:
            by_sink.setdefault(sink, []).append(pk)
    for sink, keys in by_sink.items():
        rows = model.objects.filter(pk__in=keys)
        # Half of those who leave are deleted, the others lose their state.
        if sink == "":
            model.objects.filter(pk__in=keys[::2]).delete()
            rows = model.objects.filter(pk__in=keys[1::2])
        rows.update(**{name: sink})
    model.objects.bulk_create(model(**{name: "trial"}) for _ in range(rng.poisson(ARRIVALS)))


def play(
    days: int,
    *,
    seed: int = 0,
    size: int = 60,
    slug: str = "stage",
    gap: timedelta = timedelta(days=1),
    before_count: Callable[[int], None] = lambda day: None,
) -> Panel:
    """Return a panel of ``days`` counts; the first is of ``size`` objects in each stage."""
    rng = np.random.default_rng(seed)
    model: Any = Parcel if slug == "place" else Subscriber
    name = "place" if slug == "place" else "stage"
    model.objects.bulk_create(model(**{name: stage}) for stage in STAGES for _ in range(size))
    panel = Panel(slug)
    for day in range(days):
        if day:
            step(rng, slug)
        before_count(day)
        panel.count(START + day * gap)
    return panel
