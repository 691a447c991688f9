"""What can go wrong with stocks and flows, each with a sentence."""

from __future__ import annotations


class StockAndFlowError(ValueError):
    """The sentence says which definition or record, what was wrong, and what would fit."""


class DefinitionError(StockAndFlowError):
    """A stock, facet, flow, partition or process that cannot be as it is stated."""


class ClockError(StockAndFlowError):
    """A count for a moment before the last one."""


class AppendOnlyError(StockAndFlowError):
    """Somebody tried to change or delete a flow event."""


class NotEnoughRecords(StockAndFlowError):  # noqa: N818
    """Too few counts for what was asked; the sentence says how many it takes."""
