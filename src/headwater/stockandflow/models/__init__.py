"""The books: events, records, memberships, and what the schedule keeps."""

from headwater.stockandflow.models.events import Cause, FlowEvent, FlowEventModel, SubjectKey
from headwater.stockandflow.models.feed import FeedToken
from headwater.stockandflow.models.followed import FollowedField
from headwater.stockandflow.models.ledger import Ledger, StockMembership
from headwater.stockandflow.models.records import (
    FlowFacetRecord,
    FlowRecord,
    Period,
    StockFacetRecord,
    StockRecord,
)
from headwater.stockandflow.models.work import PendingCall, RunStatus, ScheduledRun

__all__ = [
    "Cause",
    "FeedToken",
    "FlowEvent",
    "FlowEventModel",
    "FlowFacetRecord",
    "FlowRecord",
    "FollowedField",
    "Ledger",
    "PendingCall",
    "Period",
    "RunStatus",
    "ScheduledRun",
    "StockFacetRecord",
    "StockMembership",
    "StockRecord",
    "SubjectKey",
]
