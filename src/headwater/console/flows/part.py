"""Part: what a process page shows at a time, one partition or the single stocks together."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.stockandflow.definitions import Flow, Partition, Process, Stock

SINGLE = "single-stocks"
"""The key of the part that holds the single stocks. A partition's key is its slug."""


@dataclass(frozen=True, slots=True)
class Part:
    """One partition of a process, or (``partition`` None) its single stocks with its flows."""

    process: Process
    partition: Partition | None = None
    stocks: tuple[Stock, ...] = ()
    flows: tuple[Flow, ...] = ()

    @property
    def key(self) -> str:
        """What ``?part=`` names."""
        return self.partition.slug if self.partition is not None else SINGLE

    @property
    def name(self) -> str:
        """The part in words."""
        return str(self.partition) if self.partition is not None else "Single stocks"

    def name_of(self, state: str) -> str:
        """Return the words for a state or for the slug of a stock; of "", “outside”."""
        if not state:
            return "outside"
        if self.partition is not None:
            return self.partition.name_of(state)
        return next((one.name for one in self.stocks if one.slug == state), state)


def parts_of(process: Process) -> list[Part]:
    """Return the parts of ``process``: its partitions, then its single stocks where it has any."""
    parts = [Part(process, one, flows=tuple(one.flows)) for one in process.partitions]
    if process.single_stocks:
        of_partitions = {flow.slug for one in process.partitions for flow in one.flows}
        flows = tuple(flow for flow in process.flows if flow.slug not in of_partitions)
        parts.append(Part(process, None, process.single_stocks, flows))
    return parts


def counted_things(part: Part) -> tuple[Partition | Stock, ...]:
    """Return what is counted in ``part``: the partition, or the single stocks."""
    return (part.partition,) if part.partition is not None else part.stocks
