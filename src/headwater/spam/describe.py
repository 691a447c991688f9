"""Describe: what a filter learned, as scores, tables and terms to be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headwater.classification.paired import judged_rows
from headwater.engines.artifact import Pipeline, pack
from headwater.engines.classification.calibration import calibration_curve
from headwater.engines.classification.confusion import confusion
from headwater.engines.classification.curves import curves
from headwater.engines.classification.declared import FALLING_METRICS, METRICS
from headwater.engines.classification.threshold_table import as_json, threshold_table
from headwater.learning.describe import Learned
from headwater.learning.models import Fit
from headwater.spam.classes import CLASSES
from headwater.spam.compare_serving import compare_serving
from headwater.spam.known import warnings_of
from headwater.spam.spammable import digest
from headwater.spam.training import TrainingSet, measured_on

if TYPE_CHECKING:
    from headwater.spam.learn import Findings

TOP_TERMS = 40
"""Terms that are kept for each class, those with the greatest weight."""
MOST_KEPT = 20_000
"""Judged texts whose probability is kept, to suggest thresholds by; of more, evenly taken ones."""


def describe(fit: Fit, findings: Findings) -> Learned:
    """Return what is kept of ``findings``; whether it serves is judged beside the serving fit."""
    training, judged = findings.training, findings.judged
    encoder, estimator = findings.learner.encoder_, findings.learner.estimator_
    artifact = pack(Pipeline(fit.technique, encoder, estimator, CLASSES, ()))
    compared = compare_serving(fit, findings)
    held_back = None if compared is None or compared.verdict != "worse" else compared.sentence
    metric = findings.evaluation["metric"]
    summary: dict[str, Any] = {
        "classification": _told(findings),
        "counts": training.counts(),
        "n_own": int(training.is_own.sum()),
        "n_pretraining": int((~training.is_own).sum()),
        "pretraining_weight": round(training.pretraining_weight, 6),
        "columns_by_group": _by_group(encoder),
        "measured_on": "own" if training.is_measured_on_own else "pretraining",
        "measured_on_sentence": measured_on(training, len(judged.y)),
        "held_out": _held_out(judged.probabilities[:, 1], judged.y == 1),
        "duplicates": _duplicates(training, findings),
        "top_terms": top_terms(encoder, estimator),
        "classifier": findings.classifier,
        "comparison": None if compared is None else compared.as_json(),
        "last_decision": findings.last_decision,
        "warnings": warnings_of(
            encoder, training.texts, judged.predicted == judged.y, judged.y == 1
        ),
        "notes": [*encoder.notes_, *estimator.notes_, *judged.notes],
    }
    if held_back is not None:
        summary["held_back"] = (
            f"{held_back} So the run before goes on serving; this one is kept and can be chosen."
        )
    measured = judged.metrics[metric]
    return Learned(
        ids=np.array(
            [key for (_, key), own in zip(training.keys, training.is_own, strict=True) if own],
            dtype=object,
        ),
        n_rows=len(training.texts),
        labels=None,
        members=None,
        artifact=artifact,
        letters=CLASSES,
        scores={
            "objective": measured.mean,
            "objective_name": _named(metric),
            "objective_rises": metric not in FALLING_METRICS,
            "metric": metric,
            "deviations": measured.deviations,
            "measured_on": summary["measured_on"],
            "n_judged": len(judged.rows),
            "metrics": {
                name: {"mean": each.mean, "deviations": each.deviations}
                for name, each in judged.metrics.items()
            },
        },
        trace={},
        summary=summary,
        serves=held_back is None,
    )


def _told(findings: Findings) -> dict[str, Any]:
    """Return what the pages of any classifier show: see ``classification.describe``."""
    training, judged = findings.training, findings.judged
    encoder, estimator = findings.learner.encoder_, findings.learner.estimator_
    spam, is_spam = judged.probabilities[:, 1], judged.y == 1
    counts = np.bincount(training.y, minlength=len(CLASSES)).tolist()
    return {
        "label": "",
        "classes": [
            {"name": name, "n": n, "predicted": None}
            for name, n in zip(CLASSES, counts, strict=True)
        ],
        "n_labelled": len(training),
        "n_unlabelled": 0,
        "n_columns": int(encoder.n_columns_),
        "positive": CLASSES[1],
        "metric": findings.evaluation["metric"],
        "time_column": findings.evaluation["time_column"],
        "is_calibrated": bool(estimator.is_calibrated),
        "evaluation": judged.as_json(),
        "judged": judged_rows(
            judged,
            ((training.keys[row], digest(training.texts[row])) for row in judged.rows.tolist()),
        ),
        "confusion": confusion(judged.y, judged.predicted, CLASSES).as_json(),
        "curves": curves(is_spam, spam).as_json(),
        "calibration": calibration_curve(spam, is_spam).as_json(),
        "thresholds": as_json(threshold_table(spam, is_spam)),
        "weights": _weights(encoder, estimator),
        "search": None if findings.searched is None else findings.searched.as_json(),
        "parameters": findings.classifier["parameters"],
    }


def _weights(encoder: Any, estimator: Any) -> list[list[Any]]:
    """Return [term, weight] of the heaviest columns, whichever class they speak for."""
    found = top_terms(encoder, estimator) or {}
    both = [[term, weight] for each in found.values() for term, _, weight in each]
    return sorted(both, key=lambda one: -abs(one[1]))[:TOP_TERMS]


def _named(metric: str) -> str:
    label = dict(METRICS)[metric]
    return label if metric in ("f1", "roc_auc") else label.lower()


def top_terms(encoder: Any, estimator: Any) -> dict[str, list[list[Any]]] | None:
    """Return class -> [term, group, weight] of the greatest weights; None where it is not linear.

    A weight is what the column adds to the log-odds of spam at the value 1, so those of “ham” are
    negative.
    """
    line = estimator.linear()
    if line is None:
        return None
    weights: NDArray[np.float64] = line[0]
    order = np.argsort(weights, kind="stable")

    def told(places: NDArray[np.int64]) -> list[list[Any]]:
        return [
            [encoder.names_[at], encoder.groups_[at], round(float(weights[at]), 6)]
            for at in places.tolist()
        ]

    spam, ham = order[::-1][:TOP_TERMS], order[:TOP_TERMS]
    return {"spam": told(spam[weights[spam] > 0]), "ham": told(ham[weights[ham] < 0])}


def _by_group(encoder: Any) -> dict[str, int]:
    names, counts = np.unique(np.array(encoder.groups_, dtype=str), return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def _held_out(spam: NDArray[np.float64], is_spam: NDArray[np.bool_]) -> dict[str, Any]:
    """Return the probabilities that texts got while they were held out, with their labels."""
    at = np.unique(np.linspace(0, len(spam) - 1, min(len(spam), MOST_KEPT)).astype(np.int64))
    return {
        "probabilities": [round(p, 6) for p in spam[at].tolist()],
        "is_spam": "".join("01"[label] for label in is_spam[at].tolist()),
        "n": len(spam),
    }


def _duplicates(training: TrainingSet, findings: Findings) -> dict[str, Any]:
    """Return how many judged texts there are twice, and the accuracy without those.

    Spam comes again and again, so a text that was learned from is judged anew in use as well, and
    such texts stay. How well a filter does on texts it has never seen is told beside.
    """
    digests = [digest(text) for text in training.texts]
    seen: dict[str, int] = {}
    for one in digests:
        seen[one] = seen.get(one, 0) + 1
    judged = findings.judged
    once = np.array([seen[digests[row]] == 1 for row in judged.rows.tolist()], dtype=np.bool_)
    right = judged.predicted == judged.y
    return {
        "n": int((~once).sum()),
        "accuracy_of_others": float(right[once].mean()) if once.any() else None,
    }
