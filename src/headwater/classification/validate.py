"""What is wrong with a classifier, in sentences, before it is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from headwater.classification.label import label_errors, time_errors
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification.declared import EVALUATION
from headwater.engines.parameters import ParameterError
from headwater.learning.errors import FitError
from headwater.learning.validate import validate_statistical_model

if TYPE_CHECKING:
    from headwater.classification.models import Classifier

MOST_TRAININGS = 1_000
"""Settings times parts that a search may take."""


def validate_classifier(classifier: Classifier) -> dict[str, list[str]]:
    """Return field name -> sentences; empty where the classifier can be used.

    Without a source it is a mere configuration, and nothing is asked of one.
    """
    reads = classifier.reads()
    errors = validate_statistical_model(classifier)
    evaluation, found = evaluation_errors(classifier.technique, classifier.evaluation)
    if found:
        errors["evaluation"] = found
    if reads:
        add(errors, source_problems(reads, evaluation, classifier.results_storage))
    elif classifier.results_storage:
        sentence = "Without rows to learn from there is nothing to write. Empty this."
        add(errors, {"results_storage": [sentence]})
    return errors


def evaluation_errors(technique: str, given: object) -> tuple[dict[str, Any], list[str]]:
    """Return how a fit is judged, defaults filled in, and what is wrong with what is ``given``."""
    if not isinstance(given, dict):
        return {}, ["Write an object of names and values, such as {}."]
    try:
        evaluation = EVALUATION.clean(given)
        grid_of(technique, evaluation)
    except ParameterError as error:
        return {}, list(error.errors.values())
    return evaluation, []


def grid_of(technique: str, evaluation: Mapping[str, Any]) -> Any:
    """Return the ``Grid`` that a search tries; None where none is asked for.

    Raises ParameterError.
    """
    text = evaluation.get("search")
    known = TECHNIQUES.get(technique)
    if not text or known is None:
        return None
    from headwater.engines.classification.grid import parse_grid  # numbers: only where one is

    grid = parse_grid(text, known.parameters)
    many = 0 if grid is None else len(grid) * int(evaluation["folds"])
    if many > MOST_TRAININGS:
        raise ParameterError({"search": _too_many(len(grid or ()), evaluation["folds"], many)})
    return grid


def trainings_of(technique: str, evaluation: object) -> str:
    """Return how many trainings a search takes, in a sentence; empty where none is asked for."""
    try:
        cleaned = EVALUATION.clean(evaluation if isinstance(evaluation, dict) else {})
        grid = grid_of(technique, cleaned)
    except ParameterError:
        return ""  # which the check of the settings says
    if grid is None:
        return ""
    n, parts = len(grid), int(cleaned["folds"])
    settings = "1 setting" if n == 1 else f"{n:,} settings"
    return (
        f"The search tries {settings} in {parts} parts, which are {n * parts:,} trainings; "
        f"judging and learning by the best takes {parts + 1} more."
    )


def _too_many(n: int, parts: int, many: int) -> str:
    return (
        f"The search asks for {n:,} settings in {parts} parts, which are {many:,} trainings; it "
        f"takes at most {MOST_TRAININGS:,}. Give fewer values, or judge in fewer parts."
    )


def source_problems(
    reads: Mapping[str, Any], evaluation: Mapping[str, Any], storage: str
) -> dict[str, list[str]]:
    """Return field name -> sentences on the label, the dates and the target of a classifier."""
    from headwater.learning.learn import source_of

    try:
        source = source_of(reads)
    except (FitError, ValidationError) as error:
        return {"source": [str(error)]}
    found = {"source": label_errors(source, storage), "evaluation": []}
    if evaluation.get("time_column"):
        found["evaluation"] = time_errors(source, str(evaluation["time_column"]))
    return {name: sentences for name, sentences in found.items() if sentences}


def add(errors: dict[str, list[str]], further: Mapping[str, list[str]]) -> None:
    """Add to ``errors`` the sentences of ``further`` that are not among them yet."""
    for name, sentences in further.items():
        known = errors.setdefault(name, [])
        known += [sentence for sentence in sentences if sentence not in known]
