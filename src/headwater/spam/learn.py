"""Learn: from labelled texts to a filter and how well it does, in memory; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from headwater.classification.progress import InStep, Judging, searched_share
from headwater.classification.validate import grid_of
from headwater.conf import settings
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification.cross_validate import CrossValidation, cross_validate
from headwater.engines.classification.folds import Folds, stratified, time_ordered
from headwater.engines.classification.grid import Search, search
from headwater.engines.classification.learner import Learner
from headwater.learning.describe import Learned
from headwater.learning.errors import FitError
from headwater.learning.learn import told
from headwater.learning.models import Fit
from headwater.learning.reporter import LEARNED, READ, Reporter
from headwater.spam.classes import CALLED, CLASSES
from headwater.spam.describe import describe
from headwater.spam.training import TrainingSet, read_training_set

if TYPE_CHECKING:
    from headwater.spam.models import SpamFilter

JUDGED = 0.75
"""Share of the whole at which all parts are judged."""
SPAM = 1
TOO_MANY_TEXTS = (
    "There is not enough memory to learn from so many texts and terms. Count fewer terms, or use a "
    "machine with more memory."
)


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was learned, and how well that is done."""

    training: TrainingSet
    learner: Learner
    judged: CrossValidation
    searched: Search | None
    classifier: dict[str, Any]
    """``name``, ``technique`` and ``parameters``, those that a search chose among them."""
    evaluation: dict[str, Any]
    last_decision: int
    """Key of the newest decision before the texts were read; 0: none."""


def learn(spam_filter: SpamFilter, fit: Fit, reporter: Reporter) -> Learned:
    """Read, judge part by part, and learn from all labelled texts, as ``fit`` says.

    Raises what its parts raise for bad input (each a sentence), and ``FitStopped``.
    """
    reporter.phase("reading", share=0.0)
    last_decision = _last_decision(spam_filter)  # before anything is read: later ones are replayed
    training = read_training_set(fit.definition)
    with told(TOO_MANY_TEXTS):
        findings = _learn(fit, training, last_decision, reporter)
    reporter.phase("finish", share=LEARNED)
    return describe(fit, findings)


def _learn(fit: Fit, training: TrainingSet, last_decision: int, reporter: Reporter) -> Findings:
    evaluation = fit.definition["evaluation"]
    classifier = fit.definition["classifier"]
    technique = classifier["technique"]
    if technique not in TECHNIQUES:
        raise FitError(f"The classifier has the technique “{technique}”, and there is none.")
    folds = folds_of(training, evaluation)
    own_only = training.always_train if training.is_measured_on_own else None
    in_step = InStep(reporter)
    options: dict[str, Any] = {
        "positive": SPAM,
        "sample_weight": training.weights,
        "always_train": own_only,
        "n_classes": len(CLASSES),
    }

    def make(setting: Mapping[str, Any] | None = None) -> Learner:
        parameters = {**classifier["parameters"], **(setting or {})}
        return learner_of(fit, technique, parameters, evaluation, in_step)

    grid = grid_of(technique, evaluation)
    searched: Search | None = None
    begin = READ
    if grid is not None:
        reporter.phase("try", share=READ)
        begin = searched_share(len(grid), READ, JUDGED)
        searched = search(
            make,
            training.texts,
            training.y,
            folds,
            grid,
            metric=evaluation["metric"],
            callback=Judging(in_step, "try", READ, begin),
            **options,
        )
    setting = searched.setting if searched is not None else {}
    reporter.phase("evaluate", share=begin)
    judged = cross_validate(
        lambda: make(setting),
        training.texts,
        training.y,
        folds,
        callback=Judging(in_step, "evaluate", begin, JUDGED),
        **options,
    )
    reporter.phase("learn", share=JUDGED)
    in_step.phase, in_step.share = "learn", JUDGED
    learner = make(setting)
    learner.fit(training.texts, training.y, training.weights, own_only)
    return Findings(
        training=training,
        learner=learner,
        judged=judged,
        searched=searched,
        classifier={**classifier, "parameters": {**classifier["parameters"], **setting}},
        evaluation=evaluation,
        last_decision=last_decision,
    )


def learner_of(
    fit: Fit,
    technique: str,
    parameters: Mapping[str, Any],
    evaluation: Mapping[str, Any],
    callback: Any = None,
) -> Learner:
    """Return what is learned anew in every part: terms, their weights, the classes, the curve."""
    return Learner(
        lambda: TECHNIQUES[fit.technique].load_encoder()(**fit.parameters),
        lambda: TECHNIQUES[technique].build(
            parameters,
            restarts=fit.engine_meta_iterations,
            iterations=fit.engine_iterations,
            threads=settings().THREADS,
        ),
        calibration=evaluation["calibration"],
        seed=evaluation["seed"],
        callback=callback,
    )


def folds_of(training: TrainingSet, evaluation: Mapping[str, Any]) -> Folds:
    """Return which texts are judged, part by part: own ones, or for want of those pre-training.

    Pre-training texts are learned from in every part and judged in none where there are 20 own
    texts of each class; with fewer the own ones are, and the pre-training texts are divided.
    """
    if training.times is not None and training.is_measured_on_own:
        return time_ordered(
            training.times,
            evaluation["folds"],
            y=training.y,
            always_train=training.always_train,
            names=CALLED,
        )
    return stratified(
        training.y,
        evaluation["folds"],
        evaluation["seed"],
        always_train=training.always_train,
        names=CALLED,
    )


def _last_decision(spam_filter: SpamFilter) -> int:
    return spam_filter.decisions.aggregate(last=Max("pk"))["last"] or 0
