"""Describe: what a classifier learned and how well it does, to be kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headwater.classification.paired import judged_rows
from headwater.engines.artifact import Pipeline, pack
from headwater.engines.classification.calibration import calibration_curve
from headwater.engines.classification.confusion import confusion
from headwater.engines.classification.cross_validate import CrossValidation
from headwater.engines.classification.curves import curves
from headwater.engines.classification.declared import FALLING_METRICS, METRICS
from headwater.engines.classification.metrics import rank_of
from headwater.engines.classification.threshold_table import as_json, threshold_table
from headwater.engines.fingerprint import fingerprints
from headwater.engines.matching import Grouping, letter_at
from headwater.engines.profile import profile_groups
from headwater.learning.describe import Learned
from headwater.learning.membership import Members
from headwater.learning.models import Fit
from headwater.learning.reporter import DESCRIBED, Reporter
from headwater.sources.models import Source

if TYPE_CHECKING:
    from headwater.classification.learn import Findings

WEIGHTS = 20
"""Columns that are told with their weight, the heaviest."""
FEW = 30
"""Labelled rows of a class below which a note says that the figures are rough."""


def describe(fit: Fit, source: Source, found: Findings, reporter: Reporter) -> Learned:
    """Return what is kept of ``found``: the class of every row, figures, pictures and artifact."""
    table, labelled, learner = found.table, found.labelled, found.learner
    classes = labelled.classes
    pipeline = Pipeline(
        fit.technique, learner.encoder_, learner.estimator_, classes, tuple(table.columns)
    )
    artifact = pack(pipeline)
    reporter.phase("finish", share=DESCRIBED)
    grouping = Grouping(table.ids, found.codes, None, classes)
    return Learned(
        ids=table.ids,
        labels=np.array(classes)[found.codes],
        members=Members(grouping, (), fingerprints(table), tuple(table.columns)),
        artifact=artifact,
        letters=classes,
        scores=_scores(found),
        trace={},
        summary={
            "columns": learner.encoder_.report_,
            "notes": _notes(found),
            "groups": _profiles(found),
            "classification": told_of(source, found),
        },
    )


def _profiles(found: Findings) -> list[dict[str, Any]]:
    """Return the profile of the rows that are taken for each class, under its name."""
    names = {letter_at(code): name for code, name in enumerate(found.labelled.classes)}
    profiles = profile_groups(found.table, found.codes, tuple(names))
    return [{**one, "letter": names[one["letter"]]} for one in profiles]


def told_of(source: Source, found: Findings) -> dict[str, Any]:
    """Return what the page of a classifier shows, as JSON can hold it.

    ``evaluation``: as ``CrossValidation.as_json``; ``judged``: see ``paired``; ``confusion``,
    ``curves``, ``calibration``, ``thresholds``: see ``engines.classification``, the last three of
    the class that is looked for (``positive``); without one, ``calibration`` is of the class that
    was said, whichever it is.
    ``weights``: [column, weight] of the heaviest columns of a linear classifier of two classes.
    """
    labelled, judged = found.labelled, found.judged
    classes = labelled.classes
    predicted = np.bincount(found.codes, minlength=len(classes)).tolist()
    return {
        "label": source.known_column,
        "classes": [
            {"name": name, "n": n, "predicted": count}
            for name, n, count in zip(classes, labelled.counts, predicted, strict=True)
        ],
        "n_labelled": len(labelled.y),
        "n_unlabelled": len(found.table) - len(labelled.y),
        "n_columns": len(found.learner.encoder_.names_),
        "positive": None if found.positive is None else classes[found.positive],
        "metric": found.evaluation["metric"],
        "time_column": found.evaluation["time_column"],
        "is_calibrated": bool(found.learner.estimator_.is_calibrated),
        "evaluation": judged.as_json(),
        "judged": judged_rows(judged, _keys(source, found)),
        "confusion": confusion(judged.y, judged.predicted, classes).as_json(),
        **_of_positive(judged, found.positive),
        "weights": _weights(found),
        "search": None if found.searched is None else found.searched.as_json(),
        "parameters": found.parameters,
    }


def _keys(source: Source, found: Findings) -> list[object]:
    """Return what tells each judged row from all others; rows of a dataset go by its version."""
    ids: list[object] = found.table.ids[found.labelled.rows][found.judged.rows].tolist()
    if not source.is_dataset:
        return ids
    version = source.version.pk
    return [(version, key) for key in ids]


def _of_positive(judged: CrossValidation, positive: int | None) -> dict[str, Any]:
    if positive is None:
        said = judged.probabilities.max(axis=1)
        right = judged.predicted == judged.y
        return {
            "curves": None,
            "thresholds": None,
            "calibration": calibration_curve(said, right).as_json(),
        }
    truth = judged.y == positive
    said = judged.probabilities[:, positive]
    return {
        "curves": curves(truth, _rank(judged, positive)).as_json(),
        "thresholds": as_json(threshold_table(said, truth)) if judged.n_classes == 2 else None,
        "calibration": calibration_curve(said, truth).as_json(),
    }


def _rank(judged: CrossValidation, positive: int) -> NDArray[np.float64]:
    """Return numbers that rise with the class: probabilities of two classes, else scores.

    Of two classes the curve then has the thresholds of the slider; each part's probabilities rise
    with its scores.
    """
    if judged.n_classes == 2:
        return judged.probabilities[:, positive]
    return rank_of(judged.scores, positive)


def _scores(found: Findings) -> dict[str, Any]:
    metric = found.evaluation["metric"]
    measured = found.judged.metrics[metric]
    classifier = found.learner.estimator_.classifier
    return {
        "objective": measured.mean,
        "objective_name": dict(METRICS)[metric].lower()
        if metric not in ("f1", "roc_auc")
        else dict(METRICS)[metric],
        "objective_rises": metric not in FALLING_METRICS,
        "n_iter": int(np.max(getattr(classifier, "n_iter_", 1))),
        "n_judged": len(found.judged.rows),
        "converged": bool(getattr(classifier, "converged_", True)),
        "n_groups_limit": None,
        "metrics": {
            name: {"mean": each.mean, "deviations": each.deviations}
            for name, each in found.judged.metrics.items()
        },
    }


def _weights(found: Findings) -> list[list[Any]] | None:
    line = found.learner.estimator_.linear()
    if line is None:
        return None
    coef, _ = line
    sign = -1.0 if found.positive == 0 else 1.0
    heaviest = np.argsort(-np.abs(coef), kind="stable")[:WEIGHTS]
    names = found.learner.encoder_.names_
    return [
        [names[at], sign * float(coef[at])]
        for at in heaviest.tolist()
        if math.isfinite(coef[at]) and coef[at] != 0
    ]


def _notes(found: Findings) -> list[str]:
    learner, labelled = found.learner, found.labelled
    notes = [
        note.replace("tells no groups apart", "tells no classes apart")
        for note in (
            *learner.encoder_.notes(),
            *learner.estimator_.notes_,
            *found.judged.notes,
        )
    ]
    for name, n in zip(labelled.classes, labelled.counts, strict=True):
        if n < FEW:
            notes.append(
                f"Only {n} labelled rows are of the class “{name}”, so what is said of it is rough."
            )
    if found.evaluation["calibration"] == "sigmoid" and not learner.estimator_.is_calibrated:
        notes.append(
            "There are too few labelled rows to calibrate probabilities; they are as the technique "
            "gives them."
        )
    if found.searched is not None:
        notes.append(
            "The setting was chosen by the same parts that it is judged on, so its figures are a "
            "little better than they will be on new rows."
        )
    return notes
