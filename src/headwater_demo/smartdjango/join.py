"""Join: somebody new comes to the site, and has a group at once."""

from __future__ import annotations

import logging
import random

from django.db.models import Max, Min
from django.utils import timezone

from headwater.learning.errors import FitError
from headwater_demo.smartdjango.clustering import clustering
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.page_types import PAGE_TYPES, time_field, visits_field

COUNTED_FOR_A_NEW_USER = 5
SPREAD = 0.4
"""Standard deviation of a new user's times around those of whom they resemble, in seconds."""
NOBODY_TO_RESEMBLE = {"age": 30, "sex": 1, "avg1": 10.0, "avg_time_logged": 180.0}

logger = logging.getLogger("headwater_demo.smartdjango")


def join(rng: random.Random) -> UserInfo:
    """Return a new user, stored, who resembles one of those there are and has visited once.

    The group comes from what the current fit has learned, without a refit; the counter of the
    statistical model goes up by five, and may ask for one, in the background.
    """
    user_info = like(_somebody(rng), rng)
    model = clustering()
    if model is not None and model.is_inferred:
        try:
            user_info.cluster_1 = model.assign(user_info)
        except (FitError, ValueError):
            # The site works without groups: the next fit gives this user one.
            logger.exception("The new user could not be given a group.")
    user_info.save()
    if model is not None:
        model.increment_counter(COUNTED_FOR_A_NEW_USER)
    return user_info


def like(other: UserInfo | None, rng: random.Random) -> UserInfo:
    """Return a user, not stored, around ``other``, with one visit on pages of each type."""
    user_info = UserInfo(joined_at=timezone.now(), visits_pages=len(PAGE_TYPES))
    for name, value in NOBODY_TO_RESEMBLE.items():
        setattr(user_info, name, value if other is None else getattr(other, name))
    for page_type in ("", *PAGE_TYPES):
        mean = 20.0 if other is None else getattr(other, time_field(page_type))
        setattr(user_info, time_field(page_type), max(0.5, rng.gauss(mean, SPREAD)))
        if page_type:
            setattr(user_info, visits_field(page_type), 1)
    return user_info


def _somebody(rng: random.Random) -> UserInfo | None:
    """Return a user by chance, without counting or reading the table; None where it is empty."""
    ends = UserInfo.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return None
    near = rng.randint(ends["first"], ends["last"])
    return UserInfo.objects.filter(pk__gte=near).order_by("pk").first()
