"""How stable each group is: whether the technique finds it again in rows drawn anew."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.conf import settings
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.segments.stability import stability
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.segmentation.fit_rows import fit_rows
from headwater.segmentation.models import Study
from headwater.segmentation.study_reporter import StudyReporter

SEED = "random_state"


def study_stability(study: Study, reporter: StudyReporter) -> dict[str, Any]:
    """Return ``Stability.as_json`` of the study's fit with groups by letter, and ``notes``."""
    fit = study.fit
    if fit is None:
        raise FitError("The run that was to be studied is gone.")
    rows = fit_rows(fit)
    grouping = rows.members.grouping
    found = stability(
        rows.pipeline.encoder.transform(rows.table).X,
        grouping.labels[rows.at],
        _fitting(fit),
        bootstraps=study.parameters["bootstraps"],
        callback=reporter,
    ).as_json()
    by_letter = {grouping.letters[int(group)]: told for group, told in found["groups"].items()}
    letters = sorted(by_letter, key=lambda letter: (len(letter), letter))
    groups = {letter: by_letter[letter] for letter in letters}
    return {**found, "groups": groups, "notes": rows.notes()}


def _fitting(fit: Fit) -> Any:
    """Return the function that divides rows as ``fit`` did, from another start each time."""
    technique = TECHNIQUES[fit.technique]

    def fit_labels(X: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
        parameters = dict(fit.parameters)
        if SEED in technique.parameters.defaults():
            parameters[SEED] = int(rng.integers(2**31))
        estimator = technique.build(
            parameters,
            restarts=fit.engine_meta_iterations,
            iterations=fit.engine_iterations,
            threads=settings().THREADS,
        )
        try:
            labels: NDArray[np.int64] = estimator.fit(X).labels_
        except (ValueError, FloatingPointError) as error:  # an estimator's errors are sentences
            raise FitError(str(error)) from error
        return labels

    return fit_labels
