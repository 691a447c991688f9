"""Changes: rows that are made, changed or deleted count towards the next fit."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

from headwater.learning.chain import fields_passed
from headwater.learning.count import as_count, count_for
from headwater.learning.models import StatisticalModel

logger = logging.getLogger("headwater.learning")


@dataclass(frozen=True, slots=True)
class Counting:
    """Rows of one model that count for one statistical model, until ``disconnect``."""

    sender: type[models.Model] | str
    name: str
    created: int
    changed: int
    deleted: int
    columns: frozenset[str] | None

    def disconnect(self) -> None:
        """Count no further changes."""
        for signal in (post_save, post_delete):
            signal.disconnect(sender=self.sender, dispatch_uid=self._uid)

    def connect(self) -> None:
        """Count from now on; once, however often it is connected, with the newest numbers."""
        self.disconnect()
        for signal, receiver in ((post_save, self._saved), (post_delete, self._gone)):
            signal.connect(receiver, sender=self.sender, weak=False, dispatch_uid=self._uid)

    @property
    def _uid(self) -> str:
        return f"headwater.count_changes:{self.name}"  # Django adds the sender

    def _saved(
        self,
        sender: type[models.Model],
        *,
        created: bool,
        raw: bool,
        using: str,
        update_fields: Iterable[str] | None,
        **more: Any,
    ) -> None:
        if not raw:  # a fixture that is loaded is no news
            by = self.created if created else self.changed
            self._later(sender, by, using, None if created else update_fields)

    def _gone(self, sender: type[models.Model], *, using: str, **more: Any) -> None:
        self._later(sender, self.deleted, using, None)

    def _later(
        self, sender: type[models.Model], by: int, using: str, fields: Iterable[str] | None
    ) -> None:
        """Count when the row is there for good: what is rolled back never was."""
        if by == 0:
            return
        written = None if fields is None else frozenset(fields)
        try:
            transaction.on_commit(partial(self._count, sender, by, written), using=using)
        except Exception:  # a transaction by hand, outside of Django's
            logger.exception("A change of %s could not be counted.", sender._meta.label)

    def _count(self, sender: type[models.Model], by: int, written: frozenset[str] | None) -> None:
        try:
            if written is None or self._matters(sender, written):
                count_for(self.name, by)
        except Exception:
            logger.exception(
                "A change of %s could not be counted for “%s”.", sender._meta.label, self.name
            )

    def _matters(self, sender: type[models.Model], written: frozenset[str]) -> bool:
        """Return whether the fields that were written are any that are learned from."""
        if self.columns is not None:
            return not self.columns.isdisjoint(written)
        model = StatisticalModel.objects.filter(name=self.name).first()
        if model is None:
            return True  # which the counting will say
        read = fields_passed(model.specific.reads())
        own = {(field.model._meta.label, field.name) for field in sender._meta.concrete_fields}
        names = {sender._meta.get_field(name) for name in written}
        changed = {(field.model._meta.label, field.name) for field in names}
        return read.isdisjoint(own) or not read.isdisjoint(changed)


def count_changes(
    sender: type[models.Model] | str,
    model: StatisticalModel | str,
    *,
    created: int = 5,
    changed: int = 1,
    deleted: int = 1,
    columns: Sequence[str] | None = None,
) -> Counting:
    """Count rows of ``sender`` for the statistical model called ``model``, from now on.

    Each row that is made, changed or deleted counts as often as is said; 0: not at all. It counts
    once its transaction has committed, and an error of counting is logged and never raised, so
    that no save fails by it. A ``save(update_fields=...)`` counts only where it writes one of
    ``columns``; if they are not given, one that the statistical model reads. What a plain
    ``save()`` changed is not known, so it counts.

    Call it in an app's ``ready()``, once for each pair; the database is not asked then. Nothing
    is sent, and so nothing counted, by ``bulk_create``, ``QuerySet.update``, raw SQL, and by the
    labels that a fit writes: see ``count_for``.
    """
    name = model if isinstance(model, str) else model.name
    made, changes, gone = as_count(created), as_count(changed), as_count(deleted)
    only = None if columns is None else frozenset(columns)
    counting = Counting(sender, name, made, changes, gone, only)
    counting.connect()
    return counting
