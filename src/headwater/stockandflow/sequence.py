"""Sequence: stepping through the objects of a stock, also while they leave it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

from headwater.stockandflow.definitions import Facet, FacetUse, Stock
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.find import find_facet

_VALUE = "headwater_order_"


@dataclass(frozen=True, slots=True)
class Step:
    """Where one stands in a stock: an object, or none where there is nothing that way."""

    object: Any
    """None: the stock is empty, or there is none before the first or after the last."""
    index: int
    """Of the object, from 0; -1 before the first, ``count`` after the last."""
    count: int
    """How many objects the stock holds now."""
    has_left: bool = False
    """Whether the object last seen is in the stock no more."""

    @property
    def is_first(self) -> bool:
        """Whether none is before it."""
        return self.index <= 0

    @property
    def is_last(self) -> bool:
        """Whether none is after it."""
        return self.index >= self.count - 1


@dataclass(frozen=True, slots=True)
class _Key:
    """One part of the order, as the annotation ``alias``."""

    lookup: str
    alias: str
    is_descending: bool

    @property
    def order(self) -> Any:
        """The order: NULL stands last on every database, whichever way it goes."""
        if self.is_descending:
            return F(self.alias).desc(nulls_last=True)
        return F(self.alias).asc(nulls_last=True)

    @property
    def backwards(self) -> Any:
        """The opposite order."""
        if self.is_descending:
            return F(self.alias).asc(nulls_first=True)
        return F(self.alias).desc(nulls_first=True)

    def equal(self, value: Any) -> Q:
        """Return the condition that an object has ``value``."""
        return Q(**{f"{self.alias}__isnull": True} if value is None else {self.alias: value})

    def after(self, value: Any) -> Q | None:
        """Return the condition that an object comes after one with ``value``; None: none can."""
        if value is None:
            return None
        way = "lt" if self.is_descending else "gt"
        return Q(**{f"{self.alias}__{way}": value}) | Q(**{f"{self.alias}__isnull": True})

    def before(self, value: Any) -> Q | None:
        """Return the condition that an object comes before one with ``value``."""
        if value is None:
            return Q(**{f"{self.alias}__isnull": False})
        return Q(**{f"{self.alias}__{'gt' if self.is_descending else 'lt'}": value})


class StockSequence:
    """The objects of ``stock`` in an order, to step through one at a time.

    ``facet`` (a facet of the stock, or its slug) and ``value`` narrow it down. ``order_by`` takes
    lookups as ``QuerySet.order_by`` does; NULL comes last, and the primary key decides between
    equals. An address needs only the index and the primary key last seen. Where that object has
    left the stock since, stepping goes on with the one that follows it in the order; where it is
    deleted altogether and the order is not that of the primary key, with the one that took its
    index. A step takes at most four queries, however many objects there are.
    """

    def __init__(
        self,
        stock: Stock,
        facet: Facet | FacetUse | str | None = None,
        value: Any = None,
        order_by: Sequence[str] = ("pk",),
        as_of: datetime | None = None,
    ) -> None:
        self.stock = stock
        self.model: type[Model] = stock.model
        objects = stock.objects(as_of).order_by()
        annotated = set(objects.query.annotations)
        self._keys = _keys(stock, self.model, annotated, order_by)
        if facet is not None:
            having = self.model._base_manager.filter(**{_use(stock, facet).lookup: value})
            objects = objects.filter(pk__in=having.values("pk"))
        keys = {key.alias: F(key.lookup) for key in self._keys}
        rows: QuerySet[Any, Any]
        if any(key.lookup.split(LOOKUP_SEP)[0] in annotated for key in self._keys):
            rows = objects
        else:  # whatever the stock joins, each object comes once
            rows = self.model._base_manager.filter(pk__in=objects.values("pk"))
        self._rows = rows.annotate(**keys)
        self._all = self.model._base_manager.annotate(**keys) if rows is not objects else self._rows

    def count(self) -> int:
        """Return how many objects there are."""
        count: int = self._rows.count()
        return count

    def first(self) -> Step:
        """Return the first object."""
        return self.at(0)

    def last(self) -> Step:
        """Return the last object."""
        found = self._rows.order_by(*(key.backwards for key in self._keys)).first()
        count = self.count()
        return Step(found, count - 1, count)

    def at(self, index: int) -> Step:
        """Return the object at ``index``, from 0; an index beyond the ends gives no object."""
        count = self.count()
        if index < 0:
            return Step(None, -1, count)
        if index >= count:
            return Step(None, count, count)
        found = list(self._ordered()[index : index + 1])
        return Step(found[0] if found else None, index, count)

    def index_of(self, pk: Any) -> int | None:
        """Return the index of the object ``pk``; None where it is not in the stock."""
        found = self._look(self._rows, pk)
        return None if found is None else self._place(found)[0]

    def next(self, after: Any = None, index: int | None = None) -> Step:
        """Return the object that follows ``after``, the primary key last seen, at ``index``.

        Without both it is the first one.
        """
        return self._step(after, index, forwards=True)

    def previous(self, before: Any = None, index: int | None = None) -> Step:
        """Return the object before ``before``, the primary key last seen, at ``index``.

        Without both it is the last one.
        """
        return self._step(before, index, forwards=False)

    def around(self, pk: Any, index: int | None = None) -> Step:
        """Return the object ``pk`` where it is in the stock, else the one that follows it."""
        found = self._look(self._rows, pk)
        if found is not None:
            return Step(found, *self._place(found))
        step = self._step(pk, index, forwards=True)
        if step.object is None and step.count:
            last = self.last()
            return Step(last.object, last.index, last.count, has_left=True)
        return step

    def _step(self, pk: Any, index: int | None, *, forwards: bool) -> Step:
        if pk is None or pk == "":
            if index is None:
                return self.first() if forwards else self.last()
            return self.at(index + 1 if forwards else index - 1)
        seen = self._look(self._rows, pk)
        has_left = seen is None
        if has_left:
            seen = self._look(self._all, pk) if self._all is not self._rows else None
        values = self._values(seen) if seen is not None else self._from_key(pk)
        if values is None:  # its place in the order is not known any more, only its index
            at = index or 0
            step = self.at(at if forwards else at - 1)
            return Step(step.object, step.index, step.count, has_left=True)
        beyond = self._rows.filter(self._beyond(values, forwards=forwards))
        order = [key.order if forwards else key.backwards for key in self._keys]
        found = beyond.order_by(*order).first()
        if found is None:
            count = self.count()
            return Step(None, count if forwards else -1, count, has_left)
        return Step(found, *self._place(found), has_left)

    def _ordered(self) -> QuerySet[Any, Any]:
        ordered: QuerySet[Any, Any] = self._rows.order_by(*(key.order for key in self._keys))
        return ordered

    def _look(self, rows: QuerySet[Any, Any], pk: Any) -> Any:
        try:
            return rows.filter(pk=pk).first()
        except (ValueError, TypeError, OverflowError, ValidationError):
            return None  # an address that somebody wrote by hand

    def _values(self, found: Any) -> tuple[Any, ...]:
        return tuple(getattr(found, key.alias) for key in self._keys)

    def _from_key(self, pk: Any) -> tuple[Any, ...] | None:
        """Return the place of an object that is deleted: known where the order is by key alone."""
        if len(self._keys) > 1:
            return None
        field: Any = self.model._meta.pk
        try:
            return (field.get_prep_value(field.to_python(pk)),)
        except (ValueError, TypeError, OverflowError, ValidationError):
            return None

    def _place(self, found: Any) -> tuple[int, int]:
        """Return the index of an object that is in the stock, and how many there are."""
        earlier = self._beyond(self._values(found), forwards=False)
        counted = self._rows.aggregate(before=Count("pk", filter=earlier), all=Count("pk"))
        return counted["before"], counted["all"]

    def _beyond(self, values: tuple[Any, ...], *, forwards: bool) -> Q:
        """Return the condition that an object comes after (or before) ``values`` in the order."""
        some = Q()
        equal = Q()
        for key, value in zip(self._keys, values, strict=True):
            way = key.after(value) if forwards else key.before(value)
            if way is not None:
                some |= equal & way if equal else way
            equal &= key.equal(value)
        return some if some else Q(pk__in=[])


def _use(stock: Stock, facet: Facet | FacetUse | str) -> FacetUse:
    if isinstance(facet, FacetUse):
        return facet
    return find_facet(stock, facet if isinstance(facet, str) else facet.slug)


def _keys(
    stock: Stock, model: type[Model], annotated: set[str], order_by: Sequence[str]
) -> tuple[_Key, ...]:
    keys: list[_Key] = []
    for given in order_by:
        lookup = given.removeprefix("-") if isinstance(given, str) else ""
        if not lookup or lookup == "?":
            raise DefinitionError(
                f"{stock.what} cannot be stepped through in the order {given!r}. Give lookups as "
                "texts, such as “-joined”."
            )
        name = model._meta.pk.name if lookup == "pk" else lookup
        if name.split(LOOKUP_SEP)[0] not in annotated:
            for field in _fields(stock, model, name):
                if field.many_to_many or field.one_to_many:
                    raise DefinitionError(
                        f"{stock.what} cannot be stepped through in the order of “{lookup}”: an "
                        "object has several of it. Order by what it has once."
                    )
        keys.append(_Key(name, f"{_VALUE}{len(keys)}", given.startswith("-")))
        if name == model._meta.pk.name:
            return tuple(keys)  # unique: nothing after it matters
    return (*keys, _Key("pk", f"{_VALUE}{len(keys)}", False))


def _fields(stock: Stock, model: type[Model], lookup: str) -> Iterator[Any]:
    """Yield the fields that ``lookup`` leads through, up to the first transform."""
    here: Any = model
    for part in lookup.split(LOOKUP_SEP):
        try:
            if here is None:
                return  # a transform, such as the year of a date
            field: Any = here._meta.pk if part == "pk" else here._meta.get_field(part)
        except (FieldDoesNotExist, FieldError):
            raise DefinitionError(
                f"{stock.what} cannot be stepped through in the order of “{lookup}”: "
                f"“{here._meta.label}” has no field “{part}”."
            ) from None
        yield field
        here = field.related_model if field.is_relation else None
