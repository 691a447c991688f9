"""What a signed-in person may do, and the sentence that says why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.reach import crossed

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


def _labels(source: dict[str, Any]) -> Iterator[str]:
    """Yield “app.model” of each model that a fit's ``source`` reads, relations included."""
    for also in source.get("also", []):
        yield from _labels(also)
    label = str(source.get("model", ""))
    yield label.lower()
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return  # not installed any more; its permission may still be there
    for lookup in [*source.get("columns", []), *(source.get("filter") or {})]:
        for reached in crossed(model, lookup):
            yield reached._meta.label_lower


def _missing(user: AbstractBaseUser | AnonymousUser, source: dict[str, Any]) -> list[str]:
    """Return the view permissions that ``user`` lacks on what ``source`` reads."""
    needed = dict.fromkeys(
        f"{app}.view_{name}" for app, _, name in (x.partition(".") for x in _labels(source))
    )
    return [one for one in needed if not user.has_perm(one)]  # type: ignore[union-attr]


def may_see_rows(user: AbstractBaseUser | AnonymousUser, fit: Fit) -> Right:
    """Return whether ``user`` may see rows that ``fit`` learned from: their keys and values.

    That needs the view permission of every Django model that the fit read, also of the owner of
    the statistical model. What the fit read counts, not what its model would read now.
    """
    missing = _missing(user, fit.source)
    if not missing:
        return Right(True)
    return Right(
        False,
        "Rows are hidden from you, and so is every picture of them: seeing them needs "
        f"{_permissions(missing)}. Ask whoever manages the users of this site.",
    )


def may_see_groups(user: AbstractBaseUser | AnonymousUser, fit: Fit) -> Right:
    """Return whether ``user`` may see sizes and means of the groups of ``fit``.

    Its rows' permission is enough, and so is owning the statistical model.
    """
    if fit.model.owner_id is not None and fit.model.owner_id == user.pk:
        return Right(True)
    missing = _missing(user, fit.source)
    if not missing:
        return Right(True)
    return Right(
        False,
        "Sizes and means of the groups are hidden from you: seeing them needs "
        f"{_permissions(missing)}. Ask whoever manages the users of this site.",
    )


def _permissions(names: list[str]) -> str:
    told = " and ".join(f"“{name}”" for name in names)
    return f"the permission{'s' if len(names) > 1 else ''} {told}"
