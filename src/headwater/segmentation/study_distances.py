"""How near neighbours are: the curve by which the radius of DBSCAN is chosen."""

from __future__ import annotations

from typing import Any

from headwater.engines.segments.distances import k_distances
from headwater.segmentation.models import Study
from headwater.segmentation.study_reporter import StudyReporter
from headwater.segmentation.study_rows import study_rows


def study_distances(study: Study, reporter: StudyReporter) -> dict[str, Any]:
    """Return ``curves``, a ``KDistances.as_json`` for each number of neighbours, and ``notes``."""
    matrix, notes = study_rows(study)
    asked = study.parameters["min_samples"]
    curves = []
    for part, min_samples in enumerate(asked):
        reporter.part(part, len(asked))
        curves.append(k_distances(matrix.X, min_samples, callback=reporter).as_json())
    return {"curves": curves, "notes": notes}
