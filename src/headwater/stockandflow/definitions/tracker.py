"""ModelTracker: records flow events as objects are saved and deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from headwater.stockandflow.definitions.flow import End, Flow
from headwater.stockandflow.definitions.partition import Partition
from headwater.stockandflow.definitions.stock import Stock
from headwater.stockandflow.errors import DefinitionError

StatesToStocks = Callable[[tuple[Any, ...], tuple[Any, ...]], tuple[Sequence[End], Sequence[End]]]
"""Takes the field values before and after; returns the stocks before and after, one for each
sub-state. Before an object is made, and after it is deleted, its values are all None."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelTracker:
    """Watches ``fields_to_track`` and records an event for each flow that takes the move.

    ``ModelTracker.of(partition)`` watches a partition instead, and needs nothing else.
    """

    fields_to_track: Sequence[str] = ()
    states_to_stocks_func: StatesToStocks | None = None
    stocks: Sequence[Stock] = ()
    flows: Sequence[Flow] = ()
    partition: Partition | None = None

    def __post_init__(self) -> None:
        if self.partition is not None:
            return
        if not self.fields_to_track or self.states_to_stocks_func is None or not self.flows:
            raise DefinitionError(
                "A tracker needs fields_to_track, states_to_stocks_func and flows; or a partition: "
                "ModelTracker.of(partition)."
            )
        if not self.stocks:
            raise DefinitionError(
                "A tracker needs stocks: they tell which model's objects it watches."
            )
        if len({stock.model._meta.concrete_model for stock in self.stocks}) > 1:
            raise DefinitionError("The stocks of a tracker must all be of one model.")

    @classmethod
    def of(cls, partition: Partition) -> ModelTracker:
        """Return the tracker of ``partition``."""
        return cls(partition=partition)

    @property
    def model(self) -> type[Model]:
        """The model whose objects it watches."""
        if self.partition is not None:
            return self.partition.model
        return self.stocks[0].model
