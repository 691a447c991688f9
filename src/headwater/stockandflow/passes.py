"""Passes: stocks of one model counted together, with all values of their facets, in one query."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, transaction
from django.db.models import Count, F, Model, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query
from django.db.models.sql.where import AND, OR, WhereNode

from headwater.stockandflow.definitions import Stock
from headwater.stockandflow.split import LONG, OTHER, WIDEST, Split, split_by

logger = logging.getLogger("headwater.stockandflow")
_CODE = "headwater_code"


@dataclass(frozen=True, slots=True)
class Passed:
    """How many objects a stock holds, and how many of them by value of each facet."""

    count: int
    facets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, eq=False)
class _Counting:
    """A stock on its way: those of one ``key`` can share a pass over ``rows``."""

    stock: Stock
    key: tuple[Any, ...]
    rows: QuerySet[Any, Any]
    condition: WhereNode
    """What tells its objects among ``rows``; empty: all are."""
    splits: tuple[Split, ...]


def passes_of(
    stocks: Iterable[Stock], moment: datetime
) -> Iterator[tuple[Stock, Passed | Exception]]:
    """Count ``stocks``, together where they can be; yield what each holds, or why it failed."""
    splits = _Splits()
    together: dict[tuple[Any, ...], list[_Counting]] = {}
    for stock in stocks:
        try:
            one = _counting(stock, moment, splits)
        except Exception as error:
            logger.exception("%s could not be counted.", stock.what)
            yield stock, error
        else:
            together.setdefault(one.key, []).append(one)
    for group in together.values():
        yield from _attempt(group)


def _attempt(group: Sequence[_Counting]) -> Iterator[tuple[Stock, Passed | Exception]]:
    """Count a group; where that fails, each alone, so that one does not stop the others."""
    connection = connections[group[0].rows.db]
    shield = transaction.atomic(using=connection.alias) if connection.in_atomic_block else None
    try:
        with shield or nullcontext():
            counted = _count(group)
    except Exception as error:
        if len(group) > 1:
            for one in group:
                yield from _attempt([one])
            return
        logger.exception("%s could not be counted.", group[0].stock.what)
        yield group[0].stock, error
        return
    for one, passed in zip(group, counted, strict=True):
        yield one.stock, passed


class _Splits:
    """The splits of one count: the values of a facet are asked for once."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str, type[Model]], Split] = {}

    def of(self, stock: Stock, model: type[Model]) -> tuple[Split, ...]:
        made = []
        for use in stock.facet_uses:
            key = (id(use.facet), use.prefix, model)
            if key not in self._made:
                self._made[key] = split_by(use, model)
            made.append(self._made[key])
        return tuple(made)


def _counting(stock: Stock, moment: datetime, known: _Splits) -> _Counting:
    objects = stock.objects(moment).order_by()
    query = objects.query
    model: Any = objects.model._meta.concrete_model
    splits = known.of(stock, model)
    # Not through a manager: the stock's own queryset says which objects there are.
    rows: QuerySet[Any, Any] = QuerySet(model, using=objects.db)
    if _is_plain(query):
        key = (model, objects.db, tuple(map(id, splits)))
        return _Counting(stock, key, rows, query.where, splits)
    query.select_for_update = False
    inside = rows.filter(pk__in=objects.values("pk"))
    return _Counting(stock, (id(stock),), inside, WhereNode(), splits)


def _is_plain(query: Query) -> bool:
    """Return whether its conditions ask for nothing but columns of its own table."""
    beyond = query.annotations or query.extra or query.extra_tables or query.group_by
    if beyond or query.where.contains_over_clause:
        return False
    tables = [alias for alias, uses in query.alias_refcount.items() if uses]
    own = query.get_meta().db_table
    return all(alias == own for alias in tables) and _asks_no_other(query.where)


def _asks_no_other(node: Any) -> bool:
    """Return whether there is no subquery and no SQL text in a condition."""
    if isinstance(node, WhereNode):
        return all(map(_asks_no_other, node.children))
    if (
        isinstance(node, RawSQL)
        or hasattr(node, "query")
        or not hasattr(node, "resolve_expression")
    ):
        return False
    listed = getattr(node, "rhs", None)
    if isinstance(listed, (list, tuple, set)) and any(hasattr(one, "as_sql") for one in listed):
        return False
    return all(one is None or _asks_no_other(one) for one in node.get_source_expressions())


def _count(group: Sequence[_Counting]) -> list[Passed]:
    """Return what each of ``group`` holds: one query, and two for each facet of many values."""
    rows = _restricted(group)
    facets = [{one.slug: dict.fromkeys(one.texts, 0) for one in group[0].splits} for _ in group]
    totals: list[int] | None = None
    for part in _parts([one for one in group[0].splits if not one.is_to_many]):
        sums = [0] * len(group)
        for texts, counts in _grouped(rows, part, group):
            for number, count in enumerate(counts):
                sums[number] += count
                for split, text in zip(part, texts, strict=True):
                    facets[number][split.slug][text] += count
        totals = totals or sums
    if totals is None:
        totals = list(rows.aggregate(**_counts(group)).values())
    for split in group[0].splits:
        if split.is_to_many:
            _count_to_many(rows, split, group, totals, facets)
    return [Passed(n, found) for n, found in zip(totals, facets, strict=True)]


def _restricted(group: Sequence[_Counting]) -> QuerySet[Any, Any]:
    """Return the rows that any stock of ``group`` holds: an index may find them."""
    rows = group[0].rows.all()
    if all(one.condition for one in group):
        rows.query.where.add(WhereNode([one.condition for one in group], connector=OR), AND)
    return rows


def _counts(group: Sequence[_Counting], *, distinct: bool = False) -> dict[str, Count]:
    counts = {}
    for number, one in enumerate(group):
        condition: Any = one.condition or None
        counts[f"headwater_count_{number}"] = Count("pk", filter=condition, distinct=distinct)
    return counts


def _parts(splits: Sequence[Split]) -> list[list[Split]]:
    """Return ``splits`` in parts, so that the groups of each stay few together."""
    parts: list[list[Split]] = []
    groups = WIDEST + 1
    for split in splits:
        if groups * split.groups > WIDEST or len(split.values) > LONG:
            parts.append([])
            groups = 1
        parts[-1].append(split)
        groups *= split.groups
    return parts


def _grouped(
    rows: QuerySet[Any, Any], splits: Sequence[Split], group: Sequence[_Counting]
) -> Iterator[tuple[list[str], Sequence[int]]]:
    """Yield the values of ``splits`` and how many of them each stock of ``group`` has.

    Short splits are one whole number together: databases group by that faster than by texts.
    """
    code: Any = Value(0)
    wide = []
    radix = 1
    for number, split in enumerate(splits):
        rows = split.annotated(rows, f"headwater_{number}")
        if split.is_numbered:
            code = code + F(f"headwater_{number}") * radix
            radix *= split.groups
        else:
            wide.append(f"headwater_{number}")
    rows = rows.annotate(**{_CODE: code})
    readers = [split.reader(rows, f"headwater_{n}") for n, split in enumerate(splits)]
    grouped = rows.values(_CODE, *wide).annotate(**_counts(group))
    for number, *found in grouped.values_list(_CODE, *wide, *_counts(group)).iterator():
        left, others = number, iter(found)
        texts = []
        for split, read in zip(splits, readers, strict=True):
            if split.is_numbered:
                left, value = divmod(left, split.groups)
            else:
                value = next(others)
            texts.append(read(value))
        yield texts, list(others)


def _count_to_many(
    rows: QuerySet[Any, Any],
    split: Split,
    group: Sequence[_Counting],
    totals: Sequence[int],
    facets: Sequence[dict[str, dict[str, int]]],
) -> None:
    """Add the counts by a facet of which an object may have several values: once with each."""
    listed = split.annotated(rows, "headwater_0")
    if split.is_numbered:
        listed = listed.filter(headwater_0__gt=0)
    else:
        listed = listed.filter(headwater_0_value__in=split.values)
    read = split.reader(listed, "headwater_0")
    counts = _counts(group, distinct=True)
    for value, *found in (
        listed.values("headwater_0").annotate(**counts).values_list("headwater_0", *counts)
    ):
        for number, count in enumerate(found):
            facets[number][split.slug][read(value)] += count
    for number, some in enumerate(listed.aggregate(**counts).values()):
        # Some may have come since the totals were counted.
        facets[number][split.slug][OTHER] = max(totals[number] - some, 0)
