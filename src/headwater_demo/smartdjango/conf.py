"""The settings of SmartDjango, typed, with their defaults."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings as django_settings

METRICS = [
    "headwater_demo.smartdjango.metrics.average_by_type",
    "headwater_demo.smartdjango.metrics.average_over_all",
    "headwater_demo.smartdjango.metrics.count_for_refit",
]
"""The metrics pipeline where the project does not set ``SMARTDJANGO_METRICS``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Typed view of what SmartDjango reads from the project's settings."""

    HEADWATER_DEMO_USERS: int
    """Users that ``load_demo`` generates where it is not told a number."""
    SMARTDJANGO_METRICS: list[str]
    """Dotted paths of the functions that every visit goes through, in this order."""
    SMARTDJANGO_VIEWS_PER_MINUTE: int
    """Views that are counted for one signed-in person in a minute, at most."""
    SMARTDJANGO_NEW_USERS_PER_HOUR: int
    """Users that one signed-in person can make in an hour, at most."""
    SMARTDJANGO_LONGEST_VIEW: int
    """Seconds; a longer view is refused."""
    SMARTDJANGO_TOKEN_AGE: int
    """Seconds for which the token in a page is good."""
    SMARTDJANGO_COMMENTS_PER_HOUR: int
    """Comments that one person, or one address, can post in an hour, at most."""
    SMARTDJANGO_MESSAGES_PER_HOUR: int
    """Messages that one person, or one address, can send by the contact form in an hour."""


DEFAULTS = Settings(
    HEADWATER_DEMO_USERS=200,
    SMARTDJANGO_METRICS=METRICS,
    SMARTDJANGO_VIEWS_PER_MINUTE=60,
    SMARTDJANGO_NEW_USERS_PER_HOUR=30,
    SMARTDJANGO_LONGEST_VIEW=60 * 60,
    SMARTDJANGO_TOKEN_AGE=6 * 60 * 60,
    SMARTDJANGO_COMMENTS_PER_HOUR=30,
    SMARTDJANGO_MESSAGES_PER_HOUR=10,
)


def settings() -> Settings:
    """Return the project's settings; what is not set has its default."""
    return Settings(
        **{
            name: getattr(django_settings, name, getattr(DEFAULTS, name))
            for name in Settings.__dataclass_fields__
        }
    )
