"""Ask for the study that helps to choose, of what stands in the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from headwater.console.workbench.helped import Helped
from headwater.learning.errors import FitError
from headwater.segmentation.models import Study, StudyKind
from headwater.segmentation.study import request_study
from headwater.sources.reach import unviewable

MOST = 10
"""Segments that are tried, unless somebody asks for more."""


def ask_for_study(helped: Helped, asked: Mapping[str, Any], user: Any) -> Study:
    """Return the study of the kind that ``asked`` names; a worker runs it.

    Raises FitError, a sentence, for what cannot be studied.
    """
    chosen = helped.chosen
    if chosen is None:
        raise FitError("Choose rows and at least one column first; then they can be studied.")
    source = chosen.source()
    try:
        source.clean()
    except ValidationError as error:
        raise FitError(" ".join(error.messages)) from None
    if hidden := unviewable(source, user):
        raise FitError(" ".join(sentence for found in hidden.values() for sentence in found))
    kind = str(asked.get("study", ""))
    parameters: dict[str, Any] = {}
    if kind == StudyKind.CHOICE:
        parameters = {"smallest": 2, "largest": _largest(asked.get("largest"))}
    elif kind == StudyKind.DISTANCES:
        parameters = {"min_samples": [helped.min_samples]}
    else:
        raise FitError(f"There is no study “{kind}” that helps to choose.")
    return request_study(
        kind, user, source=source.as_json(), encoding=chosen.encoding, parameters=parameters
    )


def _largest(given: object) -> int:
    text = str(given or MOST).strip()
    if not text.isdecimal() or len(text) > 4 or int(text) < 3:
        raise FitError(f"“Try up to” was {text!r}; it takes a whole number from 3 to 30.")
    return int(text)
