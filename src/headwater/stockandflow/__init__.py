"""Stocks and flows: how many are where, who moves, and books that balance."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headwater.stockandflow.balance import balance
    from headwater.stockandflow.count import count_stocks
    from headwater.stockandflow.definitions import (
        Facet,
        Flow,
        ModelTracker,
        Partition,
        Process,
        Stock,
    )
    from headwater.stockandflow.diff import diff_partition
    from headwater.stockandflow.forecast import forecast

_PLACES = {
    "Facet": "definitions",
    "Flow": "definitions",
    "ModelTracker": "definitions",
    "Partition": "definitions",
    "Process": "definitions",
    "Stock": "definitions",
    "balance": "balance",
    "count_stocks": "count",
    "diff_partition": "diff",
    "forecast": "forecast",
}
__all__ = [
    "Facet",
    "Flow",
    "ModelTracker",
    "Partition",
    "Process",
    "Stock",
    "balance",
    "count_stocks",
    "diff_partition",
    "forecast",
]


def __getattr__(name: str) -> Any:
    """Import on first use: this package is imported before Django's models are there."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found


class _Package(ModuleType):
    """Keeps a verb, and not the module of the same name that it lives in."""

    def __setattr__(self, name: str, value: object) -> None:
        # Importing a submodule sets it on its package.
        if name in _PLACES and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
