"""A population that moves between stages, counted day by day, for the pages of stocks and flows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

from headwater.stockandflow import count_stocks
from tests.stockapp.models import Subscriber

BEGIN = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
STAGES = ("trial", "paying", "lapsed", "")
CHANCES = {
    "trial": (0.70, 0.20, 0.08, 0.02),
    "paying": (0.00, 0.92, 0.07, 0.01),
    "lapsed": (0.00, 0.10, 0.85, 0.05),
    "": (0.0, 0.0, 0.0, 1.0),
}
"""Chance of each stage, and of the outside, a day later."""


def play(counts: int, *, objects: int = 60, arriving: int = 4, seed: int = 1) -> list[Counter[str]]:
    """Let a population move and count it ``counts`` times; return who was where at each count."""
    random = Random(seed)  # noqa: S311
    levels = []
    for day in range(counts):
        if day == 0:
            Subscriber.objects.bulk_create(
                Subscriber(
                    name=f"Subscriber {i}",
                    stage=random.choice(STAGES[:3]),
                    country=random.choice(["no", "se", "fi"]),
                )
                for i in range(objects)
            )
        else:
            moving = list(Subscriber.objects.order_by("pk"))
            for one in moving:
                (one.stage,) = random.choices(STAGES, CHANCES[one.stage])
            Subscriber.objects.bulk_update(moving, ["stage"])
            Subscriber.objects.bulk_create(
                Subscriber(name=f"Arrived {day}, {i}", stage="trial", country="no")
                for i in range(arriving)
            )
        (counted,) = count_stocks(as_of=BEGIN + dt.timedelta(days=day, hours=1), only=["stage"])
        assert not counted.failed, counted.sentence
        levels.append(Counter(Subscriber.objects.values_list("stage", flat=True)))
    return levels
