"""Replay: the shop's year once more, month by month, so that there are books of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import router, transaction
from django.utils import timezone

from headwater.stockandflow import count_stocks
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.models import Ledger
from headwater.stockandflow.periods import MONTHLY
from headwater_demo.shop.decay import decay
from headwater_demo.shop.models import Customer, CustomerMonth
from headwater_demo.shop.stocks import ACTIVE, NEW, activity

FIRST_MONTH = date(2010, 12, 1)
LAST_MONTH = date(2011, 11, 1)
"""December 2011 has nine days in the records: no whole month, it is not counted."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What ``replay`` did."""

    months: int
    """Months played back now; those that were before are not played again."""
    moves: int


def replay(progress: Callable[[str], None] | None = None) -> Replayed:
    """Ensure that the books of the customers' activity are kept to the last whole month.

    Each month is one transaction, so that a replay that was interrupted goes on where it was. The
    books open empty on 1 December 2010. ``progress`` is told a line for each count.
    """
    tell = progress or (lambda sentence: None)
    months = moves = 0
    if _counted_at() is None:
        _count(FIRST_MONTH)
    for month in _months():
        if _is_counted(following(month)):
            continue
        with transaction.atomic(using=router.db_for_write(Customer)):
            apply_orders(month)
            decay(_midnight(following(month)))
            moved, levels = _count(following(month))
        months += 1
        moves += moved
        words = ", ".join(f"{levels.get(state, 0):,} {state}" for state in Customer.Activity.values)
        tell(f"{month:%B %Y}: {moved:,} moves; then {words}.")
    return Replayed(months=months, moves=moves)


def apply_orders(month: date) -> None:
    """Move everybody who ordered in ``month``: the new ones in, all others to the active ones.

    A month with nothing but cancelled orders is none with an order.
    """
    ordered = CustomerMonth.objects.filter(month=month, orders__gt=0)
    buyers = Customer.objects.filter(pk__in=ordered.values("customer"))
    until = following(month) - timedelta(days=1)
    buyers.exclude(activity="").update(activity=ACTIVE, last_active=until)
    buyers.filter(activity="").update(activity=NEW, last_active=until)


def following(month: date) -> date:
    """Return the first day of the month after ``month``."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _months() -> Iterator[date]:
    month = FIRST_MONTH
    while month <= LAST_MONTH:
        yield month
        month = following(month)


def _count(day: date) -> tuple[int, Mapping[str, int]]:
    """Count as of the beginning of ``day``; return the moves since the count before, and levels."""
    (counted,) = count_stocks(as_of=_midnight(day), only=[activity.slug], every=MONTHLY)
    if counted.failed:
        raise StockAndFlowError(counted.sentence)
    return counted.events, counted.levels


def _counted_at() -> datetime | None:
    found = Ledger.objects.filter(partition=activity.slug).values_list("counted_at", flat=True)
    return found.first()


def _is_counted(day: date) -> bool:
    last = _counted_at()
    return last is not None and last >= _midnight(day)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
