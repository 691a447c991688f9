"""Moves between two dates and the transition matrix, with few and with many counts."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from headwater.console.flows.colours import marks_of
from headwater.console.flows.matrix import matrix_section
from headwater.console.flows.moves import ALL, choices_of, chosen, moves_section
from headwater.console.flows.part import Part, parts_of
from headwater.console.flows.section import Asked, Section
from headwater.stockandflow import Process, count_stocks
from headwater.stockandflow.models import StockRecord
from tests.console.stock_panel import BEGIN, play
from tests.stockapp.models import Subscriber
from tests.stockapp.stocks import stage, waiting

pytestmark = pytest.mark.django_db

PART = Part(Process("stage", "Stage", stocks=[stage]), stage)


def ask(**data: str) -> Asked:
    return Asked(user=AnonymousUser(), marks=marks_of(PART), data=data)


def section(build: Any, asked: Asked | None = None) -> Section:
    found = build(PART, asked or ask())
    assert isinstance(found, Section)
    return found


@pytest.mark.parametrize("counts", [0, 1])
@pytest.mark.parametrize("build", [moves_section, matrix_section])
def test_too_few_counts_are_said(build: Any, counts: int) -> None:
    if counts:
        play(counts)

    found = section(build)

    assert found.is_empty
    assert found.table is None
    there = {0: "there are none", 1: "there is one"}[counts]
    assert f"need two counts; {there}. The next is due " in found.note


@pytest.mark.parametrize("build", [moves_section, matrix_section])
def test_single_stocks_have_none(build: Any) -> None:
    (part,) = parts_of(Process("desk", "Desk", stocks=[waiting]))

    assert build(part, ask()) is None


@pytest.mark.parametrize("counts", [2, 12])
def test_the_columns_of_the_sankey_are_the_levels_at_both_dates(counts: int) -> None:
    levels = play(counts)

    chart = section(moves_section).context["chart"]

    (series,) = chart.option["series"]
    drawn = {node["name"]: node["value"] for node in series["data"]}
    for state in ("trial", "paying", "lapsed"):
        assert drawn.get(f"from:{state}", 0) == levels[0][state]
        assert drawn.get(f"to:{state}", 0) == levels[-1][state]
    assert {node["depth"] for node in series["data"]} == {0, 1}
    names = set(drawn)
    assert all(link["source"] in names and link["target"] in names for link in series["links"])
    assert sum(link["value"] for link in series["links"]) == sum(
        value for name, value in drawn.items() if name.startswith("from:")
    )
    json.dumps(chart.option, allow_nan=False)


def test_an_object_that_returned_is_where_it_was() -> None:
    one = Subscriber.objects.create(stage="paying")
    other = Subscriber.objects.create(stage="paying")
    for day, state in enumerate(["paying", "lapsed", "paying"]):
        Subscriber.objects.filter(pk=one.pk).update(stage=state)
        count_stocks(as_of=BEGIN + dt.timedelta(days=day), only=["stage"])
    Subscriber.objects.filter(pk=other.pk).delete()
    count_stocks(as_of=BEGIN + dt.timedelta(days=3), only=["stage"])

    third = (BEGIN + dt.timedelta(days=2)).isoformat()
    returned = section(moves_section, ask(**{"moves-to": third}))
    gone = section(moves_section)
    between = ask(
        **{
            "moves-from": (BEGIN + dt.timedelta(days=1)).isoformat(),
            "moves-to": third,
        }
    )

    assert returned.context["chart"].title == "All 2 objects are where they were"
    assert [row[:3] for row in gone.context["chart"].rows] == [
        ("Paying", "Paying", "1"),
        ("Paying", "Outside", "1"),
    ]
    assert [row[:3] for row in section(moves_section, between).context["chart"].rows] == [
        ("Paying", "Paying", "1"),
        ("Lapsed", "Paying", "1"),
    ]


def test_dates_that_are_swapped_or_the_same_or_nonsense() -> None:
    play(4)
    first, last = BEGIN + dt.timedelta(hours=1), BEGIN + dt.timedelta(days=3, hours=1)

    swapped = section(
        moves_section, ask(**{"moves-from": last.isoformat(), "moves-to": first.isoformat()})
    )
    same = section(
        moves_section, ask(**{"moves-from": last.isoformat(), "moves-to": last.isoformat()})
    )
    nonsense = section(moves_section, ask(**{"moves-from": "soon", "moves-to": "2026-99-99T00:00"}))

    assert swapped.context["swapped"]
    assert [one.label for one in swapped.context["from_choices"] if one.is_chosen] == ["2 Mar 2026"]
    assert "chart" not in same.context
    assert same.note == "Choose two different dates to see who moved between them."
    assert nonsense.context["chart"].rows == swapped.context["chart"].rows


def test_two_years_of_dates_are_thinned_to_months() -> None:
    moments = [BEGIN + dt.timedelta(days=day) for day in range(730)]

    offered = choices_of(moments, moments[100])

    assert len(offered) < ALL + 1
    assert offered[0].value == moments[-1].isoformat()
    assert [one.is_chosen for one in offered].count(True) == 1
    assert chosen(moments, "2026-03-05", moments[0]) == moments[3]


def test_the_matrix_tells_who_stayed_and_who_went() -> None:
    panel = {"trial": ["trial", "paying", "paying", ""], "paying": ["paying", "lapsed"]}
    people = [
        (Subscriber.objects.create(stage=source), sink)
        for source, sinks in panel.items()
        for sink in sinks
    ]
    count_stocks(as_of=BEGIN, only=["stage"])
    for one, sink in people:
        one.stage = sink
        one.save()
    Subscriber.objects.create(stage="trial")
    count_stocks(as_of=BEGIN + dt.timedelta(days=1), only=["stage"])

    found = section(matrix_section)
    heat = found.context["heat"]
    table = found.table() if found.table else None

    shown = {row.label: [(cell.main, cell.small) for cell in row.cells] for row in heat.rows}
    assert [column.label for column in heat.columns] == ["On trial", "Paying", "Lapsed", "Outside"]
    assert shown["On trial"] == [("25%", "1"), ("50%", "2"), ("0%", "0"), ("25%", "1")]
    assert shown["Paying"] == [("0%", "0"), ("50%", "1"), ("50%", "1"), ("0%", "0")]
    assert shown["Lapsed"][0] == ("–", "")
    assert shown["Outside"][0] == ("1", "")
    assert [cell.is_same for cell in heat.rows[1].cells] == [False, True, False, False]
    assert table is not None
    assert ("trial", "paying", 2, 0.5) in table.rows
    assert heat.title == "Paying holds on to most (50% stay), On trial to least (25%)"


def test_rows_of_the_matrix_add_up_over_many_counts() -> None:
    levels = play(10)

    found = section(matrix_section)
    table = found.table() if found.table else None
    assert table is not None

    starting: Counter[str] = sum(levels[:-1], Counter())
    for state in ("trial", "paying", "lapsed"):
        rows = [row for row in table.rows if row[0] == state]
        assert sum(row[2] for row in rows) == starting[state]
        assert sum(row[3] for row in rows) == pytest.approx(1)
    assert StockRecord.objects.filter(partition="stage").count() == 30
