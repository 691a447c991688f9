"""Learn: from labelled rows to a classifier and how well it does, in memory; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.classification.describe import describe
from headwater.classification.labelled import Labelled, code_of, read_labelled, read_times
from headwater.classification.progress import InStep, Judging, searched_share
from headwater.classification.validate import evaluation_errors, grid_of, source_problems
from headwater.conf import settings
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.classification.cross_validate import CrossValidation, cross_validate, take
from headwater.engines.classification.folds import Folds, stratified, time_ordered
from headwater.engines.classification.grid import Search, search
from headwater.engines.classification.learner import Learner
from headwater.engines.encoding import Encoder
from headwater.engines.table import Table
from headwater.learning.describe import Learned
from headwater.learning.errors import FitError
from headwater.learning.learn import TOO_MANY_ROWS, read_rows, source_of, told
from headwater.learning.models import Fit
from headwater.learning.reporter import LEARNED, READ, Reporter
from headwater.sources.models import Source

JUDGED = 0.7
"""Share of the whole at which all parts are judged."""


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was learned, and how well that is done."""

    table: Table
    labelled: Labelled
    learner: Learner
    judged: CrossValidation
    searched: Search | None
    parameters: dict[str, Any]
    """Of the technique, those that a search chose among them."""
    evaluation: dict[str, Any]
    positive: int | None
    codes: NDArray[np.int64]
    """(n,) the predicted class of each row of the table."""


def learn(fit: Fit, reporter: Reporter) -> Learned:
    """Read, judge part by part, learn from all labelled rows, and say the class of every row.

    Raises what its parts raise for bad input (each a sentence), and ``FitStopped``.
    """
    evaluation = _checked(fit)
    source = source_of(fit.source)
    reporter.phase("reading", share=0.0)
    table = read_rows(source)
    labelled = read_labelled(source, table)
    positive = code_of(evaluation["positive"], labelled.classes)
    with told(TOO_MANY_ROWS):
        findings = _learn(fit, source, table, labelled, evaluation, positive, reporter)
    reporter.phase("finish", share=LEARNED)
    return describe(fit, source, findings, reporter)


def _learn(
    fit: Fit,
    source: Source,
    table: Table,
    labelled: Labelled,
    evaluation: dict[str, Any],
    positive: int | None,
    reporter: Reporter,
) -> Findings:
    known = take(table, labelled.rows)
    folds = _folds(source, known, labelled, evaluation)
    in_step = InStep(reporter)

    def make(setting: Mapping[str, Any] | None = None) -> Learner:
        return _learner(fit, evaluation, {**fit.parameters, **(setting or {})}, in_step)

    grid = grid_of(fit.technique, evaluation)
    searched: Search | None = None
    begin = READ
    if grid is not None:
        begin = searched_share(len(grid), READ, JUDGED)
        reporter.phase("try", share=READ)
        searched = search(
            make,
            known,
            labelled.y,
            folds,
            grid,
            metric=evaluation["metric"],
            positive=positive,
            n_classes=len(labelled.classes),
            callback=Judging(in_step, "try", READ, begin),
        )
    setting = searched.setting if searched is not None else {}
    reporter.phase("evaluate", share=begin)
    judged = cross_validate(
        lambda: make(setting),
        known,
        labelled.y,
        folds,
        positive=positive,
        n_classes=len(labelled.classes),
        callback=Judging(in_step, "evaluate", begin, JUDGED),
    )
    reporter.phase("learn", share=JUDGED)
    in_step.phase, in_step.share = "learn", JUDGED
    learner = make(setting)
    learner.fit(known, labelled.y)
    X = learner.encoder_.transform(table).X
    return Findings(
        table=table,
        labelled=labelled,
        learner=learner,
        judged=judged,
        searched=searched,
        parameters={**fit.parameters, **setting},
        evaluation=evaluation,
        positive=positive,
        codes=np.asarray(learner.estimator_.predict(X), dtype=np.int64),
    )


def _learner(
    fit: Fit, evaluation: Mapping[str, Any], parameters: Mapping[str, Any], in_step: InStep
) -> Learner:
    """Return what is learned anew in every part: how columns become numbers, and the classes."""
    encoding = ENCODING.clean(fit.encoding)
    technique = TECHNIQUES[fit.technique]
    return Learner(
        lambda: Encoder(**encoding),
        lambda: technique.build(
            parameters,
            restarts=fit.engine_meta_iterations,
            iterations=fit.engine_iterations,
            threads=settings().THREADS,
        ),
        calibration=evaluation["calibration"],
        seed=evaluation["seed"],
        callback=in_step,
    )


def _folds(
    source: Source, known: Table, labelled: Labelled, evaluation: Mapping[str, Any]
) -> Folds:
    column = evaluation["time_column"]
    if not column:
        return stratified(
            labelled.y, evaluation["folds"], evaluation["seed"], names=labelled.classes
        )
    return time_ordered(
        read_times(source, column, known),
        evaluation["folds"],
        y=labelled.y,
        names=labelled.classes,
    )


def _checked(fit: Fit) -> dict[str, Any]:
    """Return how ``fit`` is judged; raise FitError where it cannot be learned as it says."""
    if not fit.source:
        raise FitError(
            f"“{fit.model}” has no rows to learn from: it is a configuration for spam filters. "
            "Give it rows and a known label to run it by itself."
        )
    if fit.technique not in TECHNIQUES:
        raise FitError(f"There is no technique “{fit.technique}”.")
    evaluation, wrong = evaluation_errors(fit.technique, fit.definition.get("evaluation", {}))
    if not wrong:
        problems = source_problems(fit.source, evaluation, fit.results_storage)
        wrong = [sentence for sentences in problems.values() for sentence in sentences]
    if wrong:
        raise FitError(" ".join(wrong))
    return evaluation
