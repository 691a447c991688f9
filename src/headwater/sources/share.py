"""share: the groups whose members may read a dataset."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from headwater.sources.models import Dataset


def groups_offered(dataset: Dataset, user: Any) -> list[Group]:
    """Return the groups that ``user`` may share with: the own ones, and those it is shared with."""
    own = Group.objects.filter(user=user.pk)
    return list((own | Group.objects.filter(pk__in=dataset.shared_with.values("pk"))).distinct())


def share(dataset: Dataset, groups: Collection[int], *, user: Any) -> list[Group]:
    """Share ``dataset`` with these groups and with no other; return them.

    ``user`` can share with groups that they belong to, and keep what is shared already. Raises
    ``ValueError`` for any other group, and where the dataset is not theirs.
    """
    if not dataset.belongs_to(user):
        raise ValueError(f"“{dataset}” is not yours; only its owner shares it.")
    offered = {group.pk: group for group in groups_offered(dataset, user)}
    if any(pk not in offered for pk in groups):
        raise ValueError("A dataset can be shared with groups that you belong to, and no other.")
    chosen = [offered[pk] for pk in dict.fromkeys(groups)]
    with transaction.atomic():
        dataset.shared_with.set(chosen)
    return chosen
