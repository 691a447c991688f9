"""What a person may do with a spam filter."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from headwater.console.rights import Right, Rights, may_review, may_see_groups
from headwater.learning.models import Fit, StatisticalModel
from headwater.spam.models import SpamFilter

User = AbstractBaseUser | AnonymousUser
SPAM, LEARNING = "headwater_spam", "headwater_learning"


def may_look(user: User, spam_filter: SpamFilter | None = None) -> Right:
    """Return whether ``user`` may look at filters, or at this one; an owner may."""
    return _right(user, spam_filter, f"{SPAM}.view_spamfilter", "see spam filters")


def may_make(user: User) -> Right:
    """Return whether ``user`` may make a new filter."""
    return _right(user, None, f"{SPAM}.add_spamfilter", "make a spam filter")


def filter_rights(user: User, spam_filter: StatisticalModel) -> Rights:
    """Return what ``user`` may do with ``spam_filter``; an owner may do everything."""
    name = f"“{spam_filter}”"
    return Rights(
        run=_right(user, spam_filter, f"{LEARNING}.run_inference", f"train {name}"),
        change=_right(user, spam_filter, f"{SPAM}.change_spamfilter", f"change {name}"),
        delete=_right(user, spam_filter, f"{SPAM}.delete_spamfilter", f"delete {name}"),
    )


def may_read_words(user: User, fit: Fit) -> Right:
    """Return whether ``user`` may see which words ``fit`` learned, and so what texts say.

    Reviewers read the texts themselves; others need to see the rows that it learned from.
    """
    if may_review(user):
        return Right(True)
    groups = may_see_groups(user, fit)
    if groups:
        return groups
    return Right(
        False,
        groups.reason.replace("Sizes and means of the groups", "Words that it learned"),
    )


def may_read_pretraining(user: User, label: str) -> Right:
    """Return whether ``user`` may read the rows of the pre-training model “app.Model”."""
    try:
        options = apps.get_model(label)._meta
    except (LookupError, ValueError):
        return Right(False, f"The model “{label}” is not installed any more.")
    needed = f"{options.app_label}.view_{options.model_name}"
    if user.has_perm(needed):  # type: ignore[union-attr]
        return Right(True)
    return Right(
        False,
        f"Its rows are hidden from you: reading them needs the permission “{needed}”. Ask "
        "whoever manages the users of this site.",
    )


def _right(user: User, spam_filter: StatisticalModel | None, needed: str, verb: str) -> Right:
    owner = None if spam_filter is None else spam_filter.owner_id
    if (owner is not None and owner == user.pk) or user.has_perm(needed):  # type: ignore[union-attr]
        return Right(True)
    return Right(
        False,
        f"You may not {verb}: this needs the permission “{needed}”. Ask whoever manages the users "
        "of this site.",
    )
