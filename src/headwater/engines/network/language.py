"""The node parameter language: its parts in one place.

A parameter text such as ``numpy.full(10, 1e-05)`` or ``alpha, plates=(:dl|Y, ), :ifr`` is read by
``parse`` into ``Arguments`` and worked out by ``evaluate``; nothing in it is ever run as Python.
"""

from __future__ import annotations

from headwater.engines.network.evaluate import (
    MAX_ELEMENTS,
    evaluate,
    evaluate_all,
    unknown_function,
)
from headwater.engines.network.functions import FUNCTIONS, Function
from headwater.engines.network.parse import is_node_name, parse
from headwater.engines.network.syntax import (
    MAX_DEPTH,
    MAX_TEXT,
    Arguments,
    Call,
    DataLength,
    LanguageError,
    Listing,
    Literal,
    NodeName,
    Reference,
    Value,
    walk,
    write,
    write_value,
)

__all__ = [
    "FUNCTIONS",
    "MAX_DEPTH",
    "MAX_ELEMENTS",
    "MAX_TEXT",
    "Arguments",
    "Call",
    "DataLength",
    "Function",
    "LanguageError",
    "Listing",
    "Literal",
    "NodeName",
    "Reference",
    "Value",
    "evaluate",
    "evaluate_all",
    "is_node_name",
    "parse",
    "unknown_function",
    "walk",
    "write",
    "write_value",
]
