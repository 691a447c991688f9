"""The overview: what there is, and what there is to do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse

from headwater.console.networks.result import in_short
from headwater.console.rights import may_see_groups
from headwater.console.state import (
    EMPTY,
    FAILED,
    INPUT_CHANGED,
    NEVER,
    QUEUED,
    RUNNING,
    STALE,
    found,
    model_state,
    newest_fits,
    with_input,
)
from headwater.console.views.page import Page
from headwater.console.workbench.overview import at_a_glance
from headwater.learning.chain import learned_anew_of
from headwater.learning.models import StatisticalModel


def _groups(
    model: StatisticalModel, user: AbstractBaseUser | AnonymousUser
) -> list[dict[str, Any]]:
    fit = model.current_fit
    if fit is None:
        return []
    fit.model = model
    return fit.summary.get("groups", []) if may_see_groups(user, fit) else []


def _in_short(model: StatisticalModel, user: AbstractBaseUser | AnonymousUser) -> str:
    """Return what a network without groups learned; empty where ``user`` may not see it."""
    fit = model.current_fit
    if fit is None or fit.n_groups is not None:
        return ""
    fit.model = model
    return in_short(fit) if may_see_groups(user, fit) else ""


class Overview(Page):
    """Where a person starts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        models = list(
            StatisticalModel.objects.visible_to(request.user).select_related(
                "source__content_type", "current_fit"
            )
        )
        newest = newest_fits(models)
        anew = learned_anew_of(model.current_fit for model in models if model.current_fit)
        states = [
            (
                model,
                with_input(model_state(model, newest.get(model.pk)), model.current_fit_id in anew),
            )
            for model in models
        ]
        asks = {
            FAILED.key: "Its last run failed. Read why, and run it again.",
            EMPTY.key: "Its result was cleared. Run it again to have one.",
            NEVER.key: "It has not been run yet.",
            INPUT_CHANGED.key: "The labels that it learns from have changed. Run it to use them.",
            STALE.key: "Its settings changed after its last result. Run it to use them.",
        }
        return self.render(
            "overview.html",
            {
                "models": models,
                "glance": at_a_glance(request.user),
                "waiting": self.n_waiting,
                "to_do": [
                    {"model": model, "state": state, "sentence": asks[state.key]}
                    for model, state in states
                    if state.key in asks
                ],
                "under_way": [
                    {"model": model, "state": state, "fit": newest[model.pk]}
                    for model, state in states
                    if state in (QUEUED, RUNNING)
                ],
                "results": [
                    {
                        "model": model,
                        "fit": model.current_fit,
                        "found": found(model.current_fit),
                        "groups": _groups(model, request.user),
                        "has_groups": model.current_fit.n_groups is not None,
                        "in_short": _in_short(model, request.user),
                    }
                    for model in models
                    if model.current_fit
                ],
                "n_rows": sum(
                    m.current_fit.n_rows or 0
                    for m in models
                    if m.current_fit and m.current_fit.n_groups is not None
                ),
                "n_ready": sum(1 for model in models if model.current_fit),
            },
        )
