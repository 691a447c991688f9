"""What a signed-in person may do, and the sentence that says why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from headwater.learning.models import StatisticalModel

APP = "headwater_learning"


@dataclass(frozen=True, slots=True)
class Right:
    """Whether something is allowed; falsy with a reason where it is not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do with one model."""

    run: Right
    change: Right
    delete: Right


def _right(user: AbstractBaseUser | AnonymousUser, owns: bool, codename: str, verb: str) -> Right:
    if owns or user.has_perm(f"{APP}.{codename}"):  # type: ignore[union-attr]
        return Right(True)
    return Right(
        False,
        f"You may not {verb}: this needs the permission “{codename}”. "
        "Ask whoever manages the users of this site.",
    )


def rights(user: AbstractBaseUser | AnonymousUser, model: StatisticalModel) -> Rights:
    """Return what ``user`` may do with ``model``; an owner may do everything."""
    owns = model.owner_id is not None and model.owner_id == user.pk
    return Rights(
        run=_right(user, owns, "run_inference", f"run “{model}”"),
        change=_right(user, owns, "change_statisticalmodel", f"change “{model}”"),
        delete=_right(user, owns, "delete_statisticalmodel", f"delete “{model}”"),
    )


def may_add(user: AbstractBaseUser | AnonymousUser) -> Right:
    """Return whether ``user`` may make a new model."""
    return _right(user, False, "add_statisticalmodel", "make a new model")
