"""Track a partition: events as its objects are saved and deleted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.models import Choices, Field, Model

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.definitions.slug import MAX_STATE
from headwater.stockandflow.events import object_text
from headwater.stockandflow.post import known_state, post_objects, states_of
from headwater.stockandflow.watched import (
    columns_of,
    concrete,
    in_books,
    is_plain,
    key_of_object,
    plain_field,
    touches,
)


@dataclass(frozen=True, eq=False)
class PartitionWatch:
    """Hears of saves and deletes of one partition's objects.

    What an object moves from is where the books have it; what the object in memory was loaded with
    does not count.
    """

    partition: Partition

    @property
    def name(self) -> str:
        """A name that no other watch has."""
        return f"partition_{self.partition.slug}"

    @property
    def model(self) -> type[Model]:
        """The model whose objects are watched."""
        return self.partition.model

    @cached_property
    def columns(self) -> frozenset[Field[Any, Any]] | None:
        """The fields that decide on the state; None where others may too."""
        return columns_of(self.partition)

    def before(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Need nothing: the books know."""

    def saved(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Post where a saved object is."""
        if kwargs.get("raw") or not in_books(using):
            return
        if not touches(kwargs.get("update_fields"), self.columns):
            return
        one = object_text(self.model, key_of_object(self.model, instance))
        is_new = bool(kwargs.get("created"))
        state = self._saved_state(instance)
        # Inside a transaction nobody else can write the row before it ends.
        is_held = connections[using].in_atomic_block
        if state is None and is_held:
            state = states_of(self.partition, [one], using).get(one, OUTSIDE)
        if state is not None and not is_new and state == known_state(self.partition, one, using):
            return
        states = None
        if is_held and state is not None:
            states = {one: state} if state != OUTSIDE else {}
        post_objects(
            self.partition,
            [one],
            using=using,
            states=states,
            are_new=is_new,
            are_held=is_held,
        )

    def deleted(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Post that a deleted object is outside."""
        # Of a child's delete its parents tell as well, each with the class that has its table.
        if concrete(sender) is not concrete(self.model) or not in_books(using):
            return
        one = object_text(self.model, key_of_object(self.model, instance))
        if known_state(self.partition, one, using) != OUTSIDE:
            post_objects(self.partition, [one], using=using, states={})

    def _saved_state(self, instance: Model) -> str | None:
        """Return the state that was just saved; None where only the database can tell."""
        if self._field is None:
            return None
        value = instance.__dict__.get(self._field.attname, _missing)
        if not is_plain(self._field, value):
            return None
        value = self._field.to_python(value)
        if isinstance(value, Choices):
            value = value.value
        if isinstance(value, bool):
            return "true" if value else "false"
        if value is None or isinstance(value, (str, int)):
            text = OUTSIDE if value is None else str(value)
            return text if len(text) <= MAX_STATE else None
        return None

    @cached_property
    def _field(self) -> Field[Any, Any] | None:
        return plain_field(self.partition)


_missing = object()
