"""alike: what waits and says nearly the same as an item, and whether it came at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Abs

from headwater.spam.item import Item, item_of
from headwater.spam.queue import Queue

LOOKED_AT = 500
"""Rows that an item is compared with: those whose probability is nearest to its own."""
LETTERS = 2000
"""Characters of each that are compared."""
MOST = 100
"""Items that are shown together with one."""
WINDOW = 600.0
"""Seconds that are a short time."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Items that say nearly the same as one, itself left out."""

    items: tuple[Item, ...]
    in_burst: int
    """How many of all came within ``minutes`` of each other, the item among them; 0: no burst."""
    minutes: int


def alike(item: Item, queue: Queue) -> Alike:
    """Return what waits in ``queue`` and is like ``item``; what others hold is left out."""
    from headwater.engines.text.bursts import bursts
    from headwater.engines.text.similar import similar

    rows = queue.open_rows(item.spammable).exclude(pk=item.row.pk)
    if item.probability is not None:
        # The filter thinks nearly the same of texts that say nearly the same.
        rows = rows.order_by(Abs(F("v_spam_probability") - item.probability), "pk")
    some = rows[:LOOKED_AT]
    found = [item, *(item_of(item.spammable, row, queue.spam_filter) for row in some)]
    groups = similar([one.text[:LETTERS] for one in found]).groups
    mine = int(groups[0])
    if mine < 0:
        return Alike((), 0, 0)
    together = [one for one, group in zip(found, groups, strict=True) if group == mine]
    dated = [one.at.timestamp() for one in together if one.at is not None]
    largest = max(
        bursts(dated, [0] * len(dated), window=WINDOW),
        key=lambda burst: burst.count,
        default=None,
    )
    return Alike(
        tuple(together[1 : MOST + 1]),
        largest.count if largest else 0,
        max(1, round((largest.end - largest.start) / 60)) if largest else 0,
    )
