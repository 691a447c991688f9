"""What a person may do with datasets."""

from __future__ import annotations

from headwater.console.choices import User
from headwater.console.rights import Right
from headwater.sources.models import Dataset

ADD = "headwater_sources.add_dataset"


def may_add_dataset(user: User) -> Right:
    """Return whether ``user`` may upload files and open samples."""
    if user.has_perm(ADD):  # type: ignore[union-attr]
        return Right(True)
    return Right(
        False,
        f"You may not make a dataset: this needs the permission “{ADD}”. "
        "Ask whoever manages the users of this site.",
    )


def may_change_dataset(user: User, dataset: Dataset) -> Right:
    """Return whether ``user`` may rename, replace, share and delete ``dataset``: if they own it."""
    if dataset.belongs_to(user):
        return Right(True)
    return Right(
        False,
        f"“{dataset}” was shared with you to read; only {dataset.owner.get_username()}, who owns "
        "it, may change it.",
    )
