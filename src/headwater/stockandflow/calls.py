"""Call: the event callables of flows, after the commit that recorded the event."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.db.models import F
from django.utils import timezone

from headwater.stockandflow.definitions import Flow
from headwater.stockandflow.definitions.flow import OUTSIDE, End, EventCallable, key_of
from headwater.stockandflow.discover import all_flows, stated
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.events import Move
from headwater.stockandflow.rows import insert_rows

logger = logging.getLogger("headwater.stockandflow")

LEASE = timedelta(minutes=10)
"""While a call is being made, no other process makes it; after so long it counts as broken off."""
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(days=1)
AT_ONCE = 100
"""Calls of one statement that its own process makes; ``retry_calls`` makes those beyond."""
_BLOCK = 500


def call_names(flow: Flow) -> dict[str, EventCallable]:
    """Return the event callables of ``flow`` under the names that pending calls keep.

    >>> def welcome(person, source, sink): ...
    >>> flow = Flow("joining", "Joining", None, [None], ["member"], event_callables=[welcome])
    >>> [name.rpartition(".")[2] for name in call_names(flow)]
    ['welcome']
    """
    named: dict[str, EventCallable] = {}
    for one in flow.event_callables:
        named_thing = one if hasattr(one, "__qualname__") else type(one)
        name = f"{named_thing.__module__}.{named_thing.__qualname__}"[-180:]
        times = sum(known.partition("#")[0] == name for known in named)
        named[f"{name}#{times + 1}" if times else name] = one
    return named


def note_calls(
    flow: Flow,
    model: type[models.Model],
    moves: Iterable[Move],
    occurred_at: datetime,
    *,
    partition: str = "",
) -> None:
    """Write the calls that ``moves`` of ``flow`` ask for, and make them after the commit.

    Call it in the transaction that writes the events: where that is rolled back, so are the calls.
    """
    from headwater.stockandflow.models import PendingCall

    names = list(call_names(flow))
    if not names:
        return
    columns = ["call", "object_id", "source", "sink"]
    rows = [(name, move.object_id, move.source, move.sink) for move in moves for name in names]
    keys = insert_rows(
        PendingCall,
        columns,
        rows,
        using=router.db_for_write(PendingCall),
        same={
            "flow": flow.slug,
            "partition": partition,
            "model": model._meta.label,
            "occurred_at": occurred_at,
            "next_attempt_at": timezone.now(),
        },
        returning="id",
    )
    make_after_commit(sorted(keys))


def make_after_commit(keys: Sequence[int]) -> None:
    """Make the pending calls with these ``keys`` once the transaction under way is committed."""
    if keys:
        using = router.db_for_write(_pending())
        transaction.on_commit(partial(_make_all, list(keys)[:AT_ONCE]), using=using, robust=True)


def retry_calls(now: datetime | None = None) -> int:
    """Make the calls that are due: new ones, and those that failed before. Return how many succeed.

    A call that fails is logged, keeps its error and is due again after a minute, then after two,
    four and so on, at most after a day. Any number of processes may do this at once.

    >>> retry_calls()
    0
    """
    moment = now or timezone.now()
    last = 0
    succeeded = 0
    while True:
        due = _pending().objects.filter(next_attempt_at__lte=moment, pk__gt=last).order_by("pk")
        keys = list(due.values_list("pk", flat=True)[:_BLOCK])
        if not keys:
            return succeeded
        succeeded += _make_all(keys, moment)
        last = keys[-1]


def _make_all(keys: Sequence[int], now: datetime | None = None) -> int:
    moment = now or timezone.now()
    return sum(_make(key, moment) for key in keys)


def _make(key: int, now: datetime) -> bool:
    """Make one call, unless another process does; return whether it succeeded."""
    free = _pending().objects.filter(pk=key, next_attempt_at__lte=now)
    if not free.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE):
        return False
    row = _pending().objects.filter(pk=key).first()
    if row is None:
        return False
    claim = _pending().objects.filter(pk=key, attempts=row.attempts)
    try:
        # What the call writes and that it was made are committed together.
        with transaction.atomic(using=router.db_for_write(_pending())):
            flow = _flow(row)
            call = call_names(flow).get(row.call)
            if call is None:
                raise DefinitionError(
                    f"The flow “{flow.slug}” has no event callable “{row.call}” any more. Put it "
                    "back under that name, or delete this pending call."
                )
            call(_object(row), _end(flow.sources, row.source), _end(flow.sinks, row.sink))
            claim.delete()
    except Exception as error:
        delay = min(FIRST_DELAY * 2 ** min(row.attempts - 1, 12), LONGEST_DELAY)
        told = "".join(traceback.format_exception(error))[-4000:]
        claim.update(next_attempt_at=now + delay, error=told)
        logger.exception(
            "The call of %s for %s %s failed (attempt %d). It is made again in %s.",
            row.call,
            row.model,
            row.object_id,
            row.attempts,
            delay,
        )
        return False
    return True


def _flow(row: Any) -> Flow:
    flows: Iterable[Flow] = all_flows()
    if row.partition:
        flows = (f for one in stated().partitions if one.slug == row.partition for f in one.flows)
    for flow in flows:
        if flow.slug == row.flow:
            return flow
    raise DefinitionError(
        f"There is no flow “{row.flow}” any more. Put it back, or delete this pending call."
    )


def _object(row: Any) -> Any:
    """Return the object that moved; None where it is gone."""
    model = apps.get_model(row.model)
    try:
        return model._base_manager.filter(pk=row.object_id).first()
    except (ValueError, ValidationError):  # a key of another kind than the model has by now
        return None


def _end(ends: Sequence[End], key: str) -> End:
    """Return the end as the flow declares it."""
    if key == OUTSIDE:
        return None
    return next((end for end in ends if key_of(end) == key), key)


def _pending() -> Any:
    from headwater.stockandflow.models import PendingCall

    return PendingCall
