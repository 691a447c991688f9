"""What can be done with a run besides looking at it, and why not where it cannot."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.urls import reverse

from headwater.console.choices import User
from headwater.console.rights import Right, may_see_groups, rights
from headwater.console.views.follow import Follow, follow_of
from headwater.console.words import counted
from headwater.learning.models import Fit
from headwater.learning.targets import Target
from headwater.segmentation.models import SegmentList
from headwater.sources.reads import dataset_id


@dataclass(frozen=True, slots=True)
class Other:
    """A run of the same rows."""

    pk: int
    label: str


@dataclass(frozen=True, slots=True)
class Actions:
    """What the foot of the page offers."""

    again: str
    """Address of the workbench with the settings of this run."""
    history: str
    change: Right
    run: Right
    makes_segments: bool
    targets: tuple[Target, ...]
    """Fields that can take the segments; none for rows of a dataset."""
    of_dataset: bool
    written_to: str
    follow: Follow | None
    others: tuple[Other, ...]
    n_lists: int
    groups: tuple[Group, ...]
    """Groups that a list can be shared with: those of the person."""


def actions_of(fit: Fit, user: User) -> Actions:
    """Return what ``user`` can do with ``fit``."""
    from headwater.segmentation.write_to_field import targets_for

    model = fit.model
    has = rights(user, model)
    if has.change:
        again = reverse("headwater:analyse-edit", args=[model.pk])
    else:
        again = f"{reverse('headwater:analyse')}?like={model.pk}"
    of_dataset = dataset_id(fit.source) is not None
    makes_segments = fit.n_groups is not None
    return Actions(
        again=again,
        history=reverse("headwater:analysis", args=[model.pk]),
        change=has.change,
        run=has.run,
        makes_segments=makes_segments,
        targets=tuple(targets_for(fit, user)) if makes_segments else (),
        of_dataset=of_dataset,
        written_to=model.results_storage,
        follow=follow_of(model, user) if makes_segments else None,
        others=tuple(others_of(fit, user)) if makes_segments else (),
        n_lists=SegmentList.objects.visible_to(user).filter(model=model).count(),
        groups=tuple(Group.objects.filter(user=user.pk)),
    )


def others_of(fit: Fit, user: User) -> list[Other]:
    """Return other runs of the same rows whose groups the person may see."""
    from headwater.segmentation.comparable import comparable_with

    return [
        Other(one.pk, f"{one.model}, run {one.pk}: {counted(one.n_groups, 'segment')}")
        for one in comparable_with(fit, user)
        if may_see_groups(user, one)
    ]
