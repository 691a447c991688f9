"""Columns of dates read as dates."""

from __future__ import annotations

import datetime as dt
import doctest
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from headwater.console import dates
from headwater.console.charts.scatter import scatter_chart
from headwater.console.result import result_of
from headwater.learning.models import Fit
from tests.testapp.models import Person


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(dates).failed == 0


def test_what_is_no_date_is_told_as_a_number() -> None:
    assert dates.as_date(1e12, "date") == "1,000,000,000,000"


def _fit(make_people: Any, make_model: Any, *columns: str) -> Fit:
    people = make_people(60)
    for number, person in enumerate(people):
        start = dt.date(1990, 1, 1) if person.x > 5 else dt.date(2020, 6, 1)
        person.born = start + dt.timedelta(days=number) if number else None
    Person.objects.bulk_update(people, ["born"])
    fit: Fit = make_model(of={"columns": columns}).perform_inference()
    assert fit.status == "succeeded", fit.error
    return fit


def test_means_notes_and_axes_of_dates_are_dates(
    page: Client, make_people: Any, make_model: Any, analyst: Any
) -> None:
    fit = _fit(make_people, make_model, "born", "x")

    result = result_of(fit, analyst)

    cells = [group.cells[0].text for group in result.groups]
    assert any(re.fullmatch(r"\d+ \w{3} 1990 ± [\d.]+ days", cell) for cell in cells), cells
    assert [note for note in result.notes if "born" in note] == [
        note for note in result.notes if re.search(r"1 value, taken as \d+ \w{3} \d{4}\.$", note)
    ]
    assert result.notes
    assert result.picture is not None
    assert result.picture.option["xAxis"]["type"] == "time"
    assert result.picture.option["yAxis"]["type"] == "value"
    points = page.get(reverse("headwater:points", args=[fit.model_id, fit.pk])).content.decode()
    assert " Jan 1990" in points
    compared = page.get(
        reverse("headwater:compare", args=[fit.model_id]), {"before": fit.pk, "after": fit.pk}
    ).content.decode()
    assert "1990 ±" in compared


def test_a_histogram_of_dates_is_told_in_dates(
    make_people: Any, make_model: Any, analyst: Any
) -> None:
    picture = result_of(_fit(make_people, make_model, "born"), analyst).picture

    assert picture is not None
    assert picture.key == "histogram"
    assert "1990 to" in picture.rows[0][0]
    assert "1990" in picture.summary


def test_points_are_drawn_to_the_second() -> None:
    scatter = {
        "kind": "scatter",
        "x": "seen",
        "y": "x",
        "letters": ["A"],
        "points": [[20779.5, 1.0, 0, 7]],
        "ellipses": [{"letter": "A", "centre": [20779.5, 1.0], "axes": [1.0, 1.0], "angle": 0}],
    }

    chart = scatter_chart(
        scatter, name="x", n_rows=1, points_address="/", dates={"seen": "datetime"}
    )

    assert chart.option["series"][0]["data"] == [[20779.5 * 86_400_000, 1.0, 7]]
    assert chart.rows == [("A", "1", "22 Nov 2026", "1")]
