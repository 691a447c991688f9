"""Fixtures of the spam room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from headwater.spam.models import SpamFilter
from tests.spam.texts import texts
from tests.testapp.models import Comment, CommentPreTraining

LIGHT = {"characters": "none", "word_ngram_max": 1, "min_df": 1}
"""Representation that is learned in a moment."""


@pytest.fixture
def make_filter(db: None) -> Callable[..., SpamFilter]:
    """Return a function that makes the filter of comments, quick to learn; nothing is fitted."""

    def make(**values: Any) -> SpamFilter:
        defaults: dict[str, Any] = {
            "name": "Comments",
            "parameters": dict(LIGHT),
            "evaluation": {"folds": 3},
            "audit_share": 0.0,
        }
        return SpamFilter.objects.create(**(defaults | values))  # type: ignore[return-value]

    return make


@pytest.fixture
def make_revised(db: None) -> Callable[..., list[Comment]]:
    """Return a function that makes comments that a person revised: n of each kind."""

    def make(n: int = 25, *, seed: int = 1) -> list[Comment]:
        rows = [
            Comment(text=text, is_spam=is_spam, is_revised=True)
            for is_spam in (False, True)
            for text in texts(n, seed=seed, is_spam=is_spam)
        ]
        return Comment.objects.bulk_create(rows)

    return make


@pytest.fixture
def make_pretraining(db: None) -> Callable[..., list[CommentPreTraining]]:
    """Return a function that makes pre-training rows: n of each kind."""

    def make(n: int = 30, *, seed: int = 2) -> list[CommentPreTraining]:
        rows = [
            CommentPreTraining(content=text, is_spam=is_spam)
            for is_spam in (False, True)
            for text in texts(n, seed=seed, is_spam=is_spam)
        ]
        return CommentPreTraining.objects.bulk_create(rows)

    return make
