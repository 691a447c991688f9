"""What can be wrong with a network, each with a sentence."""

from __future__ import annotations


class NetworkError(ValueError):
    """A network that cannot be built or inferred as it is stated; the message is a sentence."""


class DefinitionChanged(NetworkError):  # noqa: N818
    """A posterior is asked for that belongs to another definition than the network has now."""
