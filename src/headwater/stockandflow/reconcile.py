"""Reconcile: whether the books of every partition are right, and what makes them so again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import DatabaseError, router, transaction
from django.db.models import QuerySet

from headwater.stockandflow.balance import balance
from headwater.stockandflow.definitions import Flow, Partition, Stock
from headwater.stockandflow.diff import (
    drop_changes,
    find_changes,
    moment_of,
    numbers_of,
    write_difference,
)
from headwater.stockandflow.discover import all_flows, all_partitions
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.fold import find_unexplained, mend_unexplained
from headwater.stockandflow.ledger import books, closing
from headwater.stockandflow.models import Ledger
from headwater.stockandflow.snapshot import snapshot

logger = logging.getLogger("headwater.stockandflow")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was found in the books of one partition, or between the stocks of one flow."""

    slug: str
    gap: int
    """Objects in levels that no event explains, or the other way round, over all stocks."""
    repaired: int
    """Events that were written, and lines that were set right."""
    sentence: str
    problems: tuple[str, ...] = ()
    """What is wrong still, each as a sentence."""

    def __str__(self) -> str:
        return self.sentence


def reconcile(*, repair: bool = True) -> list[Reconciled]:
    """Look at the books of every partition, also of retired ones; say what was found of each.

    What the books lack is posted on the open page, unless ``repair`` is False: moves without an
    event, and events that somebody took out of the database. Flows between single stocks say
    whether an object is on both sides. One definition that fails does not stop the others.
    """
    found = []
    partitions = {partition.slug: partition for partition in all_partitions()}
    for partition in partitions.values():
        found.append(_attempt(partition, repair=repair))
    for slug in Ledger.objects.exclude(partition__in=partitions).values_list(
        "partition", flat=True
    ):
        found.append(_retired(slug))
    for flow in all_flows():
        found += _apart(flow)
    return found


def _attempt(partition: Partition, *, repair: bool) -> Reconciled:
    try:
        return _reconcile(partition, repair=repair)
    except (StockAndFlowError, DatabaseError, LookupError, ValueError, TypeError) as error:
        logger.exception("%s could not be reconciled.", partition.what)
        said = f"“{partition}” could not be reconciled. {error}"
        return Reconciled(partition.slug, 0, 0, said, (str(error),))


def _reconcile(partition: Partition, *, repair: bool) -> Reconciled:
    gap = _gap(partition)
    using = books(partition)
    with transaction.atomic(using=using):
        ledger = closing(partition, using)
        if ledger.compared_at is None:
            return Reconciled(
                partition.slug, gap, 0, f"“{partition}” was not counted yet; it has no books."
            )
        moment = moment_of(partition, ledger, None)
        with snapshot(partition, moment, using, with_facets=False) as taken:
            if repair:
                unexplained = mend_unexplained(partition, ledger, moment, using)
                moved = write_difference(partition, ledger, taken, moment).events
            else:
                unexplained = find_unexplained(partition, ledger, using)
                find_changes(ledger, taken)
                moved = sum(numbers_of(taken)[:3])
                drop_changes(taken)
    said, problems = [], []
    if gap:
        problems.append(
            f"{gap:,} objects in the levels of closed pages of “{partition}” are not explained by "
            "events on the same page: events or records were changed by hand."
        )
    done = "was posted" if repair else "is not in the books"
    if unexplained.moves:
        said.append(f"{unexplained.moves:,} moves whose event is gone; each {done}")
    if unexplained.lines:
        set_right = "set right" if repair else "wrong"
        said.append(f"{unexplained.lines:,} lines that events contradict; each is {set_right}")
    if moved:
        said.append(f"{moved:,} moves without an event; each {done}")
    if not repair:
        problems += [f"“{partition}” has {words}." for words in said]
    sentence = f"“{partition}”: {'; '.join([*said, *(['a gap of ' + f'{gap:,}'] if gap else [])])}."
    if not said and not gap:
        sentence = f"“{partition}” balances."
    repaired = unexplained.moves + unexplained.lines + moved if repair else 0
    return Reconciled(partition.slug, gap, repaired, sentence, tuple(problems))


def _retired(slug: str) -> Reconciled:
    gap = _gap(slug)
    end = f"have a gap of {gap:,}" if gap else "balance"
    said = f"“{slug}” is in no stocks.py any more; its books are kept, and {end}."
    return Reconciled(slug, gap, 0, said, (said,) if gap else ())


def _gap(partition: Partition | str) -> int:
    return sum(abs(line.gap) for line in balance(partition).lines)


def _apart(flow: Flow) -> Iterator[Reconciled]:
    """Say which objects are in two stocks that ``flow`` leads between."""
    sides = [
        [end for end in ends if isinstance(end, Stock) and not end.partition]
        for ends in (flow.sources, flow.sinks)
    ]
    problems = []
    for source, sink in product(*sides):
        if source.slug == sink.slug:
            continue
        try:
            number = _both(source, sink).count()
        except (StockAndFlowError, DatabaseError, ValueError, TypeError) as error:
            logger.exception("The flow “%s” could not be looked at.", flow.slug)
            problems.append(f"The flow “{flow}” could not be looked at. {error}")
            continue
        if number:
            noun = source.model._meta.verbose_name if number == 1 else None
            noun = noun or source.model._meta.verbose_name_plural
            problems.append(
                f"{number:,} {noun} in both “{source}” and “{sink}”, which the flow “{flow}” keeps "
                "apart. Let one of the stocks leave out the other."
            )
    if problems:
        yield Reconciled(flow.slug, 0, 0, " ".join(problems), tuple(problems))


def _both(source: Stock, sink: Stock) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = source.model._base_manager.using(router.db_for_write(source.model))
    inside = rows.filter(pk__in=source.objects().order_by().values("pk"))
    return inside.filter(pk__in=sink.objects().order_by().values("pk"))
