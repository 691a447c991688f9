"""Decay: objects that have been in a state for so long move to the next one."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connections, models, router, transaction
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.subject import Subject, model_of, objects_of
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.split import value_text

Rule = tuple[Any, Any, timedelta]
"""From a state, to a state, after so long."""


@dataclass(frozen=True, slots=True, eq=False)
class Decay:
    """Moves objects by ``rules``; call it, or put it into a schedule: ``(DAILY, Decay(…))``.

    ``subject`` is a partition by a plain field, or a model, queryset or function as a stock takes
    it, with the ``field`` to write. How long an object has been in its state tells ``since``, a
    field with a date or a moment; a partition may do without, then the books tell it (to the count
    that found it, where no tracker watches). An object without a moment stays.

    Rules are applied in their order. ``since`` is not written: where it is a fact such as the last
    order, an object that has been quiet for long passes several states in one call. Where it is
    the moment of the last move, and the project sets it when an object moves, or where the books
    tell, an object moves one step in a call.
    """

    subject: Partition | Subject
    field: str = ""
    rules: Sequence[Rule] = ()
    since: str | None = None

    def __post_init__(self) -> None:
        self._check_subject()
        known = self._known_states()
        if not self.rules:
            raise DefinitionError(
                f"{self._what} has no rules. Give some, such as (“hot”, “warm”, timedelta(days=7))."
            )
        for rule in self.rules:
            self._check_rule(rule, known)

    @property
    def model(self) -> type[Model]:
        """The model of the objects that move."""
        if isinstance(self.subject, Partition):
            return self.subject.model
        return model_of(self._what, self.subject)

    @property
    def state_field(self) -> str:
        """The field that is written."""
        if not self.field and isinstance(self.subject, Partition):
            return self.subject.field_name
        return self.field

    @property
    def job_name(self) -> str:
        """The name that its scheduled runs are kept under."""
        if isinstance(self.subject, Partition):
            return f"Decay of {self.subject.slug}"
        return f"Decay of {self.model._meta.label}.{self.field}"

    def __call__(self, as_of: datetime | None = None) -> str:
        """Move what is due as of ``as_of`` (now where None); return how many moved, in a sentence.

        All moves are made, or none. They are made by ``QuerySet.update``: a tracked queryset
        records their events, else the next count finds them.
        """
        moment = as_of or timezone.now()
        with transaction.atomic(using=router.db_for_write(self.model)):
            moved = [(rule, self._move(rule, moment)) for rule in self.rules]
        told = [
            f"{number:,} from “{value_text(source)}” to “{value_text(sink)}”"
            for (source, sink, _), number in moved
            if number
        ]
        return f"{self.job_name}: {', '.join(told) or 'nothing was due'}."

    def _move(self, rule: Rule, moment: datetime) -> int:
        source, sink, after = rule
        # One plain update: a row that somebody changes meanwhile is looked at again.
        rows = self._objects(moment).filter(**{self.state_field: source})
        before = moment - after
        if self.since:
            rows = rows.filter(**{f"{self.since}__lte": self._as_since(before)})
        else:
            rows = rows.filter(pk__in=self._by_books(value_text(source), before))
        return rows.update(**{self.state_field: sink})

    def _objects(self, moment: datetime | None = None) -> QuerySet[Any, Any]:
        subject = self.subject.subject if isinstance(self.subject, Partition) else self.subject
        return objects_of(self._what, subject, moment).order_by()

    def _by_books(self, state: str, before: datetime) -> QuerySet[Any, Any]:
        """Return the keys of the objects that the books have had in ``state`` since ``before``."""
        from headwater.stockandflow.models import StockMembership

        assert isinstance(self.subject, Partition)  # noqa: S101 - others need a since
        pk: Any = self.model._meta.pk
        lines = StockMembership.objects.filter(
            ledger__partition=self.subject.slug, state=state, since__lte=before
        )
        key: Any = F("object_id")
        if connections[lines.db].vendor == "postgresql" or isinstance(pk, models.IntegerField):
            key = Cast(key, pk if pk.remote_field is None else pk.target_field)
        return lines.order_by().values_list(key)

    def _as_since(self, moment: datetime) -> datetime | date:
        """Return the moment as ``since`` is written: a date is the moment when it begins."""
        found: Any = self.model._meta.get_field(self.since or "")
        if isinstance(found, models.DateTimeField):
            return moment
        return timezone.localtime(moment, timezone.get_default_timezone()).date()

    @property
    def _what(self) -> str:
        if isinstance(self.subject, Partition):
            return f"The decay of “{self.subject.slug}”"
        return f"The decay by “{self.field}”"

    def _check_subject(self) -> None:
        partition = self.subject if isinstance(self.subject, Partition) else None
        if partition is not None:
            if not partition.field_name:
                raise DefinitionError(
                    f"{self._what} cannot write a state: the partition divides by an expression, "
                    "or by the field of a related object. Give a model or queryset and the field."
                )
            if self.field and self.field != partition.field_name:
                raise DefinitionError(
                    f"{self._what} names the field “{self.field}”, but the partition divides by "
                    f"“{partition.field_name}”."
                )
        elif not self.field:
            raise DefinitionError(f"{self._what} needs the field to write.")
        self._found(self.state_field)
        if partition is None and not self.since:
            raise DefinitionError(
                f"{self._what} needs since=, the field that tells from when an object is in its "
                "state. Only the decay of a partition can do without."
            )
        if self.since and not isinstance(self._found(self.since), models.DateField):
            raise DefinitionError(
                f"{self._what} has since=“{self.since}”, which is no field with a date or a moment."
            )

    def _found(self, name: str) -> Any:
        """Return the field with this name; raise DefinitionError where there is none."""
        try:
            return self.model._meta.get_field(name)
        except FieldDoesNotExist:
            names = [one.name for one in self.model._meta.concrete_fields]
            raise DefinitionError(
                f"{self._what} names the field “{name}”, which {self.model._meta.label} does not "
                f"have. {_meant(name, names)}"
            ) from None

    def _known_states(self) -> tuple[str, ...]:
        if isinstance(self.subject, Partition) and (names := self.subject.state_names()):
            return tuple(names)
        field = self._found(self.state_field)
        return tuple(value_text(value) for value, _ in field.flatchoices)

    def _check_rule(self, rule: Rule, known: Sequence[str]) -> None:
        match rule:
            case (source, sink, timedelta() as after) if after >= timedelta():
                pass
            case _:
                raise DefinitionError(
                    f"{self._what} has the rule {rule!r}. Give (from, to, timedelta), such as "
                    "(“hot”, “warm”, timedelta(days=7))."
                )
        if source in (None, ""):
            raise DefinitionError(
                f"{self._what} has a rule for objects without a state. Nothing tells how long they "
                "have had none."
            )
        if sink is None and not self._found(self.state_field).null:
            raise DefinitionError(
                f"{self._what} has a rule to None, which “{self.state_field}” cannot hold."
            )
        for state in (source, sink):
            try:
                self._found(self.state_field).get_prep_value(state)
            except (ValidationError, ValueError, TypeError):
                raise DefinitionError(
                    f"{self._what} names the state {state!r}, which “{self.state_field}” cannot "
                    "hold. Give values as the field has them."
                ) from None
        if value_text(source) == value_text(sink):
            raise DefinitionError(
                f"{self._what} has a rule from “{value_text(source)}” to the same state."
            )
        for state in (value_text(source), value_text(sink)):
            if known and state and state not in known:
                raise DefinitionError(
                    f"{self._what} names the state “{state}”, which there is not. "
                    f"{_meant(state, known)}"
                )


def _meant(given: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(given, known, n=1)
    return f"Did you mean “{close[0]}”?" if close else f"There are: {', '.join(known)}."
