"""Serving: the scorer of the fit that serves a filter, loaded once in a process."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connections, router, transaction
from django.db.models import OuterRef, Subquery
from django.dispatch import receiver

from headwater.learning.assign import SECONDS_TRUSTED, forgotten
from headwater.learning.errors import FitError, NotInferredError

if TYPE_CHECKING:
    from headwater.engines.text.scorer import Scorer


class FilterMissing(FitError):  # noqa: N818
    """There is no filter of the name that a model gives."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What judges texts now: the scorer of one fit, and what people decided since."""

    filter_id: int
    fit_id: int
    digest: str
    ham_below: float
    spam_from: float
    audit_share: float
    online_updates: bool
    last_decision: int
    """Key of the newest decision that was taken into account; 0: none."""
    asked_at: float
    learned: Scorer
    """As the fit learned it."""
    scorer: Scorer
    """The same, with the decisions since."""
    replayed: tuple[tuple[str, bool], ...] = ()
    """Those decisions: (text, whether it is spam), oldest first."""


_loaded: dict[tuple[str, str], Serving] = {}
"""By database and name of the filter; replaced whole, so threads see one fit or the other."""


@receiver(forgotten)
def _forget(model_id: int | None, **options: Any) -> None:
    for key, serving in list(_loaded.items()):
        if model_id is None or serving.filter_id == model_id:
            _loaded.pop(key, None)


def serving(name: str, *, using: str | None = None) -> Serving:
    """Return what serves the filter ``name``; at most one query a second where nothing is new.

    Raises ``FilterMissing`` where there is no such filter and ``NotInferredError`` before its
    first fit. A query that fails spoils no transaction of the caller.
    """
    from headwater.spam.models import SpamFilter

    alias = using or router.db_for_read(SpamFilter)
    key = (alias, name)
    loaded = _loaded.get(key)
    now = time.monotonic()
    if loaded is not None and now - loaded.asked_at < SECONDS_TRUSTED:
        return loaded
    try:
        with savepoint(alias):
            fresh = _current(name, alias, loaded, now)
    except FitError:
        _loaded.pop(key, None)
        raise
    _loaded[key] = fresh
    return fresh


def savepoint(using: str) -> AbstractContextManager[Any]:
    """Keep an error of the database from spoiling the transaction that something is saved in."""
    if connections[using].in_atomic_block:
        return transaction.atomic(using=using)
    return nullcontext()


def _current(name: str, using: str, loaded: Serving | None, now: float) -> Serving:
    from headwater.spam.models import Decision, SpamFilter

    newest = Decision.objects.filter(spam_filter=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    filters: Any = SpamFilter.objects.using(using)
    found = (
        filters.filter(name=name)
        .values(
            "pk",
            "current_fit_id",
            "current_fit__artifact_digest",
            "ham_below",
            "spam_from",
            "audit_share",
            "online_updates",
            last_decision=Subquery(newest),
        )
        .first()
    )
    if found is None:
        raise FilterMissing(
            f"There is no spam filter “{name}”. Make one of that name, in the console or the admin."
        )
    if found["current_fit_id"] is None:
        raise NotInferredError(
            f"The spam filter “{name}” has no inference yet. Run one first: perform_inference(), "
            "or in the background request_inference()."
        )
    changes = {
        "ham_below": found["ham_below"],
        "spam_from": found["spam_from"],
        "audit_share": found["audit_share"],
        "online_updates": found["online_updates"],
        "asked_at": now,
    }
    last = found["last_decision"] or 0
    of_fit = (found["current_fit_id"], found["current_fit__artifact_digest"])
    if loaded is None or (loaded.fit_id, loaded.digest) != of_fit:
        learned = _load(found["current_fit_id"], using)
        loaded = Serving(
            found["pk"], *of_fit, **changes, last_decision=-1, learned=learned, scorer=learned
        )
    is_same = loaded.last_decision == last and loaded.online_updates == found["online_updates"]
    loaded = replace(loaded, **changes)
    if is_same:
        return loaded
    if not loaded.online_updates:
        return replace(loaded, last_decision=last, scorer=loaded.learned, replayed=())
    from headwater.spam.replay import with_decisions

    scorer, replayed = with_decisions(loaded, using=using)
    return replace(loaded, last_decision=last, scorer=scorer, replayed=replayed)


def _load(fit_id: int, using: str) -> Scorer:
    from headwater.engines.artifact import unpack
    from headwater.engines.text.scorer import Scorer
    from headwater.learning.models import Fit

    fit = Fit.objects.using(using).only("artifact", "artifact_digest").get(pk=fit_id)
    return Scorer.of(unpack(fit.artifact or b"", fit.artifact_digest))
