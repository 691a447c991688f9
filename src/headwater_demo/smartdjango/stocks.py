"""SmartDjango's groups of users as stocks: who is in which, and who changes."""

from __future__ import annotations

from headwater.stockandflow import ModelTracker, Partition
from headwater.stockandflow.periods import HOURLY
from headwater_demo.smartdjango.models import UserInfo

user_groups = Partition(
    "user-groups",
    UserInfo,
    "cluster_1",
    name="Users by group",
    every=HOURLY,
    description=(
        "The groups that “Clustering (Example)” finds in how users spend their time. A new user "
        "has one at once. When the model learns anew, who is in another group has moved, or was "
        "relabelled where the user did nothing in between."
    ),
)

partitions = [user_groups]
# A new user, and one whose group somebody changes in the admin, is noted at once. The labels that
# a fit writes go past save(); the next count finds them.
trackers = [ModelTracker.of(user_groups)]
