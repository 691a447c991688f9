"""Time in a stock, cohorts and the forecast, with no count, one, two and many."""

from __future__ import annotations

import datetime as dt
import doctest
import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from headwater.console.flows import (
    backtest_shown,
    cohort_table,
    forecast_shown,
    heat,
    object_shown,
    period_words,
    spans,
    whatif,
)
from headwater.console.flows.cohort_table import cohorts_section
from headwater.console.flows.colours import marks_of
from headwater.console.flows.dwell import dwell_section
from headwater.console.flows.forecast_section import forecast_section
from headwater.console.flows.part import Part, parts_of
from headwater.console.flows.section import Asked, Section
from headwater.console.flows.whatif import field_name
from headwater.stockandflow import Process, count_stocks
from headwater.stockandflow.forecast import forecast
from tests.console.stock_panel import BEGIN, play
from tests.stockapp.models import Subscriber
from tests.stockapp.stocks import stage, waiting

pytestmark = pytest.mark.django_db

PART = Part(Process("stage", "Stage", stocks=[stage]), stage)
BUILD = [dwell_section, cohorts_section, forecast_section]
MODULES = [
    backtest_shown,
    cohort_table,
    forecast_shown,
    heat,
    object_shown,
    period_words,
    spans,
    whatif,
]


def ask(**data: str) -> Asked:
    return Asked(user=AnonymousUser(), marks=marks_of(PART), data=data)


def section(build: Any, asked: Asked | None = None) -> Section:
    found = build(PART, asked or ask())
    assert isinstance(found, Section)
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_in_the_docstrings(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("counts", [0, 1])
@pytest.mark.parametrize("build", BUILD)
def test_too_few_counts_are_said(build: Any, counts: int) -> None:
    if counts:
        play(counts)

    found = section(build)

    assert found.is_empty
    assert "The next is due " in found.note
    assert found.table is None or not found.table().rows


@pytest.mark.parametrize("counts", [2, 30])
@pytest.mark.parametrize("build", BUILD)
def test_sections_can_be_drawn_and_exported(build: Any, counts: int) -> None:
    play(counts)

    found = section(build)

    assert not found.is_empty or "No such stay has ended so far" in found.note, found.note
    shown = found.context.get("shown")
    charts = shown.charts if shown else [found.context["chart"]] if "chart" in found.context else []
    for chart in charts:
        json.dumps(chart.option, allow_nan=False)
    if not found.is_empty:
        assert found.table is not None
        table = found.table()
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.headings)}


@pytest.mark.parametrize("build", BUILD)
def test_single_stocks_have_none(build: Any) -> None:
    (part,) = parts_of(Process("desk", "Desk", stocks=[waiting]))

    assert build(part, ask()) is None


def test_time_in_a_stock_counts_those_who_stay_on() -> None:
    count_stocks(as_of=BEGIN, only=["stage"])
    people = [Subscriber.objects.create(stage="trial") for _ in range(4)]
    for day in range(1, 6):
        if day > 1:  # one leaves after each day
            Subscriber.objects.filter(pk=people[day - 2].pk).update(stage="paying")
        if day == 4:
            break
        count_stocks(as_of=BEGIN + dt.timedelta(days=day), only=["stage"])
    count_stocks(as_of=BEGIN + dt.timedelta(days=4), only=["stage"])

    found = section(dwell_section)

    rows = {row[0]: row for row in found.context["chart"].rows}
    assert rows["On trial"][1] == "2 days"
    assert rows["On trial"][6:] == ("3", "1")
    assert found.context["between"].startswith("All moves were found by comparing two counts.")
    assert found.context["ongoing"] == 1 + 3


def test_stays_that_hardly_ended_are_open_to_the_right() -> None:
    count_stocks(as_of=BEGIN, only=["stage"])
    people = [Subscriber.objects.create(stage="trial") for _ in range(10)]
    count_stocks(as_of=BEGIN + dt.timedelta(days=1), only=["stage"])
    Subscriber.objects.filter(pk__in=[one.pk for one in people[:3]]).update(stage="paying")
    count_stocks(as_of=BEGIN + dt.timedelta(days=3), only=["stage"])
    count_stocks(as_of=BEGIN + dt.timedelta(days=9), only=["stage"])

    chart = section(dwell_section).context["chart"]

    assert "no median is known yet" in chart.title
    assert "more than half are still there" in chart.summary
    (box,) = chart.option["series"][1]["data"]
    assert box["itemStyle"]["borderType"] == "dashed"
    assert "not known yet" in box["told"]


def test_cohorts_tell_how_many_stayed() -> None:
    Subscriber.objects.create(stage="paying")
    count_stocks(as_of=BEGIN, only=["stage"])
    people = [Subscriber.objects.create(stage="trial") for _ in range(4)]
    count_stocks(as_of=BEGIN + dt.timedelta(days=1), only=["stage"])
    people[0].delete()
    count_stocks(as_of=BEGIN + dt.timedelta(days=2), only=["stage"])

    found = section(cohorts_section)
    heat_table = found.context["heat"]

    shown = {row.label: [(c.main, c.small) for c in row.cells] for row in heat_table.rows}
    assert shown["Before the first count"][:2] == [("1", ""), ("100%", "1")]
    assert shown["2 Mar 2026"][:3] == [("4", ""), ("100%", "4"), ("75%", "3")]
    assert heat_table.title == "75% are still there a day after they came"


def test_where_nobody_left_the_last_stock_counts_as_gone() -> None:
    Subscriber.objects.create(stage="paying")
    count_stocks(as_of=BEGIN, only=["stage"])
    people = [Subscriber.objects.create(stage="trial") for _ in range(4)]
    count_stocks(as_of=BEGIN + dt.timedelta(days=1), only=["stage"])
    Subscriber.objects.filter(pk=people[0].pk).update(stage="lapsed")
    count_stocks(as_of=BEGIN + dt.timedelta(days=2), only=["stage"])

    found = section(cohorts_section)

    chosen = [label for _, label, is_chosen in found.context["gone_choices"] if is_chosen]
    assert chosen == ["who are outside, or in Lapsed"]
    assert found.context["heat"].title == "75% are still there a day after they came"
    assert "Lapsed does not count as there" in found.context["heat"].subtitle
    everybody = section(cohorts_section, ask(gone=""))
    assert everybody.context["heat"].title == "100% are still there a day after they came"
    trying = section(cohorts_section, ask(gone="trial"))
    assert trying.context["heat"].rows[-1].cells[0].main == "1"  # the one who has lapsed since


def test_many_days_are_put_together_by_the_week() -> None:
    play(50, objects=10, arriving=1)

    found = section(cohorts_section)

    assert found.context["heat"].rows[1].label.startswith("Week of ")
    assert len(found.context["heat"].rows) <= cohort_table.MOST_COHORTS


def test_the_fan_of_the_forecast_is_the_forecast() -> None:
    play(20)

    found = section(forecast_section, ask(periods="4"))
    shown = found.context["shown"]

    made = forecast(stage, 4)
    assert [len(chart.rows) for chart in shown.charts] == [4, 4, 4]
    assert found.table is not None
    rows = found.table().rows
    assert rows[0][:3] == (made.moments[0], "trial", made.median["trial"][0])
    option = shown.charts[0].option
    bottom, width = option["series"][0]["data"], option["series"][1]["data"]
    assert [b[1] + w[1] for b, w in zip(bottom[1:], width[1:], strict=True)] == list(
        made.high95["trial"]
    )
    assert bottom[0][1] == made.last["trial"]
    assert not shown.is_what_if


def test_what_if_changes_the_median() -> None:
    play(20)
    name = field_name("trial", "paying")

    found = section(forecast_section, ask(**{"periods": "6", name: "0", "rate:nowhere:": "3"}))
    shown = found.context["shown"]

    (slider,) = [one for one in shown.sliders if one.name == name]
    assert slider.factor == 0.0
    assert slider.then == "0% a day"
    assert shown.is_what_if
    trial, paying = shown.lines[0], shown.lines[1]
    assert trial.difference.startswith("+")
    assert paying.difference.startswith("−")
    made = forecast(stage, 6, rates={("trial", "paying"): 0.0})
    assert trial.median == f"{made.median['trial'][-1]:.0f}"
    assert "against the rates as they are" in shown.headline


def test_a_back_test_says_in_how_many_cases_it_held() -> None:
    play(20)

    told = section(forecast_section).context["backtest"]

    assert len(told.rows) == 9
    inside = sum(row[5] == "yes" for row in told.rows)
    assert f"in its 80% band in {inside} of 9 cases" in told.sentences[0]
    assert told.title == f"The 80% bands held {inside} of 9 counts"


def test_a_back_test_that_went_badly_is_told() -> None:
    play(14)
    Subscriber.objects.update(stage="lapsed")
    for day in range(14, 17):
        count_stocks(as_of=BEGIN + dt.timedelta(days=day, hours=1), only=["stage"])

    told = section(forecast_section).context["backtest"]

    assert told.is_bad
    assert "do not rely on these bands" in told.sentences[1]


def test_a_back_test_needs_more_counts_than_a_forecast() -> None:
    play(3)

    found = section(forecast_section)

    assert found.context["shown"].charts
    assert "It needs 5 counts" in found.context["backtest"].refused


def test_a_forecast_that_takes_too_long_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    play(4)
    monkeypatch.setattr(forecast_shown, "WORK", 30_000)

    shown = section(forecast_section, ask(periods="24")).context["shown"]

    assert not shown.charts
    assert "Choose at most 6 periods, or make it in code with forecast(“stage”, periods)." in (
        shown.refused
    )


@pytest.mark.parametrize("key", ["moves", "matrix", "time", "cohorts", "forecast"])
def test_each_section_is_exported(page: Client, key: str) -> None:
    play(12)

    table = page.get(f"/stocks/stage/{key}.csv")
    rows = page.get(f"/stocks/stage/{key}.json").json()

    assert table["Content-Type"].startswith("text/csv")
    assert len(table.content.decode().strip().splitlines()) > 2
    assert rows


def test_what_if_is_exported_as_it_is_shown(page: Client) -> None:
    play(12)
    asked = {"periods": "3", field_name("trial", "paying"): "0"}

    plain = page.get("/stocks/stage/forecast.csv", {"periods": "3"}).content.decode()
    what_if = page.get("/stocks/stage/forecast.csv", asked).content.decode()

    assert plain.lstrip("\ufeff").startswith("count_on,stock,median,low_80,high_80,low_95,high_95")
    assert len(plain.splitlines()) == len(what_if.splitlines()) == 1 + 3 * 3
    assert plain != what_if


def test_the_page_and_the_part_that_what_if_replaces_say_the_same(page: Client) -> None:
    play(12)
    asked = {"periods": "3", field_name("trial", "paying"): "2"}

    whole = page.get("/stocks/stage/", asked).content.decode()
    part = page.get("/stocks/stage/forecast/", asked).content.decode()

    assert "With these rates, after 3 days" in part
    assert "Median: half of what may come lies below it." in part
    assert "expected" not in part.casefold()
    assert "<html" not in part
    assert part.strip() in whole
    assert page.get("/stocks/stage/forecast/", {"part": "other"}).status_code == 404
