"""Visitors of the last days: they wrote comments, and a moderator has looked at some of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.contrib.auth.models import User
from django.utils import timezone

from headwater.learning.errors import FitError
from headwater.spam.models import SpamFilter
from headwater.spam.revise import revise
from headwater.spam.zones import zone_of
from headwater_demo.smartdjango.corpus import Written, comments, messages
from headwater_demo.smartdjango.models import CommentOfMySite, ContactMessage
from headwater_demo.smartdjango.reception import Reception, reception_of
from headwater_demo.smartdjango.sections import sections

SEED = 2024
POOL = 300
"""Comments to choose from: among them are enough that a filter is not sure of."""
TYPICAL, DOUBTFUL, LETTERS = 30, 14, 12
DAYS = 6
REVISED_SHARE = 0.4
"""Of the comments of the days before yesterday, how many somebody has looked at."""


@dataclass(frozen=True, slots=True)
class Visited:
    """What ``load_visitors`` did."""

    comments: int
    messages: int
    revised: int


def load_visitors(moderator: User | None, *, avoid: set[str]) -> Visited:
    """Ensure that visitors have written something; where anything is written, nothing is done.

    Each text is judged as it is saved. ``moderator`` decides, rightly, on some of the older ones:
    on those that were held, and on a few others. None of the texts in ``avoid`` is taken, so that
    the filter has not seen them.
    """
    if CommentOfMySite.objects.exists() or ContactMessage.objects.exists():
        return Visited(0, 0, 0)
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    now = timezone.now()
    pool = [one for one in comments(POOL, seed=SEED) if one.text not in avoid]
    said = _write_comments(_choose(pool), chance, now)
    letters = _write_messages(
        [one for one in messages(LETTERS, seed=SEED) if one.text not in avoid], chance, now
    )
    revised = 0
    if moderator is not None:
        for comment, is_spam in said:
            doubtful = reception_of(comment) is Reception.HELD
            if comment.created_at < now - timedelta(days=1) and chance.random() < (
                2 * REVISED_SHARE if doubtful else REVISED_SHARE / 2
            ):
                revise(comment, is_spam, moderator)
                revised += 1
    return Visited(len(said), letters, revised)


def _choose(pool: list[Written]) -> list[Written]:
    """Return the first of the pool, and more of those that the filter is not sure of."""
    typical, rest = pool[:TYPICAL], pool[TYPICAL:]
    spam_filter = SpamFilter.objects.filter(name=CommentOfMySite.SPAM_FILTER).first()
    try:
        if spam_filter is None:
            return typical
        judge = cast("SpamFilter", spam_filter)
        probabilities = judge.predict_proba([one.text for one in rest])
    except FitError:
        return typical
    doubtful = [
        one
        for one, probability in zip(rest, probabilities, strict=True)
        if zone_of(probability, judge) == "unsure"
    ]
    return [*typical, *doubtful[:DOUBTFUL]]


def _write_comments(
    written: list[Written], chance: random.Random, now: datetime
) -> list[tuple[CommentOfMySite, bool]]:
    slugs = [article.slug for section in sections().values() for article in section.articles]
    made = []
    for one, at in zip(written, _times(len(written), chance, now), strict=True):
        comment = CommentOfMySite.objects.create(
            comment=one.text,
            article=chance.choice(slugs) if chance.random() < 0.7 else "",
            created_at=at,
        )
        made.append((comment, one.is_spam))
    return made


def _write_messages(written: list[Written], chance: random.Random, now: datetime) -> int:
    for one, at in zip(written, _times(len(written), chance, now), strict=True):
        subject, _, body = one.text.partition("\n\n")
        ContactMessage.objects.create(
            name=f"Visitor {chance.randint(100, 999)}",
            email=f"visitor{chance.randint(100, 999)}@post.example",
            subject=subject,
            message=body,
            created_at=at,
        )
    return len(written)


def _times(n: int, chance: random.Random, now: datetime) -> list[datetime]:
    """Return ``n`` moments of the last days, the oldest first, the last some minutes ago."""
    ago = sorted((chance.uniform(0.005, DAYS) for _ in range(n)), reverse=True)
    return [now - timedelta(days=days) for days in ago]
