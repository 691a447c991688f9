"""Track fields: events of the tracker that looks at values of fields, before and after a save."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, router, transaction
from django.db.models import Field, Model, QuerySet
from django.utils import timezone

from headwater.stockandflow.calls import note_calls
from headwater.stockandflow.definitions import Flow, ModelTracker
from headwater.stockandflow.definitions.flow import End, key_of
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.events import write_events
from headwater.stockandflow.watched import concrete, in_books, is_plain, key_of_object, touches

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FieldsWatch:
    """Hears of saves and deletes of one tracker's objects.

    The values before are read from the database just before the row is written. What the object in
    memory was loaded with does not count: it may be old, half loaded, or saved already.
    """

    tracker: ModelTracker
    name: str

    @property
    def model(self) -> type[Model]:
        """The model whose objects are watched."""
        return self.tracker.model

    def before(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Read the values that a save or a delete is about to change."""
        if not self._concerns(using, kwargs):
            return
        key = key_of_object(self.tracker.model, instance)
        rows = self.values(using).filter(pk=key)
        features = connections[using].features
        if connections[using].in_atomic_block and features.has_select_for_update:
            # A change at the same time waits, and then sees this one.
            rows = rows.select_for_update(no_key=features.has_select_for_no_key_update)
        found = None if key is None else rows.first()
        self._keep(instance, (*self._kept(instance), None if found is None else found[1:]))

    def saved(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Write the events of a save."""
        if not self._concerns(using, kwargs):
            return
        kept = self._kept(instance)
        before = kept[-1] if kept else None
        after = self._after(instance, using, before, kwargs.get("update_fields"))
        # A receiver may have saved the object again before this; its event is written already.
        self._keep(instance, tuple(after for _ in kept[:-1]))
        self.record([(key_of_object(self.tracker.model, instance), before, after)])

    def deleted(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Write the events of a delete."""
        # Of a child's delete its parents tell as well, each with the class that has its table.
        if concrete(sender) is not concrete(self.tracker.model) or not in_books(using):
            return
        kept = self._kept(instance)
        self._keep(instance, kept[:-1])
        if kept and kept[-1] is not None:
            self.record([(key_of_object(self.tracker.model, instance), kept[-1], None)])

    def values(self, using: str) -> QuerySet[Any, Any]:
        """Return the key and the tracked values of all objects, as tuples."""
        rows = self.tracker.model._base_manager.using(using).order_by()
        return rows.values_list("pk", *self.tracker.fields_to_track)

    @property
    def fields(self) -> list[Field[Any, Any]]:
        """The tracked fields."""
        found: list[Any] = [
            self.tracker.model._meta.get_field(name) for name in self.tracker.fields_to_track
        ]
        return found

    def record(self, changes: Iterable[tuple[Any, Values | None, Values | None]]) -> None:
        """Write the events of ``changes``: object key, values before, values after.

        None in place of the values: before the object was made, or after it is gone.
        """
        moves: dict[Flow, list[tuple[Any, str, str]]] = {}
        takers: dict[tuple[str, str], list[Flow]] = {}
        for key, before, after in changes:
            for ends in self._ends(before, after):
                if ends not in takers:
                    takers[ends] = [flow for flow in self.tracker.flows if flow.takes(*ends)]
                for flow in takers[ends]:
                    moves.setdefault(flow, []).append((key, *ends))
        if not moves:
            return
        now = timezone.now()
        model = self.tracker.model
        with transaction.atomic(using=router.db_for_write(model), savepoint=False):
            for flow, found in moves.items():
                note_calls(flow, model, write_events(flow, model, found, now), now)

    def _ends(self, before: Values | None, after: Values | None) -> list[tuple[str, str]]:
        if before == after:
            return []
        nothing = (None,) * len(self.tracker.fields_to_track)
        function: Any = self.tracker.states_to_stocks_func
        answer = function(before or nothing, after or nothing)
        name = getattr(function, "__name__", repr(function))
        try:
            sources, sinks = answer
            sources, sinks = _listed(sources), _listed(sinks)
        except (TypeError, ValueError):
            raise DefinitionError(
                f"“{name}”, the states_to_stocks_func of the tracker of "
                f"{self.tracker.model._meta.label}, returned {answer!r}. Return two tuples: the "
                "stocks before, and the stocks after."
            ) from None
        if len(sources) != len(sinks):
            raise DefinitionError(
                f"“{name}”, the states_to_stocks_func of the tracker of "
                f"{self.tracker.model._meta.label}, returned {len(sources)} stocks before and "
                f"{len(sinks)} after. Return as many after as before, with None for the outside: "
                "they are compared one by one."
            )
        keys = [(key_of(old), key_of(new)) for old, new in zip(sources, sinks, strict=True)]
        return [(source, sink) for source, sink in keys if source != sink]

    def _after(
        self, instance: Model, using: str, before: Values | None, update_fields: Any
    ) -> Values | None:
        """Return the values as the database has them after a save."""
        values = []
        for i, field in enumerate(self.fields):
            if before is not None and not touches(update_fields, [field]):
                values.append(before[i])  # what the object in memory has was not saved
                continue
            value = instance.__dict__.get(field.attname, _missing)
            if not is_plain(field, value):
                row = self.values(using).filter(pk=key_of_object(self.tracker.model, instance))
                found = row.first()
                return None if found is None else found[1:]
            values.append(field.to_python(value))
        return tuple(values)

    def _concerns(self, using: str, kwargs: dict[str, Any]) -> bool:
        return (
            not kwargs.get("raw")
            and in_books(using)
            and touches(kwargs.get("update_fields"), self.fields)
        )

    def _kept(self, instance: Model) -> tuple[Values | None, ...]:
        kept: tuple[Values | None, ...] = instance.__dict__.get(self._place, ())
        return kept

    def _keep(self, instance: Model, kept: tuple[Values | None, ...]) -> None:
        if kept:
            instance.__dict__[self._place] = kept
        else:
            instance.__dict__.pop(self._place, None)

    @property
    def _place(self) -> str:
        return f"_headwater_{self.name}"


_missing = object()


def _listed(given: Any) -> Sequence[End]:
    if isinstance(given, str):
        raise TypeError
    return tuple(given)
