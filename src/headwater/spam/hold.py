"""hold, write: rows locked with their verdicts, in the transaction of whoever decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.contenttypes.models import ContentType
from django.db import models, router, transaction

from headwater.spam.models import Claim, Decision, SpamFilter, Verdict
from headwater.spam.spammable import Spammable, spammable_of

STATE = ("is_spam", "is_misclassified", "is_revised", "judged_digest", "is_edited")
"""What a decision sets, and what undoing it puts back."""


@dataclass(frozen=True, slots=True)
class Held:
    """A row that nobody else changes before the transaction ends, with its verdict."""

    row: models.Model
    key: str
    """As decisions, notes and claims name the row."""
    text: str
    digest: str
    state: dict[str, Any]
    """The fields of ``STATE``."""
    probability: float | None
    fit_id: int | None
    is_sampled: bool

    @property
    def guess(self) -> bool | None:
        """What the filter thought; None where it was not asked."""
        return None if self.probability is None else self.probability >= 0.5


def spammable_or_refuse(model: type[models.Model]) -> Spammable:
    """Return how rows of ``model`` are judged; raises TypeError where no filter does."""
    spammable = spammable_of(model)
    if spammable is None:
        raise TypeError(
            f"Rows of “{model._meta.label}” are not judged for spam. A model that is names "
            "SPAM_FILTER, SPAMMABLE_FIELD and SPAM_LABEL_FIELD."
        )
    return spammable


def filter_of(spammable: Spammable) -> SpamFilter | None:
    """Return the filter that the model names; None where there is none of the name."""
    return cast("SpamFilter | None", SpamFilter.objects.filter(name=spammable.filter_name).first())


@contextmanager
def one_transaction(model: type[models.Model]) -> Iterator[None]:
    """One transaction over the rows of ``model`` and what people decide on them."""
    with ExitStack() as stack:
        for alias in dict.fromkeys((router.db_for_write(Decision), router.db_for_write(model))):
            stack.enter_context(transaction.atomic(using=alias))
        yield


def begin_writing(content_type: ContentType, keys: Iterable[str]) -> None:
    """Write before anything is read: SQLite lets nobody else write from then on."""
    Claim.objects.filter(content_type=content_type, object_id__in=list(keys)).update(
        until=models.F("until")
    )


def hold(spammable: Spammable, pks: Sequence[Any]) -> list[Held]:
    """Return the rows that there are, locked, in the order of their keys."""
    model, alias = spammable.model, router.db_for_write(spammable.model)
    rows = (
        model._base_manager.using(alias).select_for_update().filter(pk__in=list(pks)).order_by("pk")
    )
    if spammable.has_own_fields:
        return [_held(spammable, row, row) for row in rows]
    found = list(rows)
    kept = Verdict.objects.select_for_update().filter(
        content_type=spammable.content_type, object_id__in=[str(row.pk) for row in found]
    )
    beside = {verdict.object_id: verdict for verdict in kept}
    return [_held(spammable, row, beside.get(str(row.pk))) for row in found]


def _held(spammable: Spammable, row: models.Model, verdict: Any) -> Held:
    text = spammable.text_of(row)
    kept: Any = Verdict() if verdict is None else verdict
    state = {name: getattr(kept, name) for name in STATE}
    if not spammable.has_own_fields:
        state["is_spam"] = getattr(row, spammable.label_field)
    return Held(
        row,
        str(row.pk),
        text,
        spammable.digest_of(row),
        state,
        kept.spam_probability,
        kept.judged_by_id,
        kept.is_sampled,
    )


def write(spammable: Spammable, changes: Sequence[tuple[Held, Mapping[str, Any]]]) -> None:
    """Write the fields of ``STATE`` of each row, past ``save``: nothing is judged anew by it."""
    if spammable.has_own_fields:
        names = {*STATE, spammable.label_field}
        for held, state in changes:
            _set(held.row, spammable, state)
        _update(spammable, [held.row for held, _ in changes], names)
        return
    for held, state in changes:
        setattr(held.row, spammable.label_field, state["is_spam"])
    _update(spammable, [held.row for held, _ in changes], {spammable.label_field})
    Verdict.objects.bulk_create(
        [_beside(spammable, held, state) for held, state in changes],
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=list(STATE),
    )


def _update(spammable: Spammable, rows: list[models.Model], names: set[str]) -> None:
    alias = router.db_for_write(spammable.model)
    spammable.model._base_manager.using(alias).bulk_update(rows, sorted(names), batch_size=200)


def _set(row: models.Model, spammable: Spammable, state: Mapping[str, Any]) -> None:
    for name in STATE:
        setattr(row, name, state[name])
    setattr(row, spammable.label_field, state["is_spam"])


def _beside(spammable: Spammable, held: Held, state: Mapping[str, Any]) -> Verdict:
    return Verdict(
        content_type=spammable.content_type,
        object_id=held.key,
        spam_probability=held.probability,
        judged_by_id=held.fit_id,
        is_sampled=held.is_sampled,
        **{name: state[name] for name in STATE},
    )
