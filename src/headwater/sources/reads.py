"""What a fit read, as plain values: whose rows those were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DATASET = "dataset"


def rows_key(reads: Mapping[str, Any]) -> str:
    """Return whose rows ``reads`` (``Source.as_json``) are: “shop.Customer”, “dataset:12”, or “”.

    >>> rows_key({"model": "shop.Customer"}), rows_key({"dataset": 12, "version": 3}), rows_key({})
    ('shop.Customer', 'dataset:12', '')
    """
    if DATASET in reads:
        return f"{DATASET}:{reads[DATASET]}"
    return str(reads.get("model", ""))


def dataset_id(reads: Mapping[str, Any]) -> int | None:
    """Return the dataset that ``reads`` is of; None where it is of a Django model."""
    found = reads.get(DATASET)
    return found if isinstance(found, int) else None
