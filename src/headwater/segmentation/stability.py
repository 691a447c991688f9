"""stability_of: how stable each segment of a fit is, where a study has told it."""

from __future__ import annotations

from headwater.engines.segments.stability import DOUBTFUL, STABLE
from headwater.learning.models import Fit
from headwater.segmentation.models import Study, StudyKind, StudyStatus


def stability_of(fit: Fit) -> dict[str, float]:
    """Return letter -> mean Jaccard similarity over the bootstrap of the last finished study."""
    studies = Study.objects.filter(
        fit=fit.pk, kind=StudyKind.STABILITY, status=StudyStatus.SUCCEEDED
    )
    study = studies.order_by("-pk").first()
    groups = study.result.get("groups") or {} if study is not None else {}
    return {
        letter: float(told["jaccard"])
        for letter, told in groups.items()
        if told.get("jaccard") is not None
    }


def stability_sentence(value: float) -> str:
    """Return how a mean Jaccard similarity reads, by the thresholds of Hennig (2007).

    >>> stability_sentence(0.91)
    'Stable: rows drawn anew give this segment again (mean Jaccard similarity 0.91).'
    """
    told = f"(mean Jaccard similarity {value:.2f})"
    if value >= STABLE:
        return f"Stable: rows drawn anew give this segment again {told}."
    if value >= DOUBTFUL:
        return f"Doubtful: there is a pattern, but which rows belong to it is not certain {told}."
    return f"Dissolved: rows drawn anew mostly do not give this segment {told}."
