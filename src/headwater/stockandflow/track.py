"""Track: events as objects are saved and deleted."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, Protocol

from django.db.models import Model, signals

from headwater.stockandflow.discover import stated
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.track_fields import FieldsWatch
from headwater.stockandflow.track_partition import PartitionWatch
from headwater.stockandflow.watched import classes_of, concrete


class Watch(Protocol):
    """What hears of the saves and deletes of one tracker's objects."""

    @property
    def name(self) -> str:
        """A name that no other watch has."""

    @property
    def model(self) -> type[Model]:
        """The model whose objects it watches."""

    def before(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Hear that a row is about to be written or deleted."""

    def saved(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Hear that a row was written."""

    def deleted(self, sender: Any, instance: Model, using: str, **kwargs: Any) -> None:
        """Hear that a row was deleted."""


def watch_all() -> None:
    """Watch the models of all trackers: saves and deletes write events from now on.

    What is wrong with a ``stocks.py`` is left to the system checks.
    """
    try:
        for watch in watches():
            for sender in classes_of(watch.model):
                _connect(watch, sender)
            # Classes made later, such as the proxies of an admin site.
            signals.class_prepared.connect(
                partial(_meet, watch), weak=False, dispatch_uid=f"headwater.{watch.name}"
            )
    except DefinitionError:
        return


@cache
def watches() -> tuple[Watch, ...]:
    """Return a watch for each tracker that is stated."""
    return tuple(
        FieldsWatch(tracker, f"tracker_{number}")
        if tracker.partition is None
        else PartitionWatch(tracker.partition)
        for number, tracker in enumerate(stated().trackers)
    )


def _meet(watch: Watch, sender: Any, **kwargs: Any) -> None:
    if issubclass(sender, concrete(watch.model)) and not sender._meta.abstract:
        _connect(watch, sender)


def _connect(watch: Watch, sender: type[Model]) -> None:
    # Each class by itself: a receiver of all classes would slow down every delete of the project.
    uid = f"headwater.{watch.name}"
    signals.pre_save.connect(watch.before, sender=sender, weak=False, dispatch_uid=uid)
    signals.post_save.connect(watch.saved, sender=sender, weak=False, dispatch_uid=uid)
    signals.pre_delete.connect(watch.before, sender=sender, weak=False, dispatch_uid=uid)
    signals.post_delete.connect(watch.deleted, sender=sender, weak=False, dispatch_uid=uid)
