"""What a fit of a classifier learned and how well it does, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from headwater.console.charts.chart import Chart
from headwater.console.charts.evaluation_calibration import calibration_chart
from headwater.console.charts.evaluation_confusion import confusion_chart
from headwater.console.charts.evaluation_curve import precision_recall_chart
from headwater.console.charts.evaluation_folds import folds_chart
from headwater.console.charts.evaluation_weights import weights_chart
from headwater.console.classifiers.metrics import MetricRow, metric_rows
from headwater.console.classifiers.search import SearchTable, search_table
from headwater.console.classifiers.threshold import Threshold, threshold_of
from headwater.console.words import counted, percent
from headwater.engines.classification.declared import METRICS
from headwater.learning.models import Fit, FitStatus

if TYPE_CHECKING:
    from headwater.classification.paired import Paired

NO_CLASS = "the class that was said"
"""What a calibration is of, where no class is looked for."""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class."""

    name: str
    n: int
    """Labelled rows."""
    share: float
    predicted: int
    """Rows that are taken for it, of all."""
    precision: str
    recall: str
    is_positive: bool


@dataclass(frozen=True, slots=True)
class ClassifierResult:
    """See ``templates/headwater/parts/classifier_result.html``."""

    label: str
    """The column that is learned."""
    n_labelled: int
    n_unlabelled: int
    n_columns: int
    positive: str
    """The class that is looked for; empty where none is."""
    classes: list[ClassRow]
    metrics: list[MetricRow]
    before: Fit | None
    """The run whose figures stand beside."""
    paired: Paired | None
    """How it does beside that one, where both were judged on the same rows."""
    measured_on: str
    """How the figures came about, in a sentence."""
    confusion: Chart
    curve: Chart | None
    calibration: Chart | None
    folds: Chart | None
    weights: Chart | None
    threshold: Threshold | None
    search: SearchTable | None
    notes: list[str]


def classifier_result(
    fit: Fit, before: Fit | None = None, *, called: Mapping[str, str] | None = None
) -> ClassifierResult | None:
    """Return what ``fit``, which succeeded, found, beside ``before``; None where it says nothing.

    ``called``: class -> what people call it, where that is something else. Whether a person may
    see it is for the page to ask.
    """
    told = (fit.summary or {}).get("classification")
    if not told:
        return None
    name = slugify(f"{fit.model.name} run {fit.pk}")
    names = [(called or {}).get(one["name"], one["name"]) for one in told["classes"]]
    positive = (called or {}).get(told["positive"], told["positive"])
    paired = _paired(before, told)
    return ClassifierResult(
        label=str(told["label"]),
        n_labelled=told["n_labelled"],
        n_unlabelled=told["n_unlabelled"],
        n_columns=told["n_columns"],
        positive=positive or "",
        classes=_classes(told),
        metrics=metric_rows(
            told["evaluation"]["metrics"],
            before=metrics_of(before) if before is not None else None,
            paired=paired.verdicts if paired is not None else None,
            positive=positive,
            chosen=told["metric"],
        ),
        before=before,
        paired=paired,
        measured_on=_measured_on(told),
        confusion=confusion_chart(told["confusion"]["matrix"], names, name=name),
        curve=_curve(told, positive, name),
        calibration=calibration_chart(told["calibration"], positive=positive or NO_CLASS, name=name)
        if told["calibration"]
        else None,
        folds=_folds(told, name),
        weights=weights_chart(
            told["weights"],
            positive=str(positive),
            negative=_other(names, positive),
            name=name,
        )
        if told["weights"]
        else None,
        threshold=threshold_of(
            told["thresholds"] or [], positive=str(positive), negative=_other(names, positive)
        ),
        search=search_table(told["search"], fit.technique),
        notes=list((fit.summary or {}).get("notes", [])),
    )


def _paired(before: Fit | None, told: Mapping[str, Any]) -> Paired | None:
    from headwater.classification.paired import compare_paired  # numbers: only where needed

    was = (before.summary or {}).get("classification") if before is not None else None
    return compare_paired(was, told) if was else None


def metrics_of(fit: Fit) -> Mapping[str, Mapping[str, Any]] | None:
    """Return measure -> mean and deviations of ``fit``; None where it has none."""
    found: Mapping[str, Mapping[str, Any]] | None = (fit.scores or {}).get("metrics")
    return found


def run_before(fit: Fit) -> Fit | None:
    """Return the last run before ``fit`` that succeeded and was judged; None where there is none.

    Its figures compare as far as it learned the same label and looked for the same class.
    """
    earlier = Fit.objects.filter(model=fit.model_id, pk__lt=fit.pk, status=FitStatus.SUCCEEDED)
    before = earlier.defer("artifact", "trace").order_by("-pk").first()
    if before is None or metrics_of(before) is None:
        return None
    was, now = ((one.summary or {}).get("classification", {}) for one in (before, fit))
    same = all(was.get(key) == now.get(key) for key in ("label", "positive"))
    return before if same else None


def _classes(told: Mapping[str, Any]) -> list[ClassRow]:
    scores = {one["name"]: one for one in told["confusion"]["scores"]}
    return [
        ClassRow(
            name=one["name"],
            n=one["n"],
            share=one["n"] / (told["n_labelled"] or 1),
            predicted=one["predicted"],
            precision=percent(scores[one["name"]]["precision"]),
            recall=percent(scores[one["name"]]["recall"]),
            is_positive=one["name"] == told["positive"],
        )
        for one in told["classes"]
    ]


def _measured_on(told: Mapping[str, Any]) -> str:
    evaluation = told["evaluation"]
    n_parts = len(evaluation["folds"])
    parts = counted(n_parts, "part")
    n = counted(evaluation["n"], "labelled row")
    if evaluation["kind"] == "time":
        return (
            f"Measured on {n} in {parts}, in the order of {told['time_column']}: each judged by "
            "what was learned from the rows before it."
        )
    return f"Measured on {n} in {parts}, each judged by what was learned from all the others."


def _curve(told: Mapping[str, Any], positive: str | None, name: str) -> Chart | None:
    curves = told["curves"]
    if not curves or not curves["precision_recall"]:
        return None
    return precision_recall_chart(
        [(recall, precision, at) for recall, precision, at in curves["precision_recall"]],
        average_precision=curves["average_precision"],
        share=curves["share"],
        positive=str(positive),
        name=name,
    )


def _folds(told: Mapping[str, Any], name: str) -> Chart | None:
    metric, evaluation = told["metric"], told["evaluation"]
    parts = evaluation["folds"]
    scores = [part["metrics"].get(metric) for part in parts]
    if sum(score is not None for score in scores) < 2:
        return None
    return folds_chart(
        scores,
        [part["name"] for part in parts],
        metric=dict(METRICS)[metric],
        name=name,
        in_time=evaluation["kind"] == "time",
    )


def _other(names: list[str], positive: str | None) -> str:
    """Return the other one of two classes; of more, all others."""
    others = [name for name in names if name != positive]
    return others[0] if len(others) == 1 else "another class"
