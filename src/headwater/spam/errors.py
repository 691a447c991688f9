"""What can keep a decision from being taken, each with a sentence."""

from __future__ import annotations


class DecisionRefused(ValueError):  # noqa: N818
    """A decision that cannot be taken as things are; nothing was changed."""


class HeldByAnother(DecisionRefused):
    """Somebody else is looking at the row."""


class DecidedMeanwhile(DecisionRefused):
    """A decision was taken on the row after it was shown."""


class TextChanged(DecisionRefused):
    """The text is another one than was shown."""


class RowGone(DecisionRefused):
    """The row was deleted."""
