"""Canonical: one text for all parameter texts that say the same."""

from __future__ import annotations

from headwater.engines.network.parse import parse
from headwater.engines.network.syntax import LanguageError, write


def canonical(parameters: str) -> str:
    """Return ``parameters`` in the one way that ``write`` has; as they are if they cannot be read.

    >>> canonical(" mu,tau ")
    'mu, tau'
    """
    try:
        return write(parse(parameters))
    except LanguageError:
        return parameters
