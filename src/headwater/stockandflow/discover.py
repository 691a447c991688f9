"""Discover: everything that the project's ``stocks.py`` modules state, and what is followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.utils.module_loading import module_has_submodule

from headwater.stockandflow.definitions import (
    Flow,
    ModelTracker,
    Partition,
    Process,
    Stock,
)
from headwater.stockandflow.errors import DefinitionError

MODULE = "stocks"
_KINDS = {
    "stocks": Stock,
    "flows": Flow,
    "partitions": Partition,
    "processes": Process,
    "trackers": ModelTracker,
}
Job = tuple[str, Callable[..., Any]]
Cause = Callable[..., Iterable[Any]]
"""See ``headwater.stockandflow.causes``."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The lists of all ``stocks.py`` modules, joined in the order of ``INSTALLED_APPS``."""

    stocks: tuple[Stock, ...]
    flows: tuple[Flow, ...]
    partitions: tuple[Partition, ...]
    processes: tuple[Process, ...]
    trackers: tuple[ModelTracker, ...]
    schedule: tuple[Job, ...]
    causes: tuple[Cause, ...]


@cache
def stated() -> Stated:
    """Return what is stated in code. Asks the database nothing; raises DefinitionError."""
    found: dict[str, list[Any]] = {name: [] for name in (*_KINDS, "schedule", "causes")}
    for config in apps.get_app_configs():
        if not module_has_submodule(config.module, MODULE):
            continue
        module = import_module(f"{config.name}.{MODULE}")
        for name in found:
            found[name] += _list(module, name)
    return Stated(**{name: tuple(collected) for name, collected in found.items()})


def _list(module: Any, name: str) -> list[Any]:
    given = getattr(module, name, [])
    if not isinstance(given, (list, tuple)):
        raise DefinitionError(f"“{name}” of {module.__name__} is {given!r}; it must be a list.")
    kind = _KINDS.get(name)
    for one in given:
        if kind is not None and not isinstance(one, kind):
            raise DefinitionError(
                f"“{name}” of {module.__name__} holds {one!r}, which is no {kind.__name__}."
            )
    return list(given)


def followed() -> list[Partition]:
    """Return the partitions of followed fields, which people made on a page. One query."""
    from headwater.stockandflow.models import FollowedField

    try:
        rows = list(FollowedField.objects.order_by("pk"))
    except DatabaseError:  # before the first migration
        return []
    found = [row.partition() for row in rows]
    return [one for one in found if one is not None]


def all_partitions() -> list[Partition]:
    """Return the partitions that are stated, then those of followed fields."""
    return [*stated().partitions, *followed()]


def find_partition(given: Partition | str) -> Partition:
    """Return ``given``, or the partition with this slug; raise DefinitionError if there is none."""
    if isinstance(given, Partition):
        return given
    partitions = all_partitions()
    for one in partitions:
        if one.slug == given:
            return one
    known = ", ".join(f"“{one.slug}”" for one in partitions) or "none"
    raise DefinitionError(
        f"No partition “{given}” is stated. There are: {known}. Of one that was taken out of the "
        "code, balance() still reads the books."
    )


def all_processes() -> list[Process]:
    """Return the processes that are stated, then one for each partition that is in none."""
    processes = list(stated().processes)
    shown = {one.slug for process in processes for one in process.partitions}
    processes += [
        Process(one.slug, str(one), stocks=[one], flows=one.flows, description=one.description)
        for one in all_partitions()
        if one.slug not in shown
    ]
    return processes


def all_stocks() -> list[Stock]:
    """Return the single stocks: those listed, and those that only a process names."""
    found = {stock.slug: stock for stock in stated().stocks}
    for process in stated().processes:
        for stock in process.single_stocks:
            found.setdefault(stock.slug, stock)
    return list(found.values())


def all_flows() -> list[Flow]:
    """Return the flows that are of no partition: listed, of trackers, and of processes."""
    of_partitions = {id(flow) for one in stated().partitions for flow in one.flows}
    flows = [
        *stated().flows,
        *(flow for tracker in stated().trackers for flow in tracker.flows),
        *(flow for process in stated().processes for flow in process.flows),
    ]
    found = {flow.slug: flow for flow in flows if id(flow) not in of_partitions}
    return list(found.values())
