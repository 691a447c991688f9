"""What a study may be asked for, by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.learning.errors import FitError
from headwater.segmentation.models import StudyKind

LARGEST = 30
"""Groups that a choice tries, at most."""
NEIGHBOURS = 500
"""Neighbours that distances are asked for, at most."""
CURVES = 5
"""Curves of one study of distances, at most."""
BOOTSTRAPS = 500
"""Runs of one study of stability, at most."""
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    StudyKind.CHOICE: {"smallest": 2, "largest": 10},
    StudyKind.DISTANCES: {"min_samples": [5]},
    StudyKind.STABILITY: {"bootstraps": 50},
}


def clean_parameters(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a study of ``kind`` with the defaults beside them.

    “choice”: ``smallest`` and ``largest`` number of groups (2 to 10). “distances”:
    ``min_samples``, a number or several (5). “stability”: ``bootstraps`` (50). Raises FitError
    for what does not fit.
    """
    known = _DEFAULTS[kind]
    for name in given:
        if name not in known:
            raise FitError(
                f"A study of the kind “{kind}” has no parameter “{name}”; it has "
                f"{', '.join(f'“{one}”' for one in known)}."
            )
    whole = {**known, **given}
    if kind == StudyKind.CHOICE:
        smallest = _whole("smallest", whole["smallest"], 2, LARGEST)
        return {
            "smallest": smallest,
            "largest": _whole("largest", whole["largest"], smallest, LARGEST),
        }
    if kind == StudyKind.DISTANCES:
        asked = whole["min_samples"]
        several = sorted(
            {
                _whole("min_samples", one, 1, NEIGHBOURS)
                for one in (asked if isinstance(asked, (list, tuple)) else [asked])
            }
        )
        if not 1 <= len(several) <= CURVES:
            raise FitError(
                f"“min_samples” was {len(several)} numbers; it takes from 1 to {CURVES} at a time."
            )
        return {"min_samples": several}
    return {"bootstraps": _whole("bootstraps", whole["bootstraps"], 10, BOOTSTRAPS)}


def _whole(name: str, value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise FitError(f"“{name}” was {value!r}; it takes a whole number from {least} to {most}.")
    return value
