"""Process: stocks and flows that are looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headwater.stockandflow.definitions.flow import Flow
from headwater.stockandflow.definitions.partition import Partition
from headwater.stockandflow.definitions.slug import checked_slug
from headwater.stockandflow.definitions.stock import Stock
from headwater.stockandflow.errors import DefinitionError


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """Stocks (single ones, or whole partitions) and flows for one page.

    A partition that no process names has a page of its own; so it needs no process.
    """

    slug: str
    name: str
    stocks: Sequence[Stock | Partition] = ()
    flows: Sequence[Flow] = ()
    description: str = ""

    def __post_init__(self) -> None:
        checked_slug("process", self.slug)
        for one in self.stocks:
            if not isinstance(one, (Stock, Partition)):
                raise DefinitionError(
                    f"The process “{self.slug}” has {one!r} among its stocks. Give stocks or "
                    "partitions."
                )

    def __str__(self) -> str:
        return self.name

    @property
    def partitions(self) -> tuple[Partition, ...]:
        """Its partitions."""
        return tuple(one for one in self.stocks if isinstance(one, Partition))

    @property
    def single_stocks(self) -> tuple[Stock, ...]:
        """Its stocks that are of no partition."""
        return tuple(one for one in self.stocks if isinstance(one, Stock))
