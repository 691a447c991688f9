"""Give groups: users get a group from what was learned last, by how they use the site now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import router, transaction

from headwater.learning.errors import FitError
from headwater_demo.smartdjango.clustering import CLUSTERING, clustering
from headwater_demo.smartdjango.models import UserInfo


@dataclass(frozen=True, slots=True)
class Given:
    """How many users were looked at, and how many are in another group now."""

    users: int
    moved: int


def give_groups(users: Iterable[UserInfo]) -> Given:
    """Give each of ``users`` the group of their numbers, without a new fit; all or none.

    Who moves is saved, so the books of the groups have the move at once. Raises FitError where
    nothing was learned yet.
    """
    model = clustering()
    if model is None:
        raise FitError(f"“{CLUSTERING}” was deleted; load_demo makes it again.")
    looked = moved = 0
    with transaction.atomic(using=router.db_for_write(UserInfo)):
        for user_info in users:
            looked += 1
            letter = model.assign(user_info)
            if letter != user_info.cluster_1:
                user_info.cluster_1 = letter
                user_info.save(update_fields=["cluster_1"])
                moved += 1
    return Given(users=looked, moved=moved)
