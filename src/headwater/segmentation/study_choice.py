"""How many groups: the scores of k-means over a range of numbers of groups."""

from __future__ import annotations

from typing import Any

from headwater.conf import settings
from headwater.engines.segments.k_table import k_table
from headwater.segmentation.models import Study
from headwater.segmentation.study_reporter import StudyReporter
from headwater.segmentation.study_rows import study_rows


def study_choice(study: Study, reporter: StudyReporter) -> dict[str, Any]:
    """Return ``KTable.as_json`` of the study's rows, with ``notes``."""
    matrix, notes = study_rows(study)
    asked = study.parameters
    table = k_table(
        matrix.X,
        range(asked["smallest"], asked["largest"] + 1),
        n_threads=settings().THREADS,
        callback=reporter,
    )
    return {**table.as_json(), "notes": notes}
