"""How many groups: the scores of k-means over a range of numbers of groups."""

from __future__ import annotations

from typing import Any

from headwater.conf import settings
from headwater.engines.segments.k_table import k_table
from headwater.segmentation.models import Study
from headwater.segmentation.study_reporter import StudyReporter
from headwater.segmentation.study_rows import study_rows
from headwater.words import counted


def study_choice(study: Study, reporter: StudyReporter) -> dict[str, Any]:
    """Return ``KTable.as_json`` of the study's rows, with ``notes``.

    No more groups are tried than there are pairs of rows: groups of one row fit any row.
    """
    matrix, notes = study_rows(study)
    smallest, asked = study.parameters["smallest"], study.parameters["largest"]
    largest = max(smallest, min(asked, len(matrix) // 2))
    if largest < asked:
        notes.append(
            f"There are {counted(len(matrix), 'row')}, so no more than {largest} segments are "
            "tried, which leaves two rows to each."
        )
    table = k_table(
        matrix.X,
        range(smallest, largest + 1),
        n_threads=settings().THREADS,
        callback=reporter,
    )
    return {**table.as_json(), "notes": notes}
