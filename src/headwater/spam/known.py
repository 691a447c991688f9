"""Known: how many texts have a term that a filter knows, and whether it does better than luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

BLOCK = 4_096
FEW = 0.5
"""Share of texts with a known term below which a warning says so."""


def warnings_of(encoder: Any, texts: Sequence[str], right: Any, y: Any) -> list[str]:
    """Return what a person should know before they trust a filter, in sentences.

    ``encoder``, a ``Representation``, was learned from ``texts``; ``right`` (m,) is of each judged
    text whether it was taken for what it is, ``y`` (m,) whether it is spam.
    """
    return [one for one in (_unknown(encoder, texts), _no_better(right, y)) if one]


def _unknown(encoder: Any, texts: Sequence[str]) -> str:
    groups = np.array(encoder.groups_, dtype=str)
    if "code point" in groups:
        return ""
    n, known = len(texts), _n_known(encoder, texts, groups != "feature")
    if known >= FEW * n:
        return ""
    change = "Change or empty “Fixed vocabulary”, or count other terms."
    if known:
        return (
            f"Only {known:,} of {n:,} texts have a word or piece of a word that is known. {change}"
        )
    if "feature" in groups:
        return (
            f"Nothing in the texts is known: no word or piece of a word that is counted occurs in "
            f"any of the {n:,}, so only the hand-made features tell them apart. {change}"
        )
    return (
        f"Nothing in the texts is known: no word or piece of a word that is counted occurs in any "
        f"of the {n:,}, so the filter guesses. {change}"
    )


def _n_known(encoder: Any, texts: Sequence[str], terms: Any) -> int:
    of_terms = terms.astype(np.float64)
    if not terms.any():
        return 0
    return sum(
        int((abs(encoder.transform(texts[at : at + BLOCK])) @ of_terms > 0).sum())
        for at in range(0, len(texts), BLOCK)
    )


def _no_better(right: Any, y: Any) -> str:
    share = float(np.mean(right))
    n_spam, n = int(np.sum(y)), len(y)
    most = max(n_spam, n - n_spam) / n
    if share > most:
        return ""
    name = "spam" if 2 * n_spam > n else "not spam"
    return (
        f"It does no better than to call every text “{name}”, which is right on {100 * most:.0f} % "
        f"of them; it is right on {100 * share:.0f} %."
    )
