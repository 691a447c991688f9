"""Predict: what a filter thinks of texts, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from headwater.spam.serving import Serving, serving
from headwater.spam.zones import EVEN

if TYPE_CHECKING:
    from headwater.engines.text.explain import Explanation
    from headwater.spam.models import SpamFilter


def predict(spam_filter: SpamFilter, texts: Iterable[str]) -> list[bool]:
    """Return of each of ``texts`` whether it is spam. Raises ``NotInferredError`` before a fit."""
    return [probability >= EVEN for probability in predict_proba(spam_filter, texts)]


def predict_proba(spam_filter: SpamFilter, texts: Iterable[str]) -> list[float]:
    """Return the probability of spam of each of ``texts``."""
    if isinstance(texts, str):
        raise TypeError(f"Texts come in a list; “{texts[:40]}” is a single one. Write [text].")
    found = _serving(spam_filter).scorer.probabilities(list(texts))
    return [float(probability) for probability in found]


def explain(spam_filter: SpamFilter, text: str) -> Explanation:
    """Return what pushes ``text`` towards spam or away from it, with the weights."""
    from headwater.engines.text.explain import explain as explained

    return explained(_serving(spam_filter).scorer, text)


def _serving(spam_filter: SpamFilter) -> Serving:
    return serving(spam_filter.name, using=spam_filter._state.db)
