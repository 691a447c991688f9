"""The pictures of how well a classifier does: what they draw, and what they say of it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from headwater.console.charts.chart import Chart
from headwater.console.charts.evaluation_calibration import calibration_chart
from headwater.console.charts.evaluation_confusion import confusion_chart
from headwater.console.charts.evaluation_curve import precision_recall_chart
from headwater.console.charts.evaluation_folds import folds_chart
from headwater.console.charts.evaluation_weights import weights_chart
from headwater.console.classifiers.metrics import metric_rows
from headwater.console.classifiers.search import search_table
from headwater.console.classifiers.threshold import threshold_of
from headwater.engines.classification.calibration import calibration_curve
from headwater.engines.classification.curves import curves
from headwater.engines.classification.threshold_table import as_json, threshold_table


@pytest.fixture
def judged() -> tuple[Any, Any]:
    """Probabilities of 400 rows that can be believed, and whether each is of the class."""
    rng = np.random.default_rng(3)
    p = rng.uniform(size=400)
    return p, rng.uniform(size=400) < p


def told(chart: Chart) -> list[str]:
    return [
        item["told"]
        for series in chart.option["series"]
        if not series.get("silent")
        for item in series["data"]
    ]


def test_the_confusion_names_what_is_most_often_mistaken() -> None:
    chart = confusion_chart([[8, 2], [1, 9]], ["no", "yes"], name="run")
    assert chart.title == (
        "85% of the rows were taken for what they are; most often no was taken for yes"
    )
    assert chart.rows == [("no", "8", "2", "10", "80%"), ("yes", "1", "9", "10", "90%")]
    assert told(chart)[1] == "2 rows of no taken for yes, 20% of its rows"
    cells = [item["value"] for item in chart.option["series"][0]["data"]]
    assert cells[1] == [1, 0, 2, 0.2]  # across, down, rows, share of the true class
    perfect = confusion_chart([[3, 0], [0, 4]], ["no", "yes"], name="run")
    assert perfect.title == "All 7 rows were taken for what they are"
    assert confusion_chart([[0, 0], [0, 0]], ["a", "b"], name="x").title == "No row was judged"


def test_the_curve_says_what_can_be_found_with_few_errors(judged: tuple[Any, Any]) -> None:
    p, y = judged
    made = curves(y, p)
    chart = precision_recall_chart(
        list(made.precision_recall),
        average_precision=made.average_precision,
        share=made.share,
        positive="spam",
        name="run",
    )
    best = max(recall for recall, precision, _ in made.precision_recall if precision >= 0.9)
    assert chart.title.startswith(f"{best * 100:.0f}% of spam can be found")
    assert len(chart.rows) == 21
    assert "at threshold" in told(chart)[-1]
    never = precision_recall_chart(
        [(0.5, 0.4, 0.7), (1.0, 0.3, 0.1)],
        average_precision=None,
        share=0.3,
        positive="spam",
        name="run",
    )
    assert never.title.startswith("At no threshold are nine of ten")


def test_believable_probabilities_are_called_so(judged: tuple[Any, Any]) -> None:
    p, y = judged
    fair = calibration_chart(calibration_curve(p, y).as_json(), positive="spam", name="run")
    assert fair.title == "The probabilities can be taken at their word"
    boasting = calibration_curve(np.sqrt(p), np.random.default_rng(1).uniform(size=400) < p**2)
    too_high = calibration_chart(boasting.as_json(), positive="spam", name="run")
    assert too_high.title.endswith("rows are too high")
    whiskers = fair.option["series"][1]["data"]
    assert len(whiskers) == 3 * len(fair.rows)
    assert whiskers[0][1] <= whiskers[1][1]


def test_parts_and_weights_are_told_in_words() -> None:
    parts = folds_chart([0.9, None, 0.8], ["1", "2", "3"], metric="Accuracy", name="run")
    assert parts.title == "Accuracy lies between 0.8 and 0.9"
    assert len(told(parts)) == 2
    assert parts.rows[1] == ("2", "–")
    weights = weights_chart(
        [("free", 2.0), ("hello", -1.0), ("win", 1.5)],
        positive="spam",
        negative="ham",
        name="run",
        what="word",
    )
    assert weights.title == "free and win speak most for spam"
    assert [row[0] for row in weights.rows] == ["free", "win", "hello"]
    assert "speaks for ham" in told(weights)[0]


def test_the_slider_has_the_counts_of_every_threshold(judged: tuple[Any, Any]) -> None:
    p, y = judged
    made = threshold_of(as_json(threshold_table(p, y)), positive="spam", negative="ham", at=0.9)
    assert made is not None
    assert made.now.threshold == 0.9
    assert made.now.tp == int((y & (p >= 0.9)).sum())
    assert made.now.fp == int((~y & (p >= 0.9)).sum())
    assert len(made.points) == 101
    assert len(made.rows) == 11
    assert {sum(point[1:]) for point in made.points} == {400}
    assert len(json.dumps(made.data)) < 4_000


def test_a_change_within_the_spread_is_not_called_better() -> None:
    before = {"accuracy": {"mean": 0.90, "deviations": 0.02}}
    rows = metric_rows({"accuracy": {"mean": 0.91, "deviations": 0.02}}, before=before)
    assert (rows[0].change, rows[0].verdict) == ("+0.010", "within the spread")
    rows = metric_rows({"accuracy": {"mean": 0.95, "deviations": 0.02}}, before=before)
    assert rows[0].verdict == "better"
    loss = {"log_loss": {"mean": 0.5, "deviations": 0.01}}
    (row,) = metric_rows({"log_loss": {"mean": 0.2, "deviations": 0.01}}, before=loss)
    assert (row.change, row.verdict) == ("−0.300", "better")  # less is better
    (row,) = metric_rows({"recall": {"mean": None, "deviations": None}})
    assert (row.now, row.plain) == ("–", "Not defined on these rows.")


def test_the_search_names_the_best_setting_and_what_failed() -> None:
    fair = {"accuracy": {"mean": 0.8, "deviations": 0.1}}
    table = search_table(
        {
            "metric": "accuracy",
            "best": 1,
            "names": ["C", "kernel"],
            "tried": [
                {"setting": {"C": 1.0, "kernel": "linear"}, "metrics": {}, "failed": "No."},
                {"setting": {"C": 10.0, "kernel": "rbf"}, "metrics": fair, "failed": None},
            ],
        },
        "svc",
    )
    assert table is not None
    assert table.title == "Of 2 settings, Strictness (C) 10, Kernel Radial does best"
    assert [(row.score, row.is_best, row.failed) for row in table.rows] == [
        ("–", False, "No."),
        ("0.800 ± 0.100", True, ""),
    ]
    assert search_table(None, "svc") is None
