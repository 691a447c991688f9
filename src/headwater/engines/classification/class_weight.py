"""How much each class counts, as the catalog's parameter says it."""

from __future__ import annotations

from typing import Literal

ClassWeight = Literal["none", "balanced"]


def as_scikit_learn(class_weight: ClassWeight) -> str | None:
    """Return what scikit-learn's classifiers take; raises ValueError for what is neither."""
    if class_weight not in ("none", "balanced"):
        raise ValueError(f"class_weight was {class_weight!r}; it takes one of “none”, “balanced”.")
    return None if class_weight == "none" else class_weight
