"""Replay: what people decided since a fit, on top of what it learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headwater.spam.spammable import is_on, spammable_of

if TYPE_CHECKING:
    from headwater.engines.text.scorer import Scorer
    from headwater.spam.serving import Serving

MOST_DECISIONS = 500
"""Rows that are replayed, the newest; more call for a fit."""


Corrections = tuple[tuple[str, bool], ...]
"""(text, whether it is spam), oldest first."""


def with_decisions(serving: Serving, *, using: str) -> tuple[Scorer, Corrections]:
    """Return the scorer of the fit with the decisions since, and those; none may bear on it.

    The same decisions give the same scorer in every process, whichever of them it has seen before:
    those that come after what is replayed already are put on top, which is the same to the last
    bit, and where an earlier one is another now, all are replayed from what the fit learned.
    """
    from headwater.engines.text.online import can_update, updated

    if not can_update(serving.learned):
        return serving.learned, ()
    corrections, known = tuple(decided_since(serving, using=using)), serving.replayed
    if known and corrections[: len(known)] == known:
        return updated(serving.scorer, corrections[len(known) :]), corrections
    return updated(serving.learned, corrections), corrections


def decided_since(serving: Serving, *, using: str) -> list[tuple[str, bool]]:
    """Return (text, whether it is spam) of the rows decided on since the fit, oldest first.

    Each row comes once, as it is now; rows whose decision was undone or whose text is another one
    since are left out, also where it was changed past ``save()``.
    """
    from headwater.learning.models import Fit
    from headwater.spam.models import Decision

    summary = Fit.objects.using(using).values_list("summary", flat=True).get(pk=serving.fit_id)
    rows = (
        Decision.objects.using(using)
        .filter(spam_filter=serving.filter_id, pk__gt=int(summary.get("last_decision", 0)))
        .exclude(verb="skip")
        .order_by("-pk")
        .values_list("pk", "content_type_id", "object_id")[: 2 * MOST_DECISIONS]
    )
    newest: dict[tuple[int, str], int] = {}
    for pk, content_type, key in rows:
        newest.setdefault((content_type, key), pk)
    found: dict[tuple[int, str], tuple[str, bool]] = {}
    for content_type in {content_type for content_type, _ in newest}:
        keys = [key for of, key in newest if of == content_type]
        found |= _as_now(content_type, keys)
    ordered = sorted(found, key=lambda row: newest[row])[-MOST_DECISIONS:]
    return [found[row] for row in ordered]


def _as_now(content_type_id: int, keys: list[str]) -> dict[tuple[int, str], tuple[str, bool]]:
    from django.contrib.contenttypes.models import ContentType

    model: Any = ContentType.objects.get_for_id(content_type_id).model_class()
    spammable = None if model is None else spammable_of(model)
    if spammable is None:
        return {}
    rows = spammable.verdicts().filter(
        pk__in=keys, v_is_revised=True, v_is_edited=False, v_is_spam__isnull=False
    )
    return {
        (content_type_id, str(row.pk)): (text, bool(row.v_is_spam))
        for row in rows
        if is_on(row.v_judged_digest, text := spammable.text_of(row))
    }
