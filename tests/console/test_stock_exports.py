"""Exports of sections: the numbers of the page, safe in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headwater.console.flows.sections import BUILDERS
from headwater.console.views.stock_exports import cell_of
from headwater.stockandflow import Partition, Process, balance, count_stocks
from tests.console.stock_panel import BEGIN, play
from tests.console.stock_records import state_processes, write_counts
from tests.stockapp.models import Subscriber
from tests.stockapp.stocks import stage

pytestmark = pytest.mark.django_db


def rows(response: Any) -> list[dict[str, str]]:
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_levels_over_time_are_those_counted(page: Client) -> None:
    levels = play(6)

    found = rows(page.get("/stocks/stage/series.csv"))

    assert [dt.datetime.fromisoformat(row["counted_at"]) for row in found] == [
        BEGIN + dt.timedelta(days=day, hours=1) for day in range(6)
    ]
    for row, level in zip(found, levels, strict=True):
        for state in ("trial", "paying", "lapsed"):
            assert int(row[state]) == level[state]
        assert row["worked_out_from_events"] == "no"


def test_moves_add_up_to_the_change_of_levels(page: Client) -> None:
    levels = play(6)

    found = page.get("/stocks/stage/flows.json").json()["rows"]

    net = sum(row["moves"] for row in found if row["sink"] == "paying")
    net -= sum(row["moves"] for row in found if row["source"] == "paying")
    assert net == levels[-1]["paying"] - levels[0]["paying"]
    assert all(row["source"] != row["sink"] for row in found)


def test_books_are_those_of_the_balance(page: Client) -> None:
    play(4)

    found = rows(page.get("/stocks/stage/books.csv"))

    assert len(found) == 4 * 3
    for row in found:
        assert int(row["opening"]) + int(row["in"]) - int(row["out"]) == int(row["closing"])
        assert row["gap"] == "0"
    closing = {row["stock"]: int(row["closing"]) for row in found[-3:]}
    assert closing == {line.stock: line.closing for line in balance(stage).lines}


@pytest.mark.parametrize("key", [key for key, _ in BUILDERS])
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_every_section_has_an_export_by_its_key(page: Client, key: str, kind: str) -> None:
    play(9)

    response = page.get(f"/stocks/stage/{key}.{kind}")

    assert response.status_code == 200, key
    assert response["Content-Disposition"] == f'attachment; filename="stage-{key}.{kind}"'
    assert "script-src 'self'" in response["Content-Security-Policy"]
    if kind == "json":
        assert response.json()["rows"], key
    else:
        assert rows(response), key


def test_an_export_is_of_what_the_page_was_asked_for(page: Client) -> None:
    write_counts("stage", range(60), {"trial": 10, "paying": 20, "lapsed": 5})

    found = rows(page.get("/stocks/stage/series.csv?since=2025-01-11&until=2025-01-20"))
    assert [int(row["trial"]) for row in found] == list(range(20, 30))
    weekly = rows(page.get("/stocks/stage/series.csv?step=weekly"))
    assert len(weekly) == 9  # from a Wednesday to a Saturday


def test_two_years_are_exported_day_by_day_where_asked(page: Client) -> None:
    write_counts("stage", range(700), {"trial": 10, "paying": 20, "lapsed": 5})

    assert len(rows(page.get("/stocks/stage/series.csv?step=daily"))) == 700


def test_what_has_no_numbers_is_not_found(page: Client) -> None:
    assert page.get("/stocks/stage/series.csv").status_code == 404
    assert page.get("/stocks/stage/colour.csv").status_code == 404
    assert page.get("/stocks/nobody/levels.csv").status_code == 404


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "=cmd|' /C calc'!A0"]
)
def test_a_text_that_is_a_formula_is_quoted(text: str) -> None:
    assert cell_of(text) == f"'{text}"


def test_numbers_and_moments_stay_what_they_are() -> None:
    moment = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
    given = [-5, 0.25, None, True, False, moment, dt.timedelta(hours=1), "plain"]
    assert [cell_of(value) for value in given] == [
        -5,
        0.25,
        "",
        "yes",
        "no",
        "2026-03-02T01:00:00+00:00",
        3600.0,
        "plain",
    ]


def test_names_of_states_cannot_be_formulas(
    page: Client, monkeypatch: pytest.MonkeyPatch, analyst: User
) -> None:
    odd = Partition("odd", Subscriber, "country", names={"=A1": "=1+1"})
    state_processes(monkeypatch, Process("odd", "Odd", stocks=[odd]), partitions=(odd,))
    Subscriber.objects.create(country="=A1")
    count_stocks(only=["odd"])

    text = page.get("/stocks/odd/levels.csv").content.decode()
    assert "'=A1,'=1+1,1" in text
    assert "counted_at,'=A1," in page.get("/stocks/odd/series.csv").content.decode()
