"""cross_validate: what a classifier gets right on rows that it did not learn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from headwater.engines.classification.folds import Folds, Ints, Mask
from headwater.engines.classification.metrics import NAMES, measure
from headwater.engines.progress import Callback, Step
from headwater.engines.table import Matrix, Table

Floats = NDArray[np.float64]


class Learns(Protocol):
    """What a fold needs; ``Learner`` is one."""

    def fit(self, rows: Any, y: Ints) -> Any:
        """Learn; also takes ``sample_weight`` and ``always_train`` by name where those are used."""

    def scores(self, rows: Any) -> Floats:
        """Return (n,) scores of the second class, or (n, K)."""

    def predict_proba(self, rows: Any) -> Floats:
        """Return (n, K) probabilities."""


@dataclass(frozen=True, slots=True)
class FoldScores:
    """One part and what was measured on it."""

    name: str
    n_train: int
    n_test: int
    metrics: dict[str, float | None]
    """By name; None where the part's rows leave it undefined."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric over the parts."""

    mean: float | None
    """Over the parts where it is defined; None where it is in none."""
    deviations: float | None
    """Two standard deviations over those parts."""
    n_folds: int
    """In how many parts it is defined."""


@dataclass(frozen=True, slots=True, eq=False)
class CrossValidation:
    """All that was measured, and the judged rows with what was said of them."""

    folds: tuple[FoldScores, ...]
    metrics: dict[str, Measured]
    """By name."""
    n_classes: int
    positive: int | None
    kind: str
    """“stratified”, “time” or “groups”."""
    rows: Ints
    """(m,) positions of the judged rows, rising; each was judged once."""
    y: Ints
    """(m,) their classes."""
    scores: Floats
    """(m,) or (m, K), of each row by what was not learned from it."""
    probabilities: Floats
    """(m, K)"""
    predicted: Ints
    """(m,)"""
    fold: Ints
    """(m,) the part in which each was judged, from 0."""
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the metrics, the parts and the notes; without the rows."""
        return {
            "kind": self.kind,
            "n": len(self.rows),
            "n_classes": self.n_classes,
            "positive": self.positive,
            "metrics": {
                name: {"mean": each.mean, "deviations": each.deviations, "n_folds": each.n_folds}
                for name, each in self.metrics.items()
            },
            "folds": [
                {
                    "name": each.name,
                    "n_train": each.n_train,
                    "n_test": each.n_test,
                    "metrics": each.metrics,
                }
                for each in self.folds
            ],
            "notes": list(self.notes),
        }


def cross_validate(
    make: Callable[[], Learns],
    data: Any,
    y: Ints,
    folds: Folds,
    *,
    positive: int | None = None,
    metrics: Sequence[str] = NAMES,
    sample_weight: Floats | None = None,
    always_train: Mask | None = None,
    n_classes: int | None = None,
    callback: Callback | None = None,
) -> CrossValidation:
    """Return how well what ``make`` gives judges the rows of each part, learned from its others.

    ``data`` is a Table, a Matrix, a list of texts, an array or a CSR matrix of n rows, ``y`` (n,)
    the codes of their classes, 0 to K - 1. A new learner is made for each part, and the whole of
    it, encoding and calibration with it, sees that part's training rows only. ``sample_weight``
    (n,) reaches the fit; what is measured counts each judged row once. ``always_train`` (n,), the
    mask that the folds were made with, reaches the fit too where it is given.

    ``callback`` is called before the first part and after each, with the mean so far of the first
    metric; whatever it raises stops the work.
    """
    y = np.asarray(y, dtype=np.int64)
    n_classes = int(y.max()) + 1 if n_classes is None else n_classes
    judged = np.sort(np.concatenate([fold.test for fold in folds]))
    place = np.full(len(y), -1, dtype=np.int64)
    place[judged] = np.arange(len(judged))
    scores = np.zeros(len(judged) if n_classes == 2 else (len(judged), n_classes))
    probabilities = np.zeros((len(judged), n_classes))
    of_fold = np.zeros(len(judged), dtype=np.int64)
    told: list[FoldScores] = []
    _tell(callback, told, len(folds), n_classes, metrics[0])
    for at, fold in enumerate(folds):
        options: dict[str, Any] = {}
        if sample_weight is not None:
            options["sample_weight"] = sample_weight[fold.train]
        if always_train is not None:
            options["always_train"] = always_train[fold.train]
        learner = make()
        learner.fit(take(data, fold.train), y[fold.train], **options)
        where = place[fold.test]
        scores[where], probabilities[where] = judge(learner, take(data, fold.test))
        of_fold[where] = at
        told.append(
            FoldScores(
                name=fold.name,
                n_train=len(fold.train),
                n_test=len(fold.test),
                metrics=measure(
                    y[fold.test],
                    predicted_by(probabilities[where]),
                    scores[where],
                    probabilities[where],
                    n_classes=n_classes,
                    positive=positive,
                    metrics=metrics,
                ),
            )
        )
        _tell(callback, told, len(folds), n_classes, metrics[0])
    return CrossValidation(
        folds=tuple(told),
        metrics={name: _over_folds(told, name) for name in metrics},
        n_classes=n_classes,
        positive=1 if positive is None and n_classes == 2 else positive,
        kind=folds.kind,
        rows=judged,
        y=y[judged],
        scores=scores,
        probabilities=probabilities,
        predicted=predicted_by(probabilities),
        fold=of_fold,
        notes=folds.notes,
    )


def judge(learner: Any, rows: Any) -> tuple[Floats, Floats]:
    """Return the scores and probabilities of ``rows``, with one encoding where that can be."""
    if hasattr(learner, "judge"):
        both: tuple[Floats, Floats] = learner.judge(rows)
        return both
    return learner.scores(rows), learner.predict_proba(rows)


def predicted_by(probabilities: Floats) -> Ints:
    """Return the likeliest class (n,) by ``probabilities`` (n, K); of two, the second from 0.5."""
    if probabilities.shape[1] == 2:
        return np.asarray(probabilities[:, 1] >= 0.5, dtype=np.int64)
    return np.asarray(probabilities.argmax(axis=1), dtype=np.int64)


def take(data: Any, rows: Ints) -> Any:
    """Return the given ``rows`` of a Table, a Matrix, a list, an array or a CSR matrix."""
    if isinstance(data, Table):
        return Table(
            ids=data.ids[rows],
            columns={name: values[rows] for name, values in data.columns.items()},
            kinds=data.kinds,
        )
    if isinstance(data, Matrix):
        return Matrix(ids=data.ids[rows], X=data.X[rows], names=data.names)
    if isinstance(data, (list, tuple)):
        return [data[row] for row in rows.tolist()]
    return data[rows]


def _over_folds(told: list[FoldScores], name: str) -> Measured:
    known = [value for fold in told if (value := fold.metrics[name]) is not None]
    if not known:
        return Measured(None, None, 0)
    return Measured(float(np.mean(known)), 2 * float(np.std(known)), len(known))


def _tell(
    callback: Callback | None, told: list[FoldScores], n_folds: int, n_classes: int, metric: str
) -> None:
    if callback is None:
        return
    mean = _over_folds(told, metric).mean
    callback(
        Step(
            phase="evaluate",
            restart=min(len(told) + 1, n_folds),
            restarts=n_folds,
            iteration=len(told),
            objective=float("nan") if mean is None else mean,
            n_groups=n_classes,
        )
    )
