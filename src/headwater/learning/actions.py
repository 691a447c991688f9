"""Actions: the words that say what is done when a counter reaches its threshold."""

from __future__ import annotations

import difflib

from headwater.learning.models import RECALCULATE

ACTIONS = {RECALCULATE: "fits again in the background"}
"""Word -> what it does."""


def actions_of(text: str) -> tuple[str, ...]:
    """Return the words of ``text``, which spaces part, each once.

    >>> actions_of(" :recalculate  :recalculate ")
    (':recalculate',)
    """
    return tuple(dict.fromkeys(text.split()))


def action_errors(text: str) -> list[str]:
    """Return a sentence for each word of ``text`` that is no action."""
    known = ", ".join(f"“{word}” ({what})" for word, what in ACTIONS.items())
    errors = []
    for word in actions_of(text):
        if word in ACTIONS:
            continue
        close = difflib.get_close_matches(word.lower(), ACTIONS, n=1)
        did_you_mean = f" Did you mean “{close[0]}”?" if close else ""
        errors.append(
            f"“{word}” is no action.{did_you_mean} Known: {known}. Several are parted by spaces; "
            "leave it empty to count only."
        )
    return errors
