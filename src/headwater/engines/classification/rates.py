"""error_rates: how often the machine errs, estimated from what people looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Decided = Literal["ham", "spam", "person"]

DRAWS = 20_000
"""Draws from the posterior; the ends of the intervals are then good to about 1 % of their width."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Items that were treated alike, of which a random part was labelled by people.

    Items that were labelled because of what they are (a complaint, a moderator's search) are no
    random part: they are a stratum of their own with ``labelled`` equal to ``n``.
    """

    name: str
    decided: Decided
    """Whether the machine accepted them (“ham”), refused them (“spam”), or left them to people."""
    n: int
    """Items that there are."""
    labelled: int
    """Items that a person labelled."""
    spam: int
    """Those of the labelled that are spam."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its interval."""

    share: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """Return it as plain values."""
        return {"share": self.share, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """What the machine does wrong, of all items, labelled or not."""

    false_positive: Rate | None
    """Honest items that were refused, of all honest ones; None where too little was labelled."""
    false_negative: Rate | None
    """Spam that was accepted, of all spam."""
    spam: Rate | None
    """Spam, of all items."""
    accepted_spam: Rate | None
    """Spam, of those that were accepted."""
    refused_ham: Rate | None
    """Honest ones, of those that were refused."""
    n: int
    labelled: int
    level: float
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        told: dict[str, Any] = {
            name: None if rate is None else rate.as_json()
            for name, rate in (
                ("false_positive", self.false_positive),
                ("false_negative", self.false_negative),
                ("spam", self.spam),
                ("accepted_spam", self.accepted_spam),
                ("refused_ham", self.refused_ham),
            )
        }
        return {
            **told,
            "n": self.n,
            "labelled": self.labelled,
            "level": self.level,
            "sentence": self.sentence,
        }


def error_rates(
    strata: Sequence[Stratum], rng: np.random.Generator, *, level: float = 0.95, draws: int = DRAWS
) -> ErrorRates:
    """Return the machine's error rates from the labelled parts of ``strata``.

    Each labelled item stands for n / labelled of its stratum (inverse-probability weights). The
    intervals are of the posterior under Jeffreys' prior in each stratum: the items that nobody
    labelled are drawn from its beta-binomial distribution with ``rng``, so that a stratum that was
    labelled in full adds no doubt. An interval always holds its estimate, and begins at 0 (ends
    at 1) where no (every) labelled item counts.
    """
    for stratum in strata:
        _check(stratum)
    some = [stratum for stratum in strata if stratum.n]
    n, labelled = sum(each.n for each in some), sum(each.labelled for each in some)
    unseen = [each for each in some if not each.labelled]
    if not some or unseen:
        return ErrorRates(None, None, None, None, None, n, labelled, level, _unseen(unseen, n))
    best = _Counts.of(some, np.array([[each.n * each.spam / each.labelled] for each in some]))
    drawn = _Counts.of(some, np.array([_draw(each, rng, draws) for each in some]))

    def rate(part: str, whole: str) -> Rate | None:
        of, total = float(getattr(best, part)[0]), float(getattr(best, whole)[0])
        if total <= 0:
            return None
        wholes = getattr(drawn, whole)
        shares = np.divide(
            getattr(drawn, part), wholes, out=np.zeros_like(wholes), where=wholes > 0
        )
        low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
        share = of / total
        return Rate(
            share,
            0.0 if share == 0 else min(float(low), share),
            1.0 if share == 1 else max(float(high), share),
        )

    false_positive = rate("refused_ham", "ham")
    false_negative = rate("accepted_spam", "spam")
    return ErrorRates(
        false_positive=false_positive,
        false_negative=false_negative,
        spam=rate("spam", "n"),
        accepted_spam=rate("accepted_spam", "accepted"),
        refused_ham=rate("refused_ham", "refused"),
        n=n,
        labelled=labelled,
        level=level,
        sentence=_sentence(false_positive, false_negative, n, labelled, level),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Numbers of items (draws,), by what they are and what was done."""

    spam: Floats
    ham: Floats
    accepted_spam: Floats
    refused_ham: Floats
    accepted: Floats
    refused: Floats
    n: Floats

    @classmethod
    def of(cls, strata: Sequence[Stratum], spam: Floats) -> _Counts:
        """Return the counts where ``spam`` (strata, draws) of each stratum are spam."""
        sizes = np.array([[each.n] for each in strata], dtype=np.float64)
        ham = sizes - spam
        accepted = np.array([[each.decided == "ham"] for each in strata])
        refused = np.array([[each.decided == "spam"] for each in strata])
        all_items = np.broadcast_to(sizes, spam.shape)
        return cls(
            spam=spam.sum(axis=0),
            ham=ham.sum(axis=0),
            accepted_spam=(spam * accepted).sum(axis=0),
            refused_ham=(ham * refused).sum(axis=0),
            accepted=(all_items * accepted).sum(axis=0),
            refused=(all_items * refused).sum(axis=0),
            n=all_items.sum(axis=0),
        )


def _draw(stratum: Stratum, rng: np.random.Generator, draws: int) -> Floats:
    """Return how many of the stratum may be spam (draws,): the known ones and some of the rest."""
    rest = stratum.n - stratum.labelled
    if not rest:
        return np.full(draws, float(stratum.spam))
    shares = rng.beta(stratum.spam + 0.5, stratum.labelled - stratum.spam + 0.5, size=draws)
    return stratum.spam + rng.binomial(rest, shares).astype(np.float64)


def _check(stratum: Stratum) -> None:
    if not 0 <= stratum.spam <= stratum.labelled <= stratum.n:
        raise ValueError(
            f"“{stratum.name}” has {stratum.n:,} items, {stratum.labelled:,} of them labelled and "
            f"{stratum.spam:,} of those spam; each is a part of the one before."
        )


def _unseen(unseen: Sequence[Stratum], n: int) -> str:
    if not unseen:
        return "There are no items yet."
    first = unseen[0]
    return (
        f"Of the {n:,} items, none of the {first.n:,} of “{first.name}” was labelled by a person: "
        "the error rates can be told once some of them are, drawn at random."
    )


def _sentence(
    false_positive: Rate | None, false_negative: Rate | None, n: int, labelled: int, level: float
) -> str:
    parts = []
    if false_positive is not None:
        parts.append(f"About {_told(false_positive)} of honest items are refused")
    if false_negative is not None:
        parts.append(f"{'a' if parts else 'A'}bout {_told(false_negative)} of spam is accepted")
    return (
        f"{', and '.join(parts)}: estimated from {labelled:,} labels for {n:,} items, with "
        f"{100 * level:.6g}% intervals."
    )


def _told(rate: Rate) -> str:
    return f"{_percent(rate.share)} ({_percent(rate.low)} to {_percent(rate.high)})"


def _percent(share: float) -> str:
    many = 100 * share
    digits = 0 if many == 0 or many >= 99.95 else 2 if many < 1 else 1
    return f"{many:.{digits}f}%"
