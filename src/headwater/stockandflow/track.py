"""Track: events as objects are saved and deleted."""

from __future__ import annotations


def watch_all() -> None:
    """Watch the models of all trackers."""
