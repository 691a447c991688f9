"""Thresholds: where the zones of a filter begin, suggested from what errors or reviewers cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from headwater.learning.errors import NotInferredError
from headwater.spam.validate import threshold_errors

if TYPE_CHECKING:
    from headwater.engines.classification.thresholds import Suggestion
    from headwater.spam.models import SpamFilter


def suggest_thresholds(
    spam_filter: SpamFilter,
    *,
    cost_false_spam: float = 10.0,
    cost_missed_spam: float = 3.0,
    cost_review: float = 1.0,
    per_thousand: float | None = None,
) -> Suggestion:
    """Return the two thresholds that would have cost the least on texts held out by the fit.

    Costs are of an honest text that is refused, of spam that is accepted, and of a text that a
    person reviews. ``per_thousand``: so many of 1,000 texts can be reviewed, which then costs
    nothing. Raises ``NotInferredError`` before the first fit, and ValueError, with a sentence,
    where a cost is none or the texts are of one kind.
    """
    import numpy as np

    from headwater.engines.classification.thresholds import suggest_by_capacity, suggest_by_cost

    held_out = _held_out(spam_filter)
    probabilities = np.array(held_out["probabilities"], dtype=np.float64)
    y = np.array([label == "1" for label in held_out["is_spam"]], dtype=np.int64)
    if per_thousand is not None:
        return suggest_by_capacity(
            probabilities,
            y,
            per_thousand=per_thousand,
            cost_false_spam=cost_false_spam,
            cost_missed_spam=cost_missed_spam,
        )
    return suggest_by_cost(
        probabilities,
        y,
        cost_false_spam=cost_false_spam,
        cost_missed_spam=cost_missed_spam,
        cost_review=cost_review,
    )


def set_thresholds(spam_filter: SpamFilter, ham_below: float, spam_from: float) -> None:
    """Set both thresholds of ``spam_filter``; nothing is judged anew, zones are never stored.

    Raises ValidationError where they leave no three zones.
    """
    errors = threshold_errors(ham_below, spam_from)
    if errors:
        raise ValidationError({"spam_from": errors})
    spam_filter.ham_below, spam_filter.spam_from = float(ham_below), float(spam_from)
    spam_filter.save(update_fields=["ham_below", "spam_from", "updated_at"])


def _held_out(spam_filter: SpamFilter) -> dict[str, Any]:
    fit = spam_filter.current_fit
    held_out: dict[str, Any] | None = None if fit is None else fit.summary.get("held_out")
    if not held_out:
        raise NotInferredError(
            f"The spam filter “{spam_filter}” has no inference yet, so it is not known what its "
            "thresholds would do. Run one first."
        )
    return held_out
