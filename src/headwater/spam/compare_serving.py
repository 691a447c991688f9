"""Compare a new fit with the one that serves, on labels that neither has learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.contrib.contenttypes.models import ContentType
from django.db.models import Min

from headwater.engines.artifact import ArtifactError, unpack
from headwater.engines.classification.compare_fits import Comparison, compare_fits
from headwater.learning.models import Fit
from headwater.spam.models import Decision

if TYPE_CHECKING:
    from headwater.spam.learn import Findings


def compare_serving(fit: Fit, findings: Findings) -> Comparison | None:
    """Return how the new fit does beside the one that serves; None where they cannot be compared.

    They are judged on the own rows that people first decided on after the serving fit had read its
    texts: it has never seen those, and the new one is judged on them by what was learned without
    them (its cross validation).
    """
    serving = fit.model.current_fit
    training, judged = findings.training, findings.judged
    if serving is None or serving.technique != fit.technique or not training.is_measured_on_own:
        return None
    since = _first_decided_since(fit.model_id, int(serving.summary.get("last_decision", 0)))
    at = np.array(
        [place for place, row in enumerate(judged.rows.tolist()) if training.keys[row] in since],
        dtype=np.int64,
    )
    if not len(at):
        return None
    try:
        before = unpack(serving.artifact or b"", serving.artifact_digest)
    except ArtifactError:
        return None  # of another release: what cannot be read cannot serve any longer either
    texts = [training.texts[row] for row in judged.rows[at].tolist()]
    encoder: Any = before.encoder
    predicted = before.estimator.predict(encoder.transform(texts))
    return compare_fits(judged.y[at], predicted, judged.predicted[at])


def _first_decided_since(model_id: int, last_decision: int) -> frozenset[tuple[str, str]]:
    """Return (“app.Model”, key) of the rows first decided on after ``last_decision``."""
    rows = (
        Decision.objects.filter(spam_filter=model_id)
        .exclude(verb="skip")
        .values("content_type", "object_id")
        .annotate(first=Min("pk"))
        .filter(first__gt=last_decision)
        .values_list("content_type", "object_id")
    )
    names: dict[int, str] = {}
    for content_type in {content_type for content_type, _ in rows}:
        model = ContentType.objects.get_for_id(content_type).model_class()
        names[content_type] = model._meta.label if model is not None else ""
    return frozenset((names[content_type], key) for content_type, key in rows)
