"""Following the labels of a statistical model: its groups become stocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from headwater.console.rights import Right, may_follow
from headwater.console.views.page import ModelPage
from headwater.engines.periods import DAILY, PERIODS
from headwater.learning.models import StatisticalModel
from headwater.learning.targets import Target, TargetError, resolve_target
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.follow import follow_field, partition_of, unfollow
from headwater.stockandflow.models import FollowedField
from headwater.stockandflow.tasks import count_task


@dataclass(frozen=True, slots=True)
class Follow:
    """Whether the labels of a model are followed, and whether they may be."""

    field: str
    """The field in words; empty where the model writes no labels."""
    right: Right
    address: str
    """Of the process that shows the stocks; empty where the labels are not followed."""
    by_code: bool
    """True: a ``stocks.py`` follows them, so they cannot be let go of here."""
    periods: tuple[str, ...] = PERIODS[:4]
    every: str = DAILY


def follow_of(model: StatisticalModel, user: AbstractBaseUser | AnonymousUser) -> Follow | None:
    """Return what is to be said of following ``model``; None where it writes no labels."""
    target = _target(model)
    if target is None:
        return None
    partition = partition_of(target.model, target.field.name)
    row = None if partition is None else FollowedField.objects.filter(slug=partition.slug).first()
    return Follow(
        field=target.label,
        right=may_follow(user, model, target.model),
        address="" if partition is None else process_address(partition.slug),
        by_code=partition is not None and row is None,
        every=row.every if row is not None else DAILY,
    )


def process_address(slug: str) -> str:
    """Return the address of the page that shows the partition ``slug``."""
    from headwater.stockandflow.discover import all_processes

    for process in all_processes():
        if any(one.slug == slug for one in process.partitions):
            return reverse("headwater:process", args=[process.slug])
    return reverse("headwater:stocks")


def _target(model: StatisticalModel) -> Target | None:
    try:
        return resolve_target(model.results_storage) if model.results_storage else None
    except TargetError:
        return None


class FollowLabels(ModelPage):
    """Makes the groups of a model stocks, from now on; or lets go of them."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        target = _target(model)
        if target is None:
            raise PermissionDenied(f"“{model}” writes no labels, so there is nothing to follow.")
        self.require(may_follow(request.user, model, target.model))
        if request.POST.get("stop"):
            return self._stop(model, target)
        values: dict[str, Any] = {"name": str(model), "created_by": request.user}
        if request.POST.get("every") in PERIODS:
            values["every"] = request.POST["every"]
        try:
            row = follow_field(target.model, target.field.name, **values)
        except DefinitionError as refused:
            self.say(str(refused), messages.WARNING)
            return self.back_to(model)
        count_task.enqueue([row.slug])
        self.say(
            f"The groups of “{model}” are stocks now, counted {row.get_every_display()}. The first "
            "count is queued; who moves is told from the second one on."
        )
        return self.back_to(model)

    def _stop(self, model: StatisticalModel, target: Target) -> HttpResponse:
        partition = partition_of(target.model, target.field.name)
        slug = "" if partition is None else partition.slug
        row = FollowedField.objects.filter(slug=slug).first()
        if row is None:
            self.say(f"The groups of “{model}” are not followed by a click.", messages.WARNING)
        else:
            unfollow(row)
            self.say("They are not counted any more. What was counted is kept.", messages.INFO)
        return self.back_to(model)
