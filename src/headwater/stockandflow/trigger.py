"""Trigger: PostgreSQL writes the events of a partition itself, also those of raw SQL."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router, transaction
from django.db.models import Field

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.discover import find_partition, stated
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.watched import concrete, plain_field

_PREFIX = "headwater_flow_"


@dataclass(frozen=True, slots=True)
class TriggerState:
    """Whether the trigger of a partition is there, in a sentence."""

    slug: str
    is_installed: bool
    sentence: str


def install_triggers(only: Collection[str] = ()) -> list[TriggerState]:
    """Install the triggers of the partitions with these slugs; without any, of all with a tracker.

    Each is written anew, so this is also what to do after a change of a partition or its flows.
    """
    trigger_of = _pgtrigger()
    done = []
    for partition in _partitions(only):
        field = _field(partition)
        trigger = trigger_of(partition, field)
        ContentType.objects.get_for_model(partition.model)
        trigger.install(concrete(partition.model), database=_alias())
        done.append(TriggerState(partition.slug, True, f"{partition.what} has its trigger."))
    return done


def uninstall_triggers(only: Collection[str] = ()) -> list[TriggerState]:
    """Take away the triggers of these partitions; without any, all that were ever installed."""
    _postgresql()
    wanted = {trigger_id(slug): slug for slug in only}
    done = []
    for name, table in _installed().items():
        if only and name not in wanted:
            continue
        quote = connections[_alias()].ops.quote_name
        with transaction.atomic(using=_alias()), connections[_alias()].cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {quote(name)} ON {table}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {quote(name)}()")
        slug = wanted.get(name, name)
        done.append(TriggerState(slug, False, f"The trigger {name} of {table} is gone."))
    return done


def list_triggers() -> list[TriggerState]:
    """Return how it is with the trigger of each partition that is stated."""
    trigger_of = _pgtrigger()
    installed = _installed()
    found = []
    for partition in stated().partitions:
        name = trigger_id(partition.slug)
        is_there = installed.pop(name, None) is not None
        try:
            trigger = trigger_of(partition, _field(partition))
        except StockAndFlowError as error:
            found.append(TriggerState(partition.slug, is_there, str(error)))
            continue
        status, _ = trigger.get_installation_status(concrete(partition.model), database=_alias())
        sentence = f"{partition.what} has no trigger."
        if is_there:
            is_old = status == "OUTDATED"
            sentence = f"{partition.what} has its trigger" + (
                ", which is older than what stocks.py says. Install it again." if is_old else "."
            )
        found.append(TriggerState(partition.slug, is_there, sentence))
    for name, table in installed.items():
        sentence = f"The trigger {name} of {table} is of a partition that is stated no more."
        found.append(TriggerState(name, True, sentence))
    return found


def trigger_id(slug: str) -> str:
    """Return the name of the trigger, and of its function, in the database.

    >>> trigger_id("ticket-status")
    'headwater_flow_ticket_status_6558ba57'
    """
    digest = hashlib.sha256(slug.encode()).hexdigest()[:8]
    readable = re.sub(r"[^a-z0-9]", "_", slug.lower())[:30]
    return f"{_PREFIX}{readable}_{digest}"


def _field(partition: Partition) -> Field[Any, Any]:
    """Return the field to watch; raise StockAndFlowError where a trigger cannot."""
    field = plain_field(partition)
    if field is None or field.model is not concrete(partition.model):
        raise StockAndFlowError(
            f"{partition.what} cannot have a trigger: it is not divided by a field of "
            f"{partition.model._meta.label} itself, for all its rows. Its tracker and its counts "
            "are not concerned."
        )
    return field


def _partitions(only: Collection[str]) -> list[Partition]:
    if only:
        return [find_partition(slug) for slug in only]
    tracked = [one.partition for one in stated().trackers if one.partition is not None]
    return list({partition.slug: partition for partition in tracked}.values())


def _pgtrigger() -> Any:
    """Return the function that makes the trigger of a partition and its field."""
    _postgresql()
    try:
        import pgtrigger
    except ImportError:
        raise StockAndFlowError(
            "Triggers need django-pgtrigger, which is not installed: "
            "pip install “django-headwater[triggers]”."
        ) from None
    from headwater.stockandflow.trigger_sql import DECLARE, function_body

    class FlowTrigger(pgtrigger.Trigger):
        """Under a name of its own, so that the project's own triggers are not mixed with it."""

        def get_pgid(self, model: Any) -> str:
            return str(self.name)

    def trigger_of(partition: Partition, field: Field[Any, Any]) -> Any:
        written: Any = pgtrigger.UpdateOf
        operation = pgtrigger.Insert | written(field.column) | pgtrigger.Delete
        return FlowTrigger(
            name=trigger_id(partition.slug),
            when=pgtrigger.After,
            operation=operation,
            declare=DECLARE,
            func=function_body(partition, field),
        )

    return trigger_of


def _postgresql() -> None:
    vendor = connections[_alias()].vendor
    if vendor != "postgresql":
        raise StockAndFlowError(
            f"Triggers need PostgreSQL; the books are in {vendor}. Trackers, tracked querysets and "
            "the comparison at each count work there too."
        )


def _installed() -> dict[str, str]:
    """Return name -> table of the triggers that are in the database."""
    with connections[_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname LIKE %s AND NOT tgisinternal ORDER BY tgname",
            [_PREFIX.replace("_", r"\_") + "%"],
        )
        return dict(cursor.fetchall())


def _alias() -> str:
    from headwater.stockandflow.models import Ledger

    return router.db_for_write(Ledger)
