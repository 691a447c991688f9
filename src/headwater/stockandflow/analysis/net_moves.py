"""Net moves: where objects came from and went to between counts, worked out in the database."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import connections, router
from django.db.models import AutoField

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.models import Cause, FlowEventModel, FlowRecord, Ledger


@dataclass(frozen=True, slots=True)
class NetMove:
    """``objects`` that moved in interval number ``place``, from ``source`` to ``sink`` in the end.

    ``start`` is where they were at its beginning. It is another state than ``source`` only where
    relabelled moves are left out and one came before the first move of the object itself.
    """

    place: int
    start: str
    source: str
    sink: str
    objects: int


def net_moves(
    partition: Partition, pages: Sequence[int], *, include_relabelled: bool = True
) -> list[NetMove]:
    """Return the net moves of the intervals between ``pages``, which are in order.

    Interval i has the events on the pages after ``pages[i]``, to ``pages[i + 1]``. An object that
    moved several times in it counts once, also where it came back. Openings are left out. One
    statement, and another one that asks whether anything was relabelled at all.
    """
    if len(pages) < 2:
        return []
    events = partition.events
    connection = connections[router.db_for_read(Ledger)]
    first, last = pages[0], pages[-1]
    if not include_relabelled:
        # The records of the pages say it without a look at each event.
        rows = FlowRecord.objects.filter(partition=partition.slug, page__gt=first, page__lte=last)
        include_relabelled = not rows.filter(relabelled__gt=0).exists()
    column = {name: f"event.{quoted}" for name, quoted in event_columns(events, connection).items()}
    place, join = "0" if len(pages) == 2 else f"{column['page']} - {int(first) + 1}", ""
    inside = f"{column['page']} > %s AND {column['page']} <= %s"
    parameters: list[Any] = [partition.slug, first, last]
    if len(pages) > 2 and last - first != len(pages) - 1:  # some interval has several pages
        # The range of pages is left out: SQLite would look it through for each row of the join.
        place, join, inside = "places.place", _joined(connection, column["page"]), "1 = 1"
        parameters = [_numbered(pages), partition.slug]
    within = "PARTITION BY place, subject ORDER BY number"
    start = "source" if include_relabelled else f"FIRST_VALUE(source) OVER ({within})"
    own = "" if include_relabelled else "WHERE cause <> %s"
    sql = f"""
        WITH moved AS (
            SELECT {place} AS place, {column["subject"]} AS subject, {column["number"]} AS number,
                {column["source"]} AS source, {column["sink"]} AS sink, {column["cause"]} AS cause
            FROM {connection.ops.quote_name(events._meta.db_table)} event {join}
            WHERE {column["partition"]} = %s AND {inside} AND {column["cause"]} <> %s
        ), begun AS (SELECT moved.*, {start} AS start FROM moved), net AS (
            SELECT place, start, source,
                LAST_VALUE(sink) OVER ({within}
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS sink,
                ROW_NUMBER() OVER ({within}) AS nth
            FROM begun {own}
        )
        SELECT place, start, source, sink, COUNT(*) FROM net WHERE nth = 1
        GROUP BY place, start, source, sink ORDER BY place, start, source, sink
    """
    parameters.append(Cause.OPENING)
    if own:
        parameters.append(Cause.RELABELLED)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [NetMove(*row) for row in cursor.fetchall()]


def event_columns(events: type[FlowEventModel], connection: Any) -> dict[str, str]:
    """Return the quoted columns of an event model: of its fields, ``subject``, and ``number``.

    ``number`` orders the events of one object: the primary key, where it counts up.
    """
    by_name = {field.attname: field.column for field in events._meta.concrete_fields}
    pk: Any = events._meta.pk
    counts_up = isinstance(pk, AutoField)
    chosen = {
        **by_name,
        "subject": by_name[events.subject_key],
        "number": pk.column if counts_up else by_name["occurred_at"],
    }
    return {name: connection.ops.quote_name(column) for name, column in chosen.items()}


def _joined(connection: Any, page_column: str) -> str:
    """Return the join with the table of page and place that a parameter holds (``_numbered``)."""
    if connection.vendor == "postgresql":
        page, place = "CAST(value->>0 AS bigint)", "CAST(value->>1 AS integer)"
        rows = "jsonb_array_elements(CAST(%s AS jsonb))"
    else:
        page, place = (f"CAST(json_extract(value, '$[{i}]') AS integer)" for i in (0, 1))
        rows = "json_each(%s)"
    # DISTINCT has SQLite make the table once, and a type lets it look for pages by their index.
    table = f"(SELECT DISTINCT {page} AS page, {place} AS place FROM {rows}) AS places"
    return f"JOIN {table} ON places.page = {page_column}"


def _numbered(pages: Sequence[int]) -> str:
    """Return each page with the number of the interval that it is in, as JSON."""
    pairs = [
        (page, place)
        for place, (opened, closed) in enumerate(pairwise(pages))
        for page in range(opened + 1, closed + 1)
    ]
    return json.dumps(pairs)
