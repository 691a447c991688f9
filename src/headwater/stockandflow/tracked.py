"""Tracked: a queryset whose update() and bulk methods record events too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from headwater.stockandflow.definitions import Partition
    from headwater.stockandflow.track_fields import FieldsWatch, Values


class TrackedQuerySet(QuerySet[Any, Any]):
    """Records the events of a model's trackers when many rows are written at once.

    ``update()``, ``bulk_update()`` and ``bulk_create()`` take some statements more, as many for a
    million rows as for one::

        class Ticket(models.Model):
            status = models.CharField(max_length=10)
            objects = TrackedQuerySet.as_manager()

    Rows that ``bulk_create(ignore_conflicts=True)`` makes under keys that the database chooses
    cannot be told; the next count finds them.
    """

    def update(self, **values: Any) -> int:
        """Update, and record who moved."""
        watched = None if self.query.is_sliced else _watched(self.model, self.db, values)
        if not watched:
            return super().update(**values)
        with transaction.atomic(using=self.db, savepoint=False):
            watched.begin()
            watched.read(self.values("pk"))
            changed = super().update(**values)
            watched.record(watched.keys)
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(
        self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        """Update, and record who moved."""
        given, names = tuple(objs), list(fields)
        plain: QuerySet[Any, Any] = QuerySet(self.model, self.query.chain(), self.db)
        watched = _watched(self.model, self.db, names) if given else None
        if not watched:
            return plain.bulk_update(given, names, batch_size)
        with transaction.atomic(using=self.db, savepoint=False):
            watched.begin()
            watched.read(self._with_keys(given))
            changed = plain.bulk_update(given, names, batch_size)
            watched.record(watched.keys)
        return changed

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Any]:
        """Insert, and record who came."""
        given = list(objs)
        watched = _watched(self.model, self.db, None) if given else None

        def create() -> list[Any]:
            return super(TrackedQuerySet, self).bulk_create(
                given, batch_size, ignore_conflicts, update_conflicts, update_fields, unique_fields
            )

        if not watched:
            return create()
        with transaction.atomic(using=self.db, savepoint=False):
            watched.begin()
            if ignore_conflicts or update_conflicts:
                watched.read(self._in_conflict(given, unique_fields))
            created = create()
            keys = [one.pk for one in created if one.pk is not None]
            watched.record(keys, are_new=not (ignore_conflicts or update_conflicts))
        return created

    bulk_create.alters_data = True  # type: ignore[attr-defined]

    def _with_keys(self, objects: Sequence[Any]) -> QuerySet[Any, Any]:
        from headwater.stockandflow.events import object_text
        from headwater.stockandflow.rows import keys_in

        texts = [object_text(self.model, one.pk) for one in objects if one.pk is not None]
        rows: QuerySet[Any, Any] = self.model._base_manager.using(self.db)
        return rows.filter(pk__in=keys_in(self.model, texts, self.db))

    def _in_conflict(
        self, objects: Sequence[Any], unique_fields: Collection[str] | None
    ) -> QuerySet[Any, Any]:
        """Return the rows, or some more, that ``objects`` would be written over."""
        rows: QuerySet[Any, Any] = self.model._base_manager.using(self.db)
        names = [name for name in unique_fields or () if name != "pk"]
        if not names:
            return self._with_keys(objects)
        for name in names:
            rows = rows.filter(**{f"{name}__in": {getattr(one, name) for one in objects}})
        return rows


@dataclass(slots=True)
class _Watched:
    """The trackers that a write of many rows concerns, and what the rows were before."""

    model: type[Model]
    using: str
    partitions: list[Partition]
    of_fields: list[FieldsWatch]
    before: dict[Any, tuple[Values, ...]] = field(default_factory=dict)

    @property
    def keys(self) -> list[Any]:
        """The keys of the rows that were read."""
        return list(self.before)

    def begin(self) -> None:
        """Write first, where a read could not be followed by a write.

        Where rows can be locked, they are locked before the books, as they are in a save.
        """
        from headwater.stockandflow.ledger import posting

        if connections[self.using].features.has_select_for_update:
            return
        for partition in self.partitions:
            posting(partition, using=self.using)

    def read(self, rows: QuerySet[Any, Any]) -> None:
        """Read, and hold, the rows that are about to be written."""
        self.before = self._values(rows.order_by().values("pk"), is_held=True)

    def record(self, keys: Sequence[Any], *, are_new: bool = False) -> None:
        """Write the events of the rows with ``keys``, which are written by now."""
        from headwater.stockandflow.events import object_text
        from headwater.stockandflow.post import post_objects
        from headwater.stockandflow.rows import keys_in

        texts = [object_text(self.model, key) for key in keys]
        if self.of_fields and texts:
            after = self._values(keys_in(self.model, texts, self.using))
            for i, watch in enumerate(self.of_fields):
                watch.record(
                    (key, self.before[key][i] if key in self.before else None, values[i])
                    for key, values in after.items()
                )
        for partition in self.partitions:
            post_objects(partition, texts, using=self.using, are_new=are_new)

    def _values(self, keys: Any, *, is_held: bool = False) -> dict[Any, tuple[Values, ...]]:
        """Return key -> the tracked values of each tracker of fields."""
        names = [name for watch in self.of_fields for name in watch.tracker.fields_to_track]
        rows = self.model._base_manager.using(self.using).filter(pk__in=keys).order_by("pk")
        features = connections[self.using].features
        if is_held and features.has_select_for_update:
            rows = rows.select_for_update(no_key=features.has_select_for_no_key_update)
        found = {}
        for key, *values in rows.values_list("pk", *names):
            rest = iter(values)
            found[key] = tuple(
                tuple(next(rest) for _ in watch.tracker.fields_to_track) for watch in self.of_fields
            )
        return found


def _watched(model: type[Model], using: str, names: Iterable[str] | None) -> _Watched | None:
    """Return the trackers that writing the fields ``names`` (None: all) concerns, if any."""
    from headwater.stockandflow.track import watches
    from headwater.stockandflow.track_fields import FieldsWatch
    from headwater.stockandflow.track_partition import PartitionWatch
    from headwater.stockandflow.watched import in_books, shares_key, touches

    if not in_books(using):
        return None
    partitions, of_fields = [], []
    for watch in watches():
        if not shares_key(model, watch.model):
            continue
        if isinstance(watch, PartitionWatch) and touches(names, watch.columns):
            partitions.append(watch.partition)
        elif isinstance(watch, FieldsWatch) and touches(names, watch.fields):
            of_fields.append(watch)
    return _Watched(model, using, partitions, of_fields) if partitions or of_fields else None
