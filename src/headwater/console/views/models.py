"""Statistical models: the list, one of them, one of its runs."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.automation_shown import automation_of, why
from headwater.console.dates import DateKind, as_date, date_columns
from headwater.console.raw import to_ten_digits, without_pictures, without_rows
from headwater.console.reads_shown import reads_of, reads_of_all, reads_shown
from headwater.console.result import objective_of, result_of
from headwater.console.rights import may_see_groups, may_see_rows
from headwater.console.settings_shown import encoding_settings, technique_settings
from headwater.console.state import (
    FAILED,
    FILTER,
    STALE,
    changed_unless_asked,
    family_of,
    fit_state,
    found,
    model_state,
    newest_fits,
    progress_of,
    with_input,
)
from headwater.console.views.classifier_parts import (
    FAMILY,
    classifier_of_fit,
    classifier_part,
    filters_of,
)
from headwater.console.views.follow import follow_of
from headwater.console.views.network_parts import network_of_fit, network_part
from headwater.console.views.page import ModelPage, Page
from headwater.console.words import figure, listed
from headwater.console.workbench.addresses import lives_in_room
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.chain import is_automated, learned_anew, learned_anew_of
from headwater.learning.models import UNFINISHED, Fit, FitStatus, StatisticalModel

HISTORY = 20
"""Runs listed on the page of a model, unless all are asked for."""


class ModelList(Page):
    """All models that the person may see."""

    room = "models"

    def get(self, request: HttpRequest) -> HttpResponse:
        models = list(
            StatisticalModel.objects.visible_to(request.user).select_related(
                "source__content_type", "current_fit", "owner"
            )
        )
        newest, reads = newest_fits(models), reads_of_all(models)
        anew = learned_anew_of(model.current_fit for model in models if model.current_fit)
        classifiers = [model for model in models if family_of(model.technique) == FAMILY]
        used_by = filters_of(classifiers, request.user)
        rows = [
            {
                "model": model,
                "state": with_input(
                    model_state(model, newest.get(model.pk)), model.current_fit_id in anew
                ),
                "newest": newest.get(model.pk),
                "current": model.current_fit,
                "technique": TECHNIQUES.get(model.technique),
                "reads": reads[model.pk],
                "used_by": listed([f"“{name}”" for name in used_by.get(model.pk, [])]),
            }
            for model in models
        ]
        return self.render("models.html", {"rows": rows})


def fit_facts(fit: Fit) -> dict[str, Any]:
    """Return the facts of a fit that succeeded, for the head of its result."""
    technique = TECHNIQUES.get(fit.technique)
    objective, _ = objective_of(fit)
    return {
        "found": found(fit),
        "technique": technique,
        "objective": objective,
        "objective_term": "inertia" if objective == "inertia" else "bound",
        "score": figure((fit.scores or {}).get("objective"), 6),
        "seconds": (fit.scores or {}).get("seconds"),
        "matching": (fit.summary or {}).get("matching") or {},
    }


def raw_of(fit: Fit, user: AbstractBaseUser | AnonymousUser) -> str:
    """Return what is kept of ``fit`` and ``user`` may see, as indented JSON without the points."""
    summary = dict(fit.summary or {})
    sees_groups, sees_rows = may_see_groups(user, fit), may_see_rows(user, fit)
    if not sees_groups:
        summary = {"hidden": sees_groups.reason} if summary else {}
    elif not sees_rows:
        summary = without_rows(summary, sees_rows.reason)
    whole = {
        "source": fit.source,
        "technique": fit.technique,
        "parameters": fit.parameters,
        "encoding": fit.encoding,
        **({"definition": fit.definition} if fit.definition else {}),
        "scores": fit.scores,
        "trace": fit.trace,
        "summary": without_pictures(summary),
        "written": fit.written,
        "artifact_digest": fit.artifact_digest,
    }
    return json.dumps(to_ten_digits(whole), indent=1, ensure_ascii=False, default=str)


class ModelDetail(ModelPage):
    """One model: what it found, how it runs, its history and its settings."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        if lives_in_room(model):
            return redirect("headwater:analysis", pk)
        if model.technique == FILTER:
            return redirect("headwater:filter", pk)
        fits = model.fits.defer("artifact", "summary", "trace").select_related("requested_by")
        everything = request.GET.get("runs") == "all"
        n_fits = fits.count()
        history = list(fits if everything else fits[:HISTORY])
        for one in history:
            one.model = model
        latest = history[0] if history else None
        current = model.current_fit
        state = model_state(model, latest)
        anew = learned_anew(current) if current else []
        state = with_input(state, bool(anew))
        succeeded = [fit for fit in history if fit.status == FitStatus.SUCCEEDED]
        changed = changed_unless_asked(model, current, latest)
        context: dict[str, Any] = {
            "model": model,
            "technique": TECHNIQUES.get(model.technique),
            "state": state,
            "rights": self.rights(model),
            "reads": reads_of(model),
            **network_part(model, current, request.user),
            "latest": latest,
            "failed": latest if state is FAILED else None,
            "cancelled": latest if latest and latest.status == FitStatus.CANCELLED else None,
            "progress": progress_of(latest)
            if latest and latest.effective_status in UNFINISHED
            else None,
            "current": current,
            "changed": listed(changed) if state is STALE or changed else "",
            "history": [{"fit": fit, "state": fit_state(fit), "why": why(fit)} for fit in history],
            "anew": listed([f"“{name}”" for name in anew]),
            "anew_follows": is_automated(model),
            "automation": automation_of(model),
            "follow": follow_of(model, request.user),
            "latest_why": why(latest) if latest else "",
            "n_fits": n_fits,
            "shows_all": n_fits <= len(history),
            "compared": (succeeded[1].pk, succeeded[0].pk) if len(succeeded) > 1 else None,
            "technique_settings": technique_settings(model.technique, model.parameters),
            "encoding_settings": encoding_settings(model.encoding),
        }
        if current:
            current.model = model
        if model.specific.family == FAMILY:
            context |= classifier_part(model, current, request.user)
            if current:
                context |= {
                    "facts": fit_facts(current),
                    "raw": raw_of(current, request.user),
                    "fit": current,
                }
            return self.render("classifier.html", context)
        if current:
            context |= {
                "result": result_of(current, request.user),
                "facts": fit_facts(current),
                "raw": raw_of(current, request.user),
                "fit": current,
            }
        return self.render("model.html", context)


class FitDetail(ModelPage):
    """One run of a model, as it was."""

    def get(self, request: HttpRequest, pk: int, fit_pk: int) -> HttpResponse:
        model = self.find_model(pk)
        if model.technique == FILTER:
            return redirect("headwater:filter-run", pk, fit_pk)
        fit = self.find_fit(model, fit_pk)
        fit.model = model
        context: dict[str, Any] = {
            "model": model,
            "fit": fit,
            "state": fit_state(fit),
            "run_name": f"Run {fit.pk}",
            "why": why(fit),
            "is_current": model.current_fit_id == fit.pk,
            "unfinished": fit.effective_status in UNFINISHED,
            "technique_settings": technique_settings(fit.technique, fit.parameters),
            "encoding_settings": encoding_settings(fit.encoding),
            "raw": raw_of(fit, request.user),
            "current": model.current_fit,
            "reads": reads_shown(fit.source),
        }
        if family_of(fit.technique) == FAMILY:
            context |= classifier_of_fit(fit, request.user)
            if fit.status == FitStatus.SUCCEEDED:
                context["facts"] = fit_facts(fit)
            return self.render("classifier_fit.html", context)
        context |= network_of_fit(model, fit, request.user)
        if fit.status == FitStatus.SUCCEEDED:
            context |= {"result": result_of(fit, request.user), "facts": fit_facts(fit)}
        return self.render("fit.html", context)


def _place(value: float, date: DateKind | None) -> str:
    return as_date(value, date, with_time=True) if date else figure(float(value), 6)


class ScatterTable(ModelPage):
    """The points of a run's scatter plot, as a table."""

    def get(self, request: HttpRequest, pk: int, fit_pk: int) -> HttpResponse:
        model = self.find_model(pk)
        fit = self.find_fit(model, fit_pk)
        self.require(may_see_rows(request.user, fit))
        scatter = (fit.summary or {}).get("scatter") or {}
        if not scatter.get("points"):
            raise Http404("This run has no drawn points.")
        letters = scatter["letters"]
        dates = date_columns(fit)
        along, up = dates.get(scatter["x"]), dates.get(scatter["y"])
        rows = [
            (
                row,
                letters[group],
                _place(x, along),
                _place(y, up),
            )
            for x, y, group, row in scatter["points"]
        ]
        return self.render(
            "points.html", {"model": model, "fit": fit, "scatter": scatter, "rows": rows}
        )
