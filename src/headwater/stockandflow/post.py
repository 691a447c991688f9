"""Post: where the objects of a partition are, as trackers see it, with the calls of its flows."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping

from django.db import connections, transaction
from django.utils import timezone

from headwater.stockandflow.calls import note_calls
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.definitions.partition import STATE
from headwater.stockandflow.definitions.slug import MAX_STATE
from headwater.stockandflow.events import object_text
from headwater.stockandflow.ledger import post, posting
from headwater.stockandflow.rows import keys_in
from headwater.stockandflow.watched import concrete

logger = logging.getLogger("headwater.stockandflow")


def post_objects(
    partition: Partition,
    objects: Collection[str],
    *,
    using: str,
    states: Mapping[str, str] | None = None,
    are_new: bool = False,
    are_held: bool = True,
) -> int:
    """Post where ``objects``, keys as text, are now; return how many of them moved.

    ``states`` says where they are: object -> state, without those that are outside; None: the
    database is asked. ``are_held``: the transaction has written their rows, so that nobody else
    does; otherwise they are locked first.

    Where the books have an object is what it moves from. Of objects that the books do not know,
    before their first count, only ``are_new`` ones come from outside; the others were somewhere
    before, and their books are opened where they are now.
    """
    if not objects:
        return 0
    with transaction.atomic(using=using, savepoint=False):
        ledger = posting(partition, using=using)
        if not are_held:
            _hold(partition, objects, using)
        if states is None:
            states = states_of(partition, objects, using)
        now = timezone.now()
        found = _that_fit(partition, {one: states.get(one, OUTSIDE) for one in objects})
        seen = {} if are_new else {one: states[one] for one in found if one in states}
        moves = post(ledger, partition, found, now, seen=seen)
        for flow in partition.flows:
            if flow.event_callables:
                of_flow = [move for move in moves if flow.takes(move.source, move.sink)]
                note_calls(flow, partition.model, of_flow, now, partition=partition.slug)
    return len(moves)


def _that_fit(partition: Partition, states: Mapping[str, str]) -> dict[str, str]:
    """Return ``states`` without those that the books cannot keep: a save must not fail for them.

    The count, to which they are left, says what is wrong.
    """
    fit = {one: state for one, state in states.items() if len(state) <= MAX_STATE}
    if len(fit) < len(states):
        logger.error(
            "%s has states of more than %d characters; the moves of %d objects are not recorded.",
            partition.what,
            MAX_STATE,
            len(states) - len(fit),
        )
    return fit


def _hold(partition: Partition, objects: Collection[str], using: str) -> None:
    """Lock the rows: of two saves at the same time, one is posted after the other."""
    features = connections[using].features
    if features.has_select_for_update:
        model = concrete(partition.model)
        rows = model._base_manager.using(using).filter(pk__in=keys_in(model, objects, using))
        rows = rows.select_for_update(no_key=features.has_select_for_no_key_update)
        list(rows.order_by("pk").values_list("pk"))


def states_of(partition: Partition, objects: Collection[str], using: str) -> dict[str, str]:
    """Return object -> state of those of ``objects``, keys as text, that are inside."""
    model = partition.model
    rows = partition.objects().using(using).filter(pk__in=keys_in(model, objects, using))
    found = rows.values_list("pk", STATE)
    return {object_text(model, key): state for key, state in found if state is not None}


def known_state(partition: Partition, one: str, using: str) -> str:
    """Return where the books have the object ``one``, key as text. One query."""
    from headwater.stockandflow.models import StockMembership

    rows = StockMembership.objects.using(using)
    found = rows.filter(ledger__partition=partition.slug, object_id=one)
    return found.values_list("state", flat=True).first() or OUTSIDE
