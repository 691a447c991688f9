"""The number of users that somebody asks for on a command line or in a setting."""

from __future__ import annotations

from argparse import ArgumentTypeError

from django.core.exceptions import ImproperlyConfigured

MINIMUM, MAXIMUM = 4, 5_000_000


def number_of_users(text: str) -> int:
    """Return ``text`` as a number of users to generate; else say what would fit."""
    try:
        number = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        number = -1
    if not MINIMUM <= number <= MAXIMUM:
        raise ArgumentTypeError(
            f"the number of users was “{text}”; it must be a whole number from {MINIMUM} to "
            f"{MAXIMUM:,}"
        )
    return number


def users_setting(text: str) -> int:
    """Return ``HEADWATER_DEMO_USERS`` as a number of users; else say what would fit."""
    try:
        return number_of_users(text)
    except ArgumentTypeError as error:
        raise ImproperlyConfigured(f"HEADWATER_DEMO_USERS: {error}.") from None
