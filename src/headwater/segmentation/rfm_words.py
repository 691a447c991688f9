"""The usual words for recency, frequency and monetary scores; data, not code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RfmWord:
    """What rows are called whose mean scores lie from some values on."""

    word: str
    meaning: str
    recency: float
    """Mean recency score, at least."""
    worth: float
    """Mean of the frequency and the monetary score, at least."""
    recency_below: float = 6.0


RFM_WORDS: tuple[RfmWord, ...] = (
    RfmWord("champions", "came lately, often, and spent much", 4.0, 4.0),
    RfmWord("loyal", "came rather often or spent rather much, not long ago", 3.0, 3.0),
    RfmWord("promising", "came lately, and now and then", 3.5, 2.0),
    RfmWord("new", "came lately, with little so far", 3.5, 1.0),
    RfmWord("not to be lost", "came often and spent much, long ago", 1.0, 4.0, 2.0),
    RfmWord("at risk", "came often or spent much, some time ago", 1.0, 3.5, 3.0),
    RfmWord("in need of attention", "in the middle of all three", 2.5, 2.5),
    RfmWord("about to fall asleep", "little, and not lately", 2.5, 1.0),
    RfmWord("asleep", "some, long ago", 1.0, 2.0),
    RfmWord("lost", "little, long ago", 1.0, 1.0),
)
"""The first whose limits both means keep is the one; the last one takes all that is left."""


def rfm_word(recency: float, worth: float) -> RfmWord:
    """Return the word for a mean recency score and a mean of the other two, each from 1 to 5.

    >>> rfm_word(4.6, 4.2).word, rfm_word(1.4, 1.5).word, rfm_word(1.4, 4.5).word
    ('champions', 'lost', 'not to be lost')
    """
    for one in RFM_WORDS[:-1]:
        if one.recency <= recency < one.recency_below and worth >= one.worth:
            return one
    return RFM_WORDS[-1]
