"""Dwell: how long objects stay in a state."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connections, router
from django.db.models import DateTimeField

from headwater.stockandflow.analysis.counts import names_of, states_of
from headwater.stockandflow.analysis.net_moves import event_columns
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.discover import find_partition
from headwater.stockandflow.models import Cause, Ledger

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_STEPS = ((3600, 1), (86_400, 60))
_COARSEST = 3600
"""Stays of up to an hour are told apart by seconds, up to a day by minutes, longer ones by hours.

So there are a few ten thousand lengths at most, and the database hands over those and not stays.
"""


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long objects stay in ``state``: ``completed`` stays ended, ``ongoing`` ones go on.

    ``quantiles``: share of stays -> the time within which so many end, by Kaplan and Meier's
    estimate, in which those that go on count for as long as they have lasted. None where so many
    have not ended yet, as also ``median``.
    """

    state: str
    name: str
    completed: int
    ongoing: int
    median: timedelta | None
    quantiles: dict[float, timedelta | None]


def time_in_state(
    partition: Partition | str, *, include_relabelled: bool = True
) -> tuple[Dwell, ...]:
    """Return how long objects stay in each state, until the last comparison with the objects.

    Stays that began before the books were opened have no known beginning and are left out. A move
    that was found by comparing counts has the moment of the count that found it, at either end of a
    stay. Without relabelled moves, a stay that a new model ended goes on as far as is known then,
    and one that a new model began is left out. One statement beside the ledger.
    """
    from headwater.engines.survival import kaplan_meier, quantiles

    partition = find_partition(partition)
    stays = _stays(partition, include_relabelled=include_relabelled)
    names = names_of(partition, states_of(partition, stays))
    found = []
    for state, name in names.items():
        lengths = stays.get(state, [])
        times, outlasting = kaplan_meier(*_columns(lengths))
        values = quantiles(times, outlasting, QUANTILES)
        spans = {
            share: None if seconds is None else timedelta(seconds=seconds)
            for share, seconds in zip(QUANTILES, values, strict=True)
        }
        found.append(
            Dwell(
                state=state,
                name=name,
                completed=sum(ended for _, ended, _ in lengths),
                ongoing=sum(ongoing for _, _, ongoing in lengths),
                median=spans[0.5],
                quantiles=spans,
            )
        )
    return tuple(found)


Length = tuple[float, int, int]
"""Seconds, how many stays of this length ended, and how many go on."""


def _columns(lengths: list[Length]) -> Any:
    import numpy as np

    table = np.array(lengths, dtype=float).reshape(-1, 3)
    return table[:, 0], table[:, 1].astype(np.int64), table[:, 2].astype(np.int64)


def _stays(partition: Partition, *, include_relabelled: bool) -> dict[str, list[Length]]:
    """Return state -> the lengths of stays. Rounded and counted in the database."""
    connection = connections[router.db_for_read(Ledger)]
    ledger = Ledger.objects.using(connection.alias).filter(partition=partition.slug).first()
    now = ledger and (ledger.compared_at or ledger.counted_at)
    if now is None:
        return {}
    events = partition.events
    column = event_columns(events, connection)
    within = f"(PARTITION BY {column['subject']} ORDER BY {column['number']})"
    until = "%s" if connection.vendor != "postgresql" else "CAST(%s AS timestamptz)"
    begun, ended = "cause <> %s", "until_cause IS NOT NULL"
    values: list[Any] = [partition.slug, DateTimeField().get_db_prep_value(now, connection)]
    counted: list[Any] = [OUTSIDE, Cause.OPENING]
    last: list[Any] = []
    if not include_relabelled:
        begun += " AND cause <> %s"
        ended += " AND until_cause <> %s"
        counted.append(Cause.RELABELLED)
        last.append(Cause.RELABELLED)
    sql = f"""
        WITH stay AS (
            SELECT {column["sink"]} AS state, {column["cause"]} AS cause,
                {column["occurred_at"]} AS since,
                LEAD({column["occurred_at"]}) OVER {within} AS until,
                LEAD({column["cause"]}) OVER {within} AS until_cause
            FROM {connection.ops.quote_name(events._meta.db_table)}
            WHERE {column["partition"]} = %s
        ), lasted AS (
            SELECT stay.*, {_seconds(connection, f"COALESCE(until, {until})", "since")} AS seconds
            FROM stay WHERE state <> %s AND {begun}
        ), told AS (
            SELECT state, {_rounded()} AS seconds, CASE WHEN {ended} THEN 1 ELSE 0 END AS ended
            FROM lasted
        )
        SELECT state, seconds, SUM(ended), SUM(1 - ended) FROM told
        GROUP BY state, seconds ORDER BY state, seconds
    """
    found: dict[str, list[Length]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *counted, *last])
        for state, seconds, completed, ongoing in cursor.fetchall():
            found.setdefault(state, []).append((float(seconds), int(completed), int(ongoing)))
    return found


def _seconds(connection: Any, until: str, since: str) -> str:
    """Return SQL for the seconds between two moments; 0 where clocks went backwards."""
    if connection.vendor == "postgresql":
        return f"GREATEST(EXTRACT(EPOCH FROM {until} - {since}), 0)"
    return f"MAX((julianday({until}) - julianday({since})) * 86400, 0)"


def _rounded() -> str:
    steps = " ".join(
        f"WHEN seconds < {up_to} THEN ROUND(seconds / {step}) * {step}" for up_to, step in _STEPS
    )
    return f"CASE {steps} ELSE ROUND(seconds / {_COARSEST}) * {_COARSEST} END"
