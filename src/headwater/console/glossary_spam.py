"""The words of spam filters."""

from __future__ import annotations

from headwater.console.glossary_term import Term

SPAM = (
    Term(
        "spam-filter",
        "spam filter",
        "A model that learns from texts that people judged which other texts are spam.",
        "It learns from people's decisions and from pre-training rows, never from its own guesses.",
    ),
    Term(
        "zones",
        "zones",
        "What becomes of a text: accepted, held for a person, or refused, by its probability of "
        "spam and two thresholds.",
    ),
    Term(
        "pretraining",
        "pre-training rows",
        "Texts from elsewhere whose label is known, to begin with before there are own rows.",
        "They can weigh less and less as own rows arrive. With enough own rows they are learned "
        "from, and the score is measured on own rows only.",
    ),
    Term(
        "audit",
        "audit",
        "A small random share of what the filter decides alone, shown to a person all the same.",
        "Only that tells how often it errs where it is sure.",
    ),
    Term(
        "dimensionality",
        "dimensionality",
        "How many numbers stand for one text: a column for each word, piece of a word or feature.",
    ),
    Term(
        "held-back",
        "held back",
        "Of a new run: clearly worse than the one that serves, on the same texts that neither had "
        "learned from. It is kept and can be chosen, and the one before goes on serving.",
    ),
)
