"""tried: what a filter thinks of a text that somebody typed in, and why."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Any

from headwater.console.filters.highlight import Run, highlight
from headwater.console.moderation.why import how_sure
from headwater.console.words import figure, percent
from headwater.learning.errors import FitError
from headwater.spam.models import SpamFilter
from headwater.spam.serving import serving
from headwater.spam.zones import zone_of

logger = logging.getLogger("headwater.console")

LONGEST = 1_000_000
"""Characters of a text that is tried, at most."""
SHOWN = 20_000
"""Characters of it that the page shows."""
PARTS = 60
"""Reasons that are asked for, to mark them in the text."""
LISTED = 12
"""Those that are listed."""

_HAPPENS = {
    "ham": ("It would be accepted", "success"),
    "unsure": ("It would be held for a person", "warning"),
    "spam": ("It would be refused", "danger"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A word or a feature, and what it does to the odds."""

    term: str
    kind: str
    """What it is, where it is no whole word."""
    is_spam: bool
    """Whether it speaks for spam."""
    push: str
    """In log-odds: “+1.32”."""
    told: str
    """“odds × 3.7”: what the odds of spam become by it."""
    share: float
    """Of the greatest push."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a filter thinks of one text."""

    probability: float
    told: str
    """The probability: “97%”, “under 0.1%”."""
    sure: str
    """In words."""
    zone: str
    happens: str
    tone: str
    reasons: tuple[Reason, ...]
    runs: tuple[Run, ...]
    n_left_out: int
    """Characters of the text that the page does not show."""
    sum: str
    """How the reasons add up; where there are none, why."""


def try_text(spam_filter: SpamFilter, text: str) -> tuple[Tried | None, str]:
    """Return what ``spam_filter`` thinks of ``text``, or None and a sentence why it cannot say."""
    try:
        return _tried(spam_filter, text), ""
    except FitError as error:
        return None, str(error)
    except Exception as error:
        logger.warning(
            "The spam filter “%s” failed on a text that was tried.", spam_filter, exc_info=True
        )
        return None, (
            f"The filter failed on this text ({type(error).__name__}); what went wrong is in the "
            "log. Train it again, or let an earlier version serve."
        )


def _tried(spam_filter: SpamFilter, text: str) -> Tried:
    from headwater.engines.text.explain import explain
    from headwater.engines.text.prepare import preparation

    serves = serving(spam_filter.name)
    explained = explain(serves.scorer, text, most=PARTS)
    prepare = preparation(serves.scorer.representation.settings)
    zone = zone_of(explained.probability, serves)
    happens, tone = _HAPPENS[zone]
    pushes = [(part.term, part.push) for part in explained.parts if part.group != "feature"]
    return Tried(
        probability=explained.probability,
        told=told(explained.probability),
        sure=how_sure(explained.probability),
        zone=zone,
        happens=happens,
        tone=tone,
        reasons=_reasons(explained.parts[:LISTED]),
        runs=highlight(text[:SHOWN], pushes, prepare),
        n_left_out=max(0, len(text) - SHOWN),
        sum=_sum(explained),
    )


def told(probability: float) -> str:
    """Return a probability that is never told as certain.

    >>> told(0.97), told(0.9999), told(0.00002)
    ('97%', 'over 99.9%', 'under 0.1%')
    """
    return "over 99.9%" if probability > 0.999 else percent(probability)


def _reasons(parts: Any) -> tuple[Reason, ...]:
    most = max((abs(part.push) for part in parts), default=0.0) or 1.0
    kinds = {"characters": "pieces of it", "feature": "feature of the text", "code point": "place"}
    return tuple(
        Reason(
            part.term,
            kinds.get(part.group, ""),
            part.push > 0,
            f"{part.push:+.2f}".replace("-", "−"),
            _times(abs(part.push), rises=part.push > 0),
            abs(part.push) / most,
        )
        for part in parts
    )


def _times(push: float, *, rises: bool) -> str:
    times = math.exp(min(push, 50.0))
    if times < 1.05:
        return "hardly any"
    return f"odds {'×' if rises else '÷'} {figure(times, 2)}"


def _sum(explained: Any) -> str:
    if not explained.parts:
        if explained.is_exact:
            return "None of its words is known to the filter."
        return "No part of it moves the verdict by itself."
    pushed = sum(part.push for part in explained.parts[:LISTED])
    rest = explained.score - explained.bias - pushed
    numbers = [f"{one:+.2f}".replace("-", "−") for one in (explained.bias, pushed, rest)]
    total = f"{explained.score:+.2f}".replace("-", "−")
    kind = "" if explained.is_exact else " Each is what changes when that part alone is left out."
    return (
        f"In log-odds: {numbers[0]} to begin with, {numbers[1]} by what is listed, {numbers[2]} by "
        f"everything else make {total}.{kind}"
    )
