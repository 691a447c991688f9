"""What the list of processes says of partitions and stocks that are stated nowhere any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from headwater.console.words import counted
from headwater.stockandflow.retired import Retired, retired

PERMISSION = "headwater_stockandflow.view_stockrecord"
"""Nobody can tell any more whose objects were counted: so this is for who may see all records."""
MOST_LEVELS = 12


@dataclass(frozen=True, slots=True)
class RetiredShown:
    """One line of the list; see ``templates/headwater/parts/stocks_retired.html``."""

    slug: str
    is_partition: bool
    counted_at: datetime
    levels: tuple[tuple[str, int], ...]
    more: str
    """“3 more stocks”, or empty."""


def retired_for(user: AbstractBaseUser | AnonymousUser) -> list[RetiredShown]:
    """Return what is retired, for a person who may see the records of all stocks; else nothing."""
    if not user.has_perm(PERMISSION):  # type: ignore[union-attr]
        return []
    return [_shown(one) for one in retired()]


def _shown(one: Retired) -> RetiredShown:
    levels = tuple(one.levels.items())
    more = len(levels) - MOST_LEVELS
    return RetiredShown(
        slug=one.slug,
        is_partition=one.is_partition,
        counted_at=one.counted_at,
        levels=levels[:MOST_LEVELS],
        more=counted(more, "more stock") if more > 0 else "",
    )
