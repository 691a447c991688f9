"""Records as many counts would leave them, and processes that no ``stocks.py`` states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from headwater.stockandflow import Process
from headwater.stockandflow import discover as discovery
from headwater.stockandflow.models import Ledger, StockRecord

MIDNIGHT = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def write_counts(
    slug: str,
    days: Iterable[int],
    levels: Mapping[str, int],
    *,
    backfilled: Iterable[int] = (),
    begin: dt.datetime = MIDNIGHT,
) -> None:
    """Write a daily record of each state; each day holds one object more than the day before."""
    late = set(backfilled)
    page = 0
    rows = []
    for day in days:
        start = begin + dt.timedelta(days=day)
        page += day not in late
        rows += [
            StockRecord(
                partition=slug,
                stock=state,
                period="daily",
                period_start=start,
                counted_at=start + dt.timedelta(hours=2),
                count=count + day,
                page=None if day in late else page,
                is_backfilled=day in late,
            )
            for state, count in levels.items()
        ]
    StockRecord.objects.bulk_create(rows)
    Ledger.objects.update_or_create(
        partition=slug, defaults={"page": page + 1, "counted_at": rows[-1].counted_at}
    )


def state_processes(monkeypatch: pytest.MonkeyPatch, *processes: Process, **others: Any) -> None:
    """Let ``processes`` be all that is stated."""
    nothing = dict.fromkeys(["partitions", "trackers", "flows", "stocks"], ())
    stated = replace(discovery.stated(), **{**nothing, "processes": processes, **others})
    monkeypatch.setattr(discovery, "stated", lambda: stated)
