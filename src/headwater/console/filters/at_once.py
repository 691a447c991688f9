"""Whether a filter takes a decision of a person into account before its next training."""

from __future__ import annotations

from headwater.console.rights import Right
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import Fit
from headwater.spam.models import SpamFilter
from headwater.spam.state import classifier_of

CURVED = frozenset({"random_forest", "gradient_boosting"})
"""Techniques whose border is never straight."""


def learns_at_once(spam_filter: SpamFilter, fit: Fit | None) -> Right:
    """Return whether decisions count at once, or why not; ``fit`` is the one that serves."""
    if not spam_filter.online_updates:
        return Right(False, "it is switched off: decisions count with the next training")
    told = (fit.summary or {}) if fit is not None else {}
    if "classification" in told:
        technique = str((told.get("classifier") or {}).get("technique", ""))
        linear = told.get("top_terms") is not None
        terms = bool({"words", "characters"} & set(told.get("columns_by_group") or {}))
    else:
        chosen = classifier_of(spam_filter)
        technique = str(chosen["technique"])
        curved = technique == "svc" and chosen["parameters"].get("kernel") != "linear"
        linear = technique not in CURVED and not curved
        terms = spam_filter.parameters.get("kind") != "code_points"
    later = "decisions count with the next training"
    if not linear:
        known = TECHNIQUES.get(technique)
        label = f" (it is “{known.label}”)" if known is not None else ""
        return Right(False, f"only linear techniques can{label}; {later}")
    if not terms:
        return Right(False, f"only counted words and pieces of words can; {later}")
    return Right(True)
