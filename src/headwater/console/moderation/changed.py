"""what_became: what is said where a text was changed while somebody looked at it."""

from __future__ import annotations

from headwater.spam.item import Item


def what_became(item: Item, following: Item | None) -> str:
    """Return what became of ``item``, read anew, where ``following`` is shown in its place."""
    if item.mark is not None:
        now = "it is not among those that you asked for now"
    elif item.is_revised:
        now = "a person has decided on it"
    elif item.zone == "spam":
        now = "the filter refuses it as it is now"
    else:
        now = "the filter accepts it as it is now"
    shown = "the next one is shown" if following else "nothing more waits for you"
    return (
        f"The text was changed after you were shown it. Your decision was not taken, and {now}; "
        f"{shown}."
    )
