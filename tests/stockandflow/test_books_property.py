"""Whatever is done to the objects by whatever means, the books balance after every count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from headwater.stockandflow import Partition, balance, count_stocks, diff_partition
from headwater.stockandflow.balance import pages
from headwater.stockandflow.models import (
    Cause,
    FlowRecord,
    Ledger,
    StockMembership,
    StockRecord,
)
from headwater.stockandflow.reconcile import reconcile
from tests.stockapp import stocks

KINDS = (
    "save",
    "save_one_field",
    "create",
    "update",
    "update_all",
    "bulk_create",
    "bulk_update",
    "delete",
    "queryset_delete",
    "raw_insert",
    "raw_update",
    "raw_delete",
    "count",
    "compare",
)
"""What is done to the rows, or asked of the books."""
STATES = ("", "trial", "paying", "lapsed", "brand new")
Step = tuple[str, int, str]
steps = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.sampled_from(STATES)),
    min_size=1,
    max_size=14,
)


@dataclass
class Population:
    """Rows of a model, one text field of which divides them, and hands to move them with."""

    partition: Partition
    field: str
    now: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)
    is_watched: bool = False
    was: dict[str, str] = field(default_factory=dict)
    """Object -> state at the comparison before."""
    written: int = 0
    """Events at the comparison before."""

    @property
    def model(self) -> Any:
        return self.partition.model

    def column(self) -> str:
        return connection.ops.quote_name(self.model._meta.get_field(self.field).column)

    def table(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)

    def rows(self, near: int) -> models.QuerySet[Any, Any]:
        """Every third row or so, from ``near`` on."""
        keys = list(self.model.objects.order_by("pk").values_list("pk", flat=True))
        return self.model.objects.filter(pk__in=keys[near::3])

    def do(self, kind: str, near: int, state: str) -> None:
        getattr(self, kind)(near, state)

    def create(self, near: int, state: str) -> None:
        self.model.objects.create(**{self.field: state})

    def save(self, near: int, state: str) -> None:
        for row in self.rows(near)[:2]:
            setattr(row, self.field, state)
            row.save()
            row.save()

    def save_one_field(self, near: int, state: str) -> None:
        for row in self.rows(near)[:2]:
            setattr(row, self.field, state)
            row.save(update_fields=[self.field])

    def update(self, near: int, state: str) -> None:
        self.rows(near).update(**{self.field: state})

    def update_all(self, near: int, state: str) -> None:
        self.model.objects.update(**{self.field: state})

    def bulk_create(self, near: int, state: str) -> None:
        self.model.objects.bulk_create([self.model(**{self.field: state}) for _ in range(near)])

    def bulk_update(self, near: int, state: str) -> None:
        rows = list(self.rows(near))
        for row in rows:
            setattr(row, self.field, state)
        self.model.objects.bulk_update(rows, [self.field])

    def delete(self, near: int, state: str) -> None:
        for row in self.rows(near)[:1]:
            row.delete()

    def queryset_delete(self, near: int, state: str) -> None:
        self.rows(near).delete()

    def raw_insert(self, near: int, state: str) -> None:
        row = self.model(**{self.field: state})
        fields = [
            one for one in self.model._meta.concrete_fields if not isinstance(one, models.AutoField)
        ]
        names = ", ".join(connection.ops.quote_name(one.column) for one in fields)
        values = [one.get_db_prep_save(one.pre_save(row, True), connection) for one in fields]
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(f"INSERT INTO {self.table()} ({names}) VALUES ({marks})", values)

    def raw_update(self, near: int, state: str) -> None:
        for key in self.rows(near).values_list("pk", flat=True)[:2]:
            pk = self.model._meta.pk.get_db_prep_value(key, connection)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {self.table()} SET {self.column()} = %s WHERE id = %s", [state, pk]
                )

    def raw_delete(self, near: int, state: str) -> None:
        for key in self.rows(near).values_list("pk", flat=True)[:1]:
            pk = self.model._meta.pk.get_db_prep_value(key, connection)
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {self.table()} WHERE id = %s", [pk])

    def count(self, near: int, state: str) -> None:
        self.now += timedelta(days=1 + near)
        (counted,) = count_stocks(self.now, only=[self.partition.slug])
        assert not counted.failed, counted.sentence
        assert Counter(self.live().values()) == Counter(
            {one: number for one, number in counted.levels.items() if number}
        )
        self.check()

    def compare(self, near: int, state: str) -> None:
        self.now += timedelta(minutes=1)
        diff_partition(self.partition.slug, self.now)
        self.check_lines()

    def live(self) -> dict[str, str]:
        """Return object -> state, as the rows are; keys written by Python, not by SQL."""
        from headwater.stockandflow.events import object_text

        rows = self.model._base_manager.values_list("pk", self.field)
        return {object_text(self.model, key): state for key, state in rows if state}

    def lines(self) -> dict[str, str]:
        return dict(StockMembership.objects.values_list("object_id", "state"))

    def events(self) -> Iterable[tuple[str, Any]]:
        """Return the events with the keys of their objects, in the order of their writing."""
        from headwater.stockandflow.events import object_text

        for event in self.partition.events.objects.order_by("pk"):
            key = getattr(event, event.subject_key)
            if isinstance(key, (int, UUID)):
                key = object_text(self.model, key)
            yield key, event

    def check(self) -> None:
        self.check_lines()
        slug = self.partition.slug
        assert balance(slug).is_exact, balance(slug)
        assert all(page.is_exact for page in pages(slug))
        self.check_records()
        assert all(not one.gap for one in reconcile(repair=False) if one.slug == slug)

    def check_lines(self) -> None:
        """Lines are the live states, and what the events lead to; no event is invented."""
        live = self.live()
        assert self.lines() == live
        replayed: dict[str, str] = {}
        for key, event in self.events():
            assert event.source != event.sink
            assert replayed.pop(key, "") == event.source
            if event.sink:
                replayed[key] = event.sink
            assert event.page is not None
            flow = self.partition.flow_of(event.source, event.sink)
            assert event.flow == (flow.slug if flow else "")
        assert replayed == live
        if not self.is_watched:
            # One event for each object that is elsewhere than before, and no other.
            everybody = {*live, *self.was}
            moved = {(one, self.was.get(one, ""), live.get(one, "")) for one in everybody}
            new = [(key, e.source, e.sink) for key, e in self.events()][self.written :]
            assert sorted(new) == sorted(move for move in moved if move[1] != move[2])
        self.was = live
        self.written = self.partition.events.objects.count()

    def check_records(self) -> None:
        """Flow records hold every event that is no opening, each once."""
        ledger = Ledger.objects.get(partition=self.partition.slug)
        expected = Counter(
            (event.flow, event.source, event.sink, event.page)
            for _, event in self.events()
            if event.cause != Cause.OPENING and event.page < ledger.page
        )
        records = FlowRecord.objects.filter(partition=self.partition.slug)
        found = {(r.flow, r.source, r.sink, r.page): r.events for r in records}
        assert found == expected
        facets = FlowRecord.objects.filter(facets__facet="country")
        for record in facets.annotate(by_facet=models.Sum("facets__events")):
            assert record.by_facet == record.events
        for stock in StockRecord.objects.filter(facets__facet="country", page__isnull=False):
            counts = stock.facets.filter(facet="country").values_list("count", flat=True)
            assert sum(counts) == stock.count


QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


class BooksTests(TestCase):
    """One population for each kind of key, event model and means of writing."""

    @QUICK
    @given(steps)
    def test_rows_that_nobody_watches(self, done: list[Step]) -> None:
        go(Population(stocks.stage, "stage"), done)

    @QUICK
    @given(steps)
    def test_rows_with_keys_that_are_no_numbers(self, done: list[Step]) -> None:
        go(Population(stocks.place, "place"), done)

    @QUICK
    @given(steps)
    def test_rows_that_are_watched(self, done: list[Step]) -> None:
        go(Population(stocks.ticket_status, "status", is_watched=True), done)


def go(population: Population, done: list[Step]) -> None:
    for kind, near, state in done:
        population.do(kind, near, state)
    population.count(0, "")
