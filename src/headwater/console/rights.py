"""What a signed-in person may do, and the sentence that says why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import FieldError
from django.db.models import Model

from headwater.console.flows.reads import models_counted, models_of_facet
from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Dataset
from headwater.sources.reach import crossed
from headwater.spam.reviewers import GROUP, MAY_REVIEW
from headwater.stockandflow.definitions import FacetUse, Partition, Stock
from headwater.stockandflow.errors import DefinitionError

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


def may_analyse(user: AbstractBaseUser | AnonymousUser, dataset: Dataset) -> Right:
    """Return whether ``user``, who may see ``dataset``, may make analyses of it."""
    return _right(user, dataset.belongs_to(user), "add_statisticalmodel", f"analyse “{dataset}”")


def _labels(source: dict[str, Any]) -> Iterator[str]:
    """Yield “app.model” of each model that a fit's ``source`` reads, relations included."""
    for also in source.get("also", []):
        yield from _labels(also)
    label = str(source.get("model", ""))
    if not label:
        return  # a dataset's, which is seen by whoever may see the dataset
    yield label.lower()
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return  # not installed any more; its permission may still be there
    known = [source["known"]] if source.get("known") else []
    for lookup in [*source.get("columns", []), *(source.get("filter") or {}), *known]:
        for reached in crossed(model, lookup):
            yield reached._meta.label_lower


def _missing(user: AbstractBaseUser | AnonymousUser, source: dict[str, Any]) -> list[str]:
    """Return the view permissions that ``user`` lacks on what ``source`` reads."""
    needed = dict.fromkeys(
        f"{app}.view_{name}" for app, _, name in (x.partition(".") for x in _labels(source))
    )
    return [one for one in needed if not user.has_perm(one)]  # type: ignore[union-attr]


def may_follow(
    user: AbstractBaseUser | AnonymousUser, model: StatisticalModel, target: type[Model]
) -> Right:
    """Return whether ``user`` may make stocks of the labels that ``model`` writes to ``target``."""
    changes = rights(user, model).change
    if not changes:
        return Right(
            False, "You may not follow its groups, as you may not change it. " + changes.reason
        )
    options = target._meta
    needed = f"{options.app_label}.view_{options.model_name}"
    if user.has_perm(needed):  # type: ignore[union-attr]
        return Right(True)
    return Right(
        False,
        f"You may not follow its groups: seeing how many there are needs {_permissions([needed])}. "
        "Ask whoever manages the users of this site.",
    )


def may_see_stock(user: AbstractBaseUser | AnonymousUser, counted: Partition | Stock) -> Right:
    """Return whether ``user`` may see how many objects a partition or stock holds.

    That needs the view permission of the model of the objects, and of each model that is joined to
    tell where they are. Facets may need more: see ``may_see_facet``.
    """
    try:
        needed = models_counted(counted)
    except (DefinitionError, FieldError) as broken:
        return Right(
            False, f"“{counted}” cannot be shown, as its definition does not hold. {broken}"
        )
    return _may_view(user, needed, f"“{counted}” is hidden from you: seeing it needs")


def may_see_facet(
    user: AbstractBaseUser | AnonymousUser, counted: Partition | Stock, use: FacetUse
) -> Right:
    """Return whether ``user`` may see a partition or stock by a facet.

    That needs the view permission of each model that the facet's lookup crosses to.
    """
    told = f"The facet “{use.facet.name}” is hidden from you: seeing it needs"
    return _may_view(user, models_of_facet(counted, use), told)


def _may_view(
    user: AbstractBaseUser | AnonymousUser, needed: Iterable[type[Model]], told: str
) -> Right:
    names = [f"{one._meta.app_label}.view_{one._meta.model_name}" for one in needed]
    missing = [name for name in names if not user.has_perm(name)]  # type: ignore[union-attr]
    if not missing:
        return Right(True)
    return Right(
        False, f"{told} {_permissions(missing)}. Ask whoever manages the users of this site."
    )


def may_count(user: AbstractBaseUser | AnonymousUser) -> Right:
    """Return whether ``user`` may have stocks counted now."""
    if user.has_perm("headwater_stockandflow.add_stockrecord"):  # type: ignore[union-attr]
        return Right(True)
    return Right(
        False,
        "You may not count now: this needs the permission “headwater_stockandflow.add_stockrecord”."
        " Ask whoever manages the users of this site.",
    )


def may_review(user: AbstractBaseUser | AnonymousUser) -> Right:
    """Return whether ``user`` may judge what waits in the queues, and so read it."""
    if user.has_perm(MAY_REVIEW):  # type: ignore[union-attr]
        return Right(True)
    return Right(
        False,
        f"You may not review content: this needs the permission “{MAY_REVIEW}”, which members of "
        f"“{GROUP}” have. Ask whoever manages the users of this site.",
    )


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
