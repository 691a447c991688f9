"""Training: the texts that people labelled, and the pre-training texts; never a guess."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import models
from numpy.typing import NDArray

from headwater.learning.errors import FitError
from headwater.sources.number import to_number
from headwater.spam.spammable import Spammable, is_on, spammable_of
from headwater.spam.state import OwnRows
from headwater.spam.validate import date_field_errors, pretraining_model

LEAST_OF_CLASS = 5
"""Texts of each class that there must be in all."""
ENOUGH_OWN = 20
"""Own texts of each class from which the score is measured on own texts."""
FADING = 200
"""Own texts at which a pre-training text weighs half of what it did, where it fades."""
BLOCK = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """n labelled texts: own rows in the order of their models and keys, then pre-training rows."""

    texts: list[str]
    y: NDArray[np.int64]
    """(n,) 1 for spam."""
    is_own: NDArray[np.bool_]
    """(n,) whether a row is one that people of this site labelled."""
    weights: NDArray[np.float64]
    """(n,) what each counts for."""
    keys: tuple[tuple[str, str], ...]
    """(“app.Model”, primary key as a text) of each."""
    times: NDArray[np.float64] | None
    """(n,) days since 1970, NaN where not known; None where no date is asked for."""
    pretraining_weight: float
    """What a pre-training row weighs, against 1 for an own row."""

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def is_measured_on_own(self) -> bool:
        """Whether the score is measured on own rows: with 20 of each class, or no other rows."""
        if self.is_own.all():
            return True
        own = np.bincount(self.y[self.is_own], minlength=2)
        return bool(own.min() >= ENOUGH_OWN)

    @property
    def always_train(self) -> NDArray[np.bool_]:
        """(n,) the rows that are learned from in every part and never judged."""
        return ~self.is_own if self.is_measured_on_own else self.is_own

    def counts(self) -> list[dict[str, Any]]:
        """Return how many rows of each class there are, for each model that was read."""
        found: dict[tuple[str, bool], list[int]] = {}
        for (model, _), code, own in zip(
            self.keys, self.y.tolist(), self.is_own.tolist(), strict=True
        ):
            found.setdefault((model, not own), [0, 0])[code] += 1
        return [
            {"model": model, "pretraining": pretraining, "ham": ham, "spam": spam}
            for (model, pretraining), (ham, spam) in found.items()
        ]


def read_training_set(definition: Mapping[str, Any]) -> TrainingSet:
    """Return what a fit with ``definition`` (``state.definition``) learns from.

    Own rows: those that a person revised, with the text that the person saw; of a model that is
    named with a label column of its own, each row whose label is filled in. Then the rows of the
    pre-training models, each with the weight w = W * F / (F + m), where W is the weight that the
    filter asks for, m the number of own rows and F = 200; without fading w = W. With w = 0 they
    are left out. Empty texts are left out.

    Raises FitError where there is too little to learn from.
    """
    own = [OwnRows.from_json(one) for one in definition["own"]]
    time_column = (definition.get("evaluation") or {}).get("time_column") or None
    rows = [row for one in own for row in _own(one, time_column)]
    n_own = len(rows)
    weight = pretraining_weight(
        float(definition["pretraining_weight"]), n_own, fades=definition["pretraining_fades"]
    )
    if weight > 0:
        rows += [row for label in definition["pretraining"] for row in _pretraining(label)]
    y = np.array([row.is_spam for row in rows], dtype=np.int64)
    is_own = np.arange(len(rows)) < n_own
    _refuse_too_few(y, own, definition["pretraining"])
    return TrainingSet(
        texts=[row.text for row in rows],
        y=y,
        is_own=is_own,
        weights=np.where(is_own, 1.0, weight),
        keys=tuple(row.key for row in rows),
        times=np.array([row.time for row in rows]) if time_column else None,
        pretraining_weight=weight,
    )


def measured_on(training: TrainingSet, n: int) -> str:
    """Return in a sentence what the score, of ``n`` judged texts, was measured on."""
    if not training.is_measured_on_own:
        return (
            f"Measured on {n:,} pre-training texts by cross validation, since people have labelled "
            f"fewer than {ENOUGH_OWN} own texts of each kind: how well it does here is not known "
            "yet."
        )
    n_pre = int((~training.is_own).sum())
    beside = f"; the {n_pre:,} pre-training texts were learned from and not judged" if n_pre else ""
    if training.times is not None:
        all_own = int(training.is_own.sum())
        return (
            f"Measured on the latest {n:,} of {all_own:,} texts that people labelled, each judged "
            f"by what was learned from those before it{beside}."
        )
    return f"Measured on {n:,} texts that people labelled, by cross validation{beside}."


def pretraining_weight(asked: float, n_own: int, *, fades: bool) -> float:
    """Return what a pre-training row weighs beside ``n_own`` own rows.

    >>> [pretraining_weight(1.0, n, fades=True) for n in (0, 200, 600)]
    [1.0, 0.5, 0.25]
    """
    return asked * FADING / (FADING + n_own) if fades else asked


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    is_spam: bool
    key: tuple[str, str]
    time: float


def _own(one: OwnRows, time_column: str | None) -> Iterator[_Row]:
    model = _installed(one)
    if time_column is not None:
        for sentence in date_field_errors(model, time_column):
            raise FitError(sentence)
    named = Spammable(model, "", one.text_fields, one.label_field, False)
    judged: Spammable | None = None
    if one.has_verdicts:
        judged = spammable_of(model)
        if judged is None:
            raise FitError(f"{one.model} names no filter any more, so it has no revised rows.")
        rows = judged.verdicts().filter(
            v_is_revised=True, v_is_edited=False, v_is_spam__isnull=False
        )
        label = "v_is_spam"
    else:
        rows = model._default_manager.filter(**{f"{one.label_field}__isnull": False})
        label = one.label_field
    for row in rows.order_by("pk").iterator(chunk_size=BLOCK):
        # Changed past ``save()``, so that nobody has marked it: the label is of another text.
        if judged is not None and not is_on(row.v_judged_digest, judged.text_of(row)):
            continue
        text = named.text_of(row)
        if text.strip():
            time = _days(getattr(row, time_column)) if time_column else np.nan
            yield _Row(text, bool(getattr(row, label)), (one.model, str(row.pk)), time)


def _pretraining(label: str) -> Iterator[_Row]:
    try:
        model: Any = pretraining_model(label)
    except ValueError as error:
        raise FitError(str(error)) from None
    found = model._default_manager.order_by("pk").values_list("pk", "content", "is_spam")
    for pk, content, is_spam in found.iterator(chunk_size=BLOCK):
        if content.strip():
            yield _Row(content, bool(is_spam), (model._meta.label, str(pk)), np.nan)


def _installed(one: OwnRows) -> type[models.Model]:
    try:
        return one.rows_model
    except LookupError:
        raise FitError(f"The model “{one.model}” is not installed any more.") from None


def _days(value: dt.date | None) -> float:
    return np.nan if value is None else float(to_number(value))


def _refuse_too_few(y: NDArray[np.int64], own: list[OwnRows], pretraining: list[str]) -> None:
    n_ham, n_spam = np.bincount(y, minlength=2).tolist()
    if min(n_ham, n_spam) >= LEAST_OF_CLASS:
        return
    read = [one.model for one in own] + pretraining
    if not read:
        raise FitError(
            "There is nothing to learn from: no model names this filter (SPAM_FILTER), and it "
            "names no model and no pre-training model."
        )
    guesses = "" if len(y) else _guesses(own)
    raise FitError(
        f"There are {n_spam:,} texts that a person called spam and {n_ham:,} that a person called "
        f"not spam, in {', '.join(read)}; it takes at least {LEAST_OF_CLASS} of each. "
        f"{guesses}Review some rows, or name a pre-training model."
    )


def _guesses(own: list[OwnRows]) -> str:
    n = 0
    for one in own:
        spammable = spammable_of(one.rows_model) if one.has_verdicts else None
        if spammable is not None:
            n += spammable.verdicts().filter(v_is_spam__isnull=False).count()
    if not n:
        return ""
    return (
        f"The {n:,} rows that a filter judged are guesses, and a filter never learns from those. "
    )
