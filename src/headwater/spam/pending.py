"""Pending: rows that have no verdict get one, of the fit that serves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from headwater.learning.errors import FitError
from headwater.spam.hold import begin_writing, hold, one_transaction
from headwater.spam.judge import guess_of, guessed
from headwater.spam.keep import Guess, keep_all
from headwater.spam.serving import serving
from headwater.spam.spammable import Spammable, digest, is_on, spammables
from headwater.spam.state import judged_models

if TYPE_CHECKING:
    from headwater.spam.models import SpamFilter

logger = logging.getLogger("headwater.spam")

BLOCK = 500
"""Rows that are read, judged and written in one transaction."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of the rows that were looked at."""

    read: int
    judged: int
    """Rows that have a verdict of the fit that serves now."""
    failed: int
    """Rows that the filter could not judge; the log says why."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Rows of one model without a verdict."""

    spammable: Spammable
    n: int


def judge_pending(
    spam_filter: SpamFilter,
    *,
    again: bool = False,
    draw: Callable[[], float] | None = None,
    block: int = BLOCK,
) -> Judged:
    """Judge the rows of ``spam_filter`` that have no verdict yet, and return the counts.

    ``again`` looks at all rows: those are judged anew that a filter has judged, and revised ones
    whose text was changed past ``save()`` are marked as edited. What a person decided stays in any
    case. Rows are read and written in blocks by primary key; a text that changes meanwhile is left
    to the saving that changes it. Raises ``NotInferredError`` before the first fit.
    """
    serving(spam_filter.name)
    read = judged = failed = 0
    for one in judged_models(spam_filter.name):
        for found in _blocks(_waiting(one, again=again), block):
            rows = [row for row in found if not _stands(one, row)]
            done = _judge(one, rows, draw)
            read += len(rows)
            judged += done[0]
            failed += done[1]
    logger.info("“%s”: %d rows read, %d judged, %d failed.", spam_filter, read, judged, failed)
    return Judged(read, judged, failed)


def unjudged(filter_name: str) -> list[Unjudged]:
    """Return how many rows of each model wait for a verdict of the filter ``filter_name``."""
    return [Unjudged(one, _waiting(one, again=False).count()) for one in judged_models(filter_name)]


def why_unjudged(filter_name: str) -> str:
    """Return in a sentence what keeps the filter from judging now; empty where nothing does."""
    try:
        serving(filter_name).scorer.probability("")
    except FitError as error:
        return str(error)
    except Exception as error:
        return (
            f"The spam filter “{filter_name}” fails ({type(error).__name__}: {error}). Texts are "
            "saved without a verdict. Run its inference again, or let an earlier run serve."
        )
    return ""


def missing_filters() -> list[str]:
    """Return the names of filters that models give and that there are not."""
    from headwater.spam.models import SpamFilter

    named = {one.filter_name for one in spammables()}
    there = SpamFilter.objects.filter(name__in=named).values_list("name", flat=True)
    return sorted(named - set(there))


def _waiting(spammable: Spammable, *, again: bool) -> models.QuerySet[Any]:
    """Return the rows to be judged, by primary key.

    A label without a verdict beside it may be a person's, who knows; it stays.
    """
    edited = Q(v_is_revised=True, v_is_edited=True, v_spam_probability__isnull=True)
    # Where no verdict is kept beside a row, whether it is revised is NULL, and so no filter is.
    waits = Q(v_is_spam__isnull=True) & (Q(v_is_revised=False) | Q(v_is_revised__isnull=True))
    if again:
        waits |= Q(v_is_revised__isnull=False)
    return spammable.verdicts().filter(waits | edited).order_by("pk")


def _stands(spammable: Spammable, row: Any) -> bool:
    """Return whether a person decided on ``row`` as it is now, or it is marked as edited since."""
    if not row.v_is_revised or row.v_spam_probability is None:
        return False
    return row.v_is_edited or is_on(row.v_judged_digest, spammable.text_of(row))


def _blocks(rows: models.QuerySet[Any], size: int) -> Iterator[list[Any]]:
    after: Any = None
    while True:
        block = list((rows if after is None else rows.filter(pk__gt=after))[:size])
        if not block:
            return
        yield block
        after = block[-1].pk


def _judge(
    spammable: Spammable, rows: list[Any], draw: Callable[[], float] | None
) -> tuple[int, int]:
    if not rows:
        return 0, 0
    texts = [spammable.text_of(row) for row in rows]
    guesses = _guesses(spammable.filter_name, texts, draw)
    with one_transaction(spammable.model):
        begin_writing(spammable.content_type, [str(row.pk) for row in rows])
        now = {held.row.pk: held for held in hold(spammable, [row.pk for row in rows])}
        judged = [
            (now[row.pk], guess)
            for row, text, guess in zip(rows, texts, guesses, strict=True)
            if guess is not None and row.pk in now and now[row.pk].digest == digest(text)
        ]
        keep_all(spammable, judged)
    return len(judged), guesses.count(None)


def _guesses(
    filter_name: str, texts: list[str], draw: Callable[[], float] | None
) -> list[Guess | None]:
    """Return a guess for each of ``texts``; together, or one by one where a text makes it fail."""
    serves = serving(filter_name)
    try:
        found = [float(one) for one in serves.scorer.probabilities(texts)]
    except Exception:
        logger.warning("The spam filter “%s” failed on a block.", filter_name, exc_info=True)
        return [guess_of(filter_name, text, draw=draw) for text in texts]
    return [guessed(serves, probability, draw=draw) for probability in found]
