"""Judge: the filter's guess on a row, as it is made and as its text changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from django.db import models, router, transaction

from headwater.learning.errors import FitError
from headwater.spam.hold import begin_writing, hold, one_transaction
from headwater.spam.keep import Guess, keep, keep_label, settled
from headwater.spam.serving import savepoint, serving
from headwater.spam.spammable import VERDICT_FIELDS, Spammable, digest, is_on, spammable_of
from headwater.spam.zones import EVEN, zone_of

logger = logging.getLogger("headwater.spam")

_BESIDE = "_headwater_judging"
"""Attribute of a row between its ``pre_save`` and its ``post_save``."""


def chance() -> float:
    """Return a number from 0 to 1 that nobody can foresee: it draws what is audited."""
    return SystemRandom().random()


def guess_of(
    filter_name: str, text: str, *, draw: Callable[[], float] | None = None
) -> Guess | None:
    """Return what the filter ``filter_name`` thinks of ``text``; None, logged, where it cannot.

    Never raises: whoever writes a text is not to suffer from a filter that is missing, has not
    learned yet, or fails.
    """
    try:
        serves = serving(filter_name)
        probability = float(serves.scorer.probability(text))
    except FitError as error:
        logger.warning("A text has no verdict: %s", error)
        return None
    except Exception:
        logger.warning("The spam filter “%s” failed on a text.", filter_name, exc_info=True)
        return None
    return guessed(serves, probability, draw=draw)


def guessed(
    serves: Any, probability: float, *, draw: Callable[[], float] | None = None
) -> Guess | None:
    """Return the guess that goes with ``probability``; what a person will see is not drawn."""
    if not 0.0 <= probability <= 1.0:
        logger.warning("Fit %d gave the probability %r, which is none.", serves.fit_id, probability)
        return None
    audited = zone_of(probability, serves) != "unsure" and (draw or chance)() < serves.audit_share
    return Guess(probability, probability >= EVEN, serves.fit_id, audited)


def save_judged(row: models.Model, options: Mapping[str, Any], save: Callable[..., None]) -> None:
    """Save ``row``, whose model has the fields of a verdict, by ``save`` with ``options``.

    A row that is made is judged before, one whose text changes with it. Of a row that exists the
    verdict is never written from memory, where it may be an old one: ``update_fields`` that names
    its fields does that, and a guess never replaces what a person decided.
    """
    spammable = spammable_of(type(row))
    if spammable is None or not _concerns(row, spammable, options.get("update_fields")):
        save(**options)
        return
    using = options.get("using") or router.db_for_write(type(row), instance=row)
    stored = None if options.get("force_insert") else _stored(spammable, row, using)
    if stored is None:
        _judge_new(spammable, row)
        save(**options)
        return
    text = spammable.text_of(row)
    is_same = text == _text(spammable, stored) and not _is_stale(stored, text)
    if options.get("update_fields") is None:
        options = {**options, "update_fields": _written(row, spammable, texts=not is_same)}
        for name in VERDICT_FIELDS:
            setattr(row, _attribute(name), stored[_attribute(name)])
        setattr(row, spammable.label_field, stored[spammable.label_field])
    if is_same:
        save(**options)
        return
    guess, of_text = guess_of(spammable.filter_name, text), digest(text)
    for name, value in settled(stored, guess, of_text).items():
        setattr(row, name, value)
    setattr(row, spammable.label_field, row.is_spam)  # type: ignore[attr-defined]
    with transaction.atomic(using=using):
        save(**options)
        keep(spammable, row.pk, guess, of_text, using=using)


@dataclass(frozen=True, slots=True)
class _Judging:
    """What was found before a row was saved, to be kept beside it afterwards."""

    is_judged: bool
    guess: Guess | None
    digest: str


def judge_beside(
    row: models.Model, *, using: str, update_fields: Iterable[str] | None = None, **options: Any
) -> None:
    """Judge ``row``, which is about to be saved and has no fields for its verdict but the label.

    The label of a row that a person revised is set to what they decided.
    """
    spammable = spammable_of(type(row))
    row.__dict__.pop(_BESIDE, None)
    if spammable is None:
        return
    names = None if update_fields is None else {*update_fields}
    if not _concerns(row, spammable, names) and not (names and spammable.label_field in names):
        return
    try:
        with savepoint(using):
            row.__dict__[_BESIDE] = _judge_beside(spammable, row, using)
    except Exception:
        logger.warning("A row of %s has no verdict.", row._meta.label, exc_info=True)


def _judge_beside(spammable: Spammable, row: models.Model, using: str) -> _Judging:
    from headwater.spam.models import Verdict

    stored = _stored(spammable, row, using)
    text = spammable.text_of(row)
    if stored is not None:
        kept = (
            Verdict.objects.filter(content_type=spammable.content_type, object_id=str(row.pk))
            .values(*map(_attribute, VERDICT_FIELDS))
            .first()
        )
        revised = kept is not None and kept["is_revised"]
        if kept is not None and revised:
            setattr(row, spammable.label_field, kept["is_spam"])
        if text == _text(spammable, stored) and not (kept and _is_stale(kept, text)):
            return _Judging(False, None, "")
    else:
        revised = False
    guess = guess_of(spammable.filter_name, text)
    if not revised and (guess is not None or stored is not None):
        setattr(row, spammable.label_field, None if guess is None else guess.is_spam)
    return _Judging(True, guess, digest(text))


def keep_beside(row: models.Model, *, using: str) -> None:
    """Keep what ``judge_beside`` found, now that ``row`` is saved."""
    spammable, judging = spammable_of(type(row)), row.__dict__.pop(_BESIDE, None)
    if spammable is None or judging is None:
        return
    try:
        with one_transaction(spammable.model):
            if not judging.is_judged:
                keep_label(spammable, row.pk, using=using)
                return
            begin_writing(spammable.content_type, [str(row.pk)])
            # Whoever has saved another text meanwhile keeps the verdict on that one.
            if [one.digest for one in hold(spammable, [row.pk])] == [judging.digest]:
                keep(spammable, row.pk, judging.guess, judging.digest, using=using)
    except Exception:
        logger.warning("The verdict on row %s is not kept.", row.pk, exc_info=True)


def drop_beside(row: models.Model, *, using: str) -> None:
    """Drop the verdict on ``row``, which is deleted."""
    from headwater.spam.models import Verdict

    spammable = spammable_of(type(row))
    if spammable is not None:
        Verdict.objects.filter(content_type=spammable.content_type, object_id=str(row.pk)).delete()


def _judge_new(spammable: Spammable, row: Any) -> None:
    """Set the verdict of a row that is made; a label that comes with “revised” is a person's."""
    text = spammable.text_of(row)
    of_text = digest(text)
    before = {_attribute(name): getattr(row, _attribute(name)) for name in VERDICT_FIELDS}
    if row.is_revised and not row.judged_digest:
        before["judged_digest"] = row.judged_digest = of_text
    guess = guess_of(spammable.filter_name, text)
    if guess is None and not row.judged_digest:
        return  # as it was given, which is mostly: not judged
    for name, value in settled(before, guess, of_text).items():
        setattr(row, name, value)
    setattr(row, spammable.label_field, row.is_spam)


def _concerns(row: models.Model, spammable: Spammable, update_fields: Any) -> bool:
    """Return whether this saving writes a text: none that is deferred, none that is not named."""
    deferred = row.get_deferred_fields()
    names = [name for name in spammable.text_fields if name not in deferred]
    if update_fields is None:
        return row._state.adding or bool(names) or spammable.has_own_fields
    return any(name in update_fields for name in names)


def _stored(spammable: Spammable, row: models.Model, using: str) -> dict[str, Any] | None:
    """Return texts and verdict of ``row`` as the database has them; None where it has no row."""
    if row.pk is None:
        return None
    names = {*spammable.text_fields, spammable.label_field}
    if spammable.has_own_fields:
        names |= {_attribute(name) for name in VERDICT_FIELDS}
    rows = spammable.model._base_manager.using(using).filter(pk=row.pk)
    found: dict[str, Any] | None = rows.values(*names).first()
    return found


def _written(row: models.Model, spammable: Spammable, *, texts: bool) -> list[str]:
    """Return the fields that a whole saving writes: all but the verdict, which may be newer.

    Without ``texts``, which are as they are stored, nor those, lest a newer text be lost with its
    verdict; where there is nothing else they are written, for a saving of no field is none.
    """
    deferred = row.get_deferred_fields()
    verdict = {*VERDICT_FIELDS, spammable.label_field}
    names = [
        field.name
        for field in row._meta.concrete_fields
        if not field.primary_key
        and not getattr(field, "generated", False)
        and field.name not in verdict
        and field.attname not in deferred
    ]
    others = [name for name in names if texts or name not in spammable.text_fields]
    return others or names


def _is_stale(verdict: Mapping[str, Any], text: str) -> bool:
    """Return whether ``verdict`` is on another text, changed past ``save()``, and not marked so."""
    return not verdict["is_edited"] and not is_on(verdict["judged_digest"], text)


def _text(spammable: Spammable, stored: Mapping[str, Any]) -> str:
    return "\n".join(str(stored[name] or "") for name in spammable.text_fields)


def _attribute(name: str) -> str:
    return "judged_by_id" if name == "judged_by" else name
