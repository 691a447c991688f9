"""What a project states in its ``stocks.py``: stocks, facets, flows, partitions, processes."""

from headwater.stockandflow.definitions.facet import Facet, FacetUse, facet_uses
from headwater.stockandflow.definitions.flow import Flow
from headwater.stockandflow.definitions.partition import Partition
from headwater.stockandflow.definitions.process import Process
from headwater.stockandflow.definitions.stock import Stock
from headwater.stockandflow.definitions.tracker import ModelTracker

__all__ = [
    "Facet",
    "FacetUse",
    "Flow",
    "ModelTracker",
    "Partition",
    "Process",
    "Stock",
    "facet_uses",
]
