"""A filter that serves without a fit: its scorer finds texts with “buy” to be spam."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater.spam import serving
from headwater.spam.models import SpamFilter

FAR = 1e9
"""Seconds that what is loaded is trusted in a test."""


class FakeScorer:
    """0.95 for a text with “buy”, 0.5 for one with “perhaps”, else 0.05."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.fails = False

    def probability(self, text: str) -> float:
        """Return the probability of ``text``, and remember that it was asked for."""
        self.texts.append(text)
        if self.fails:
            raise RuntimeError("out of order")
        if "buy" in text.lower():
            return 0.95
        return 0.5 if "perhaps" in text else 0.05

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """Return that of each of ``texts``."""
        return [self.probability(text) for text in texts]


def serve_fake(name: str, scorer: Any, *, audit_share: float = 0.0) -> SpamFilter:
    """Return the filter ``name`` with a fit that serves, which is loaded as ``scorer``."""
    spam_filter, _ = SpamFilter.objects.get_or_create(name=name)
    if spam_filter.current_fit is None:
        fit = Fit.objects.create(
            model=spam_filter, status=FitStatus.SUCCEEDED, technique="text_filter"
        )
        StatisticalModel.objects.filter(pk=spam_filter.pk).update(current_fit=fit)
        spam_filter.refresh_from_db()
    assert spam_filter.current_fit is not None
    serving._loaded[("default", name)] = serving.Serving(
        filter_id=spam_filter.pk,
        fit_id=spam_filter.current_fit.pk,
        digest="",
        ham_below=spam_filter.ham_below,
        spam_from=spam_filter.spam_from,
        audit_share=audit_share,
        online_updates=False,
        last_decision=0,
        asked_at=time.monotonic() + FAR,
        learned=scorer,
        scorer=scorer,
    )
    return spam_filter
