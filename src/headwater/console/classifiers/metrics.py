"""Measures in words: what each says of a hundred rows, now and in the run before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headwater.console.words import NOTHING, figure
from headwater.engines.classification.declared import FALLING_METRICS, METRICS

TERMS = {
    "accuracy": "accuracy",
    "average_precision": "average-precision",
    "f1": "f1",
    "log_loss": "log-loss",
    "precision": "precision-of-class",
    "recall": "recall",
    "roc_auc": "roc-auc",
}
"""Measure -> its entry in the glossary."""
ORDER = ("accuracy", "precision", "recall", "f1", "average_precision", "roc_auc", "log_loss")


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One measure; see ``templates/headwater/parts/evaluation_metrics.html``."""

    key: str
    label: str
    term: str
    now: str
    """“0.94 ± 0.03”: the mean over the parts and two standard deviations."""
    before: str
    change: str
    """“+0.021”, “−0.004”; empty where there is nothing before."""
    verdict: str
    """“better”, “worse”, “may be chance” where both runs were judged on the same rows, “within the
    spread” where not; empty where nothing differs."""
    plain: str
    is_chosen: bool
    """Whether the score goes by it."""


def metric_rows(
    measured: Mapping[str, Mapping[str, Any]],
    *,
    before: Mapping[str, Mapping[str, Any]] | None = None,
    paired: Mapping[str, str] | None = None,
    positive: str | None = None,
    chosen: str = "",
) -> list[MetricRow]:
    """Return a row for each measure of ``measured``: name -> ``mean`` and ``deviations``.

    ``deviations`` are two standard deviations over the parts. ``before``: those of the run before.
    ``paired``: measure -> the verdict of a comparison on the same rows, which goes before that by
    the spread. ``positive``: the class that precision and the like are of; without one they are
    means over all classes. ``chosen``: the measure that the score goes by.
    """
    labels = dict(METRICS)
    return [
        _row(
            key,
            labels[key],
            measured[key],
            (before or {}).get(key),
            (paired or {}).get(key, ""),
            positive,
            chosen,
        )
        for key in ORDER
        if key in measured
    ]


def _row(
    key: str,
    label: str,
    now: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    paired: str,
    positive: str | None,
    chosen: str,
) -> MetricRow:
    change, verdict = "", ""
    mean, was = now.get("mean"), None if before is None else before.get("mean")
    if mean is not None and was is not None:
        difference = mean - was
        change = "0" if abs(difference) < 5e-4 else f"{difference:+.3f}".replace("-", "−")
        spread = max(now.get("deviations") or 0.0, (before or {}).get("deviations") or 0.0)
        if change == "0":
            verdict = ""
        elif paired:
            verdict = paired
        elif abs(difference) <= spread:
            verdict = "within the spread"
        else:
            rises = (difference > 0) is (key not in FALLING_METRICS)
            verdict = "better" if rises else "worse"
    return MetricRow(
        key=key,
        label=label,
        term=TERMS[key],
        now=_told(now),
        before=_told(before) if before is not None else NOTHING,
        change=change,
        verdict=verdict,
        plain=_plain(key, mean, positive),
        is_chosen=key == chosen,
    )


def _told(measured: Mapping[str, Any]) -> str:
    mean = measured.get("mean")
    if mean is None:
        return NOTHING
    return f"{mean:.3f} ± {measured.get('deviations') or 0.0:.3f}"


def _plain(key: str, mean: float | None, positive: str | None) -> str:
    """Return what the number says, in words that need no statistics."""
    if mean is None:
        return "Not defined on these rows."
    hundred = "all" if mean > 0.9995 else figure(round(100 * mean, 1 if mean > 0.985 else None))
    one = f"“{positive}”" if positive else "a class, on average over all classes"
    match key:
        case "accuracy":
            return f"Of 100 rows {hundred} are taken for what they are."
        case "precision":
            return f"Of 100 rows that are taken for {one}, {hundred} really are."
        case "recall":
            return f"Of 100 rows of {one}, {hundred} are found."
        case "f1":
            return "Precision and recall in one number; 1 is best."
        case "average_precision":
            return f"How pure the rows of {one} stand in front, by their score; 1 is best."
        case "roc_auc":
            return (
                f"In {hundred} of 100 pairs the row of {one} has a higher score than the other row."
            )
        case _:
            return "How surprised one is who believes the probabilities; 0 is best."
