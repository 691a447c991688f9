"""Visitors of the last days: they wrote comments, and a moderator has looked at some of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from headwater.learning.errors import FitError
from headwater.spam.models import IsSpammable
from headwater.spam.revise import revise
from headwater.spam.zones import zone_of
from headwater_demo.smartdjango.corpus import Written, article_of, comments, messages
from headwater_demo.smartdjango.corpus.grammar import articles
from headwater_demo.smartdjango.models import CommentOfMySite, ContactMessage
from headwater_demo.smartdjango.reception import Reception, filter_of, reception_of

SEED = 2024
POOL = 600
"""Comments to choose from: among them are enough that a filter is not sure of."""
TYPICAL, DOUBTFUL = 30, 14
LETTERS, TYPICAL_LETTERS, DOUBTFUL_LETTERS = 200, 9, 4
DAYS = 6
REVISED_OF_HELD, REVISED_OF_OTHERS = 0.8, 0.2
"""Of the comments before yesterday, the share that somebody has looked at."""
SHORT = 60
"""Characters of a remark that could be about anything."""
MOST_REVISED = 12
"""Fewer than make a filter learn anew."""


@dataclass(frozen=True, slots=True)
class Visited:
    """What ``load_visitors`` did."""

    comments: int
    messages: int
    revised: int


def load_visitors(moderator: User | None, *, avoid: set[str]) -> Visited:
    """Ensure that visitors have written something, once the filter of comments can judge it.

    Where anything is written, nothing is done. Each text is judged as it is saved. ``moderator``
    decides, rightly, on some of the older ones: mostly on those that were held. None of the texts
    in ``avoid`` is taken, so that the filter has not seen them.
    """
    if (
        not filter_of(CommentOfMySite).is_inferred
        or CommentOfMySite.objects.exists()
        or ContactMessage.objects.exists()
    ):
        return Visited(0, 0, 0)
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    now = timezone.now()
    said = _write_comments(
        _choose(_new(comments(POOL, seed=SEED), avoid), CommentOfMySite, TYPICAL, DOUBTFUL),
        chance,
        now,
    )
    letters = _write_messages(
        _choose(
            _new(messages(LETTERS, seed=SEED), avoid),
            ContactMessage,
            TYPICAL_LETTERS,
            DOUBTFUL_LETTERS,
        ),
        chance,
        now,
    )
    revised = 0
    for comment, is_spam in said:
        if moderator is None or revised == MOST_REVISED:
            break
        share = REVISED_OF_HELD if reception_of(comment) is Reception.HELD else REVISED_OF_OTHERS
        if comment.created_at < now - timedelta(days=1) and chance.random() < share:
            revise(comment, is_spam, moderator)
            revised += 1
    return Visited(len(said), letters, revised)


def _new(written: list[Written], avoid: set[str]) -> list[Written]:
    return [one for one in written if one.text not in avoid]


def _choose(
    pool: list[Written], model: type[IsSpammable], typical: int, doubtful: int
) -> list[Written]:
    """Return the first of the pool, and more of those that the filter of ``model`` doubts."""
    chosen, rest = pool[:typical], pool[typical:]
    spam_filter = filter_of(model)
    try:
        probabilities = spam_filter.predict_proba([one.text for one in rest])
    except FitError:  # they wait for a person, all of them
        return chosen
    doubted = [
        one
        for one, probability in zip(rest, probabilities, strict=True)
        if zone_of(probability, spam_filter) == "unsure"
    ]
    return [*chosen, *doubted[:doubtful]]


def _write_comments(
    written: list[Written], chance: random.Random, now: datetime
) -> list[tuple[CommentOfMySite, bool]]:
    chance.shuffle(written)
    made = []
    for one, at in zip(written, _times(len(written), chance, now), strict=True):
        comment = CommentOfMySite.objects.create(
            comment=one.text,
            article=article_of(one.text) or _anywhere(one.text, chance),
            created_at=at,
        )
        made.append((comment, one.is_spam))
    return made


def _anywhere(text: str, chance: random.Random) -> str:
    """Return an article for a remark so short that it could stand under any; "" for others."""
    if len(text) > SHORT:
        return ""
    return chance.choice(tuple(articles().values()))


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
