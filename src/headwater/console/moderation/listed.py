"""listed: items in a table, each with who looks at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from headwater.console.moderation.text_shown import Piece, line
from headwater.console.moderation.why import how_sure
from headwater.spam.claims import held_by_others
from headwater.spam.item import MARKS, Item
from headwater.spam.models import Decision, Note
from headwater.spam.revise import standing


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the table."""

    item: Item
    name: str
    line: tuple[Piece, ...]
    sure: str
    mark: tuple[str, str] | None
    held_by: str
    """Who looks at it; empty where nobody else does."""
    decided: Decision | None
    n_notes: int


def listed(items: Sequence[Item], person: Any) -> list[Listed]:
    """Return ``items`` as rows of a table."""
    by_model: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        by_model[item.content_type_id].append(item)
    held: dict[tuple[int, str], str] = {}
    decided: dict[tuple[int, str], Decision] = {}
    noted: dict[tuple[int, str], int] = defaultdict(int)
    for number, some in by_model.items():
        kind, keys = some[0].spammable.content_type, [item.key for item in some]
        for key, one in held_by_others(kind, keys, person).items():
            held[(number, key)] = one.by.get_full_name() or one.by.get_username()
        for decision in standing(kind, keys).select_related("by"):
            decided.setdefault((number, decision.object_id), decision)
        for key in Note.objects.filter(content_type=kind, object_id__in=keys).values_list(
            "object_id", flat=True
        ):
            noted[(number, key)] += 1
    rows = []
    for item in items:
        at = (item.content_type_id, item.key)
        rows.append(
            Listed(
                item,
                item.name[:1].upper() + item.name[1:],
                line(item.text),
                how_sure(item.probability),
                MARKS[item.mark] if item.mark else None,
                held.get(at, ""),
                decided.get(at),
                noted.get(at, 0),
            )
        )
    return rows
