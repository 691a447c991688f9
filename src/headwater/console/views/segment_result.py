"""The page of a run in the room of segments, and the parts of it that follow a choice."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from headwater.console.automation_shown import why
from headwater.console.dates import notes_with_dates
from headwater.console.flows.section import Section
from headwater.console.reads_shown import reads_shown
from headwater.console.rights import rights
from headwater.console.segments.actions import actions_of
from headwater.console.segments.directions import biplot_section
from headwater.console.segments.metrics import metrics_of
from headwater.console.segments.picture import picture_section
from headwater.console.segments.sections import sections_of
from headwater.console.segments.shown import Shown, shown_of
from headwater.console.segments.stability import stability_shown
from headwater.console.segments.tree import keep_of, tree_of
from headwater.console.settings_shown import encoding_settings, technique_settings
from headwater.console.state import fit_state
from headwater.console.views.models import raw_of
from headwater.console.views.page import Page
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.errors import FitError
from headwater.learning.models import UNFINISHED, Fit, FitStatus, StatisticalModel

FAMILIES = ("clustering", "decomposition")


class RunPage(Page):
    """A page about one run of a clustering or a decomposition that the person may see."""

    room = "segments"

    def find_run(self, pk: int, *, finished: bool = True) -> Fit:
        """Return the run, or raise Http404: also for one that the person may not see."""
        visible = StatisticalModel.objects.visible_to(self.request.user)
        fits = Fit.objects.defer("artifact").select_related(
            "model__source__dataset",
            "model__source__content_type",
            "model__owner",
            "model__current_fit",
            "requested_by",
        )
        fit = get_object_or_404(fits, pk=pk, model__in=visible)
        technique = TECHNIQUES.get(fit.technique)
        if technique is None or technique.family not in FAMILIES:
            raise Http404(f"Run {pk} has neither segments nor components.")
        if finished and fit.status != FitStatus.SUCCEEDED:
            raise Http404(f"Run {pk} has no result.")
        return fit

    def frame(self, fit: Fit, here: str) -> dict[str, Any]:
        """Return what the breadcrumbs of a page about ``fit`` need; ``here`` is the page."""
        return {
            "fit": fit,
            "model": fit.model,
            "here": here,
            "segments_address": reverse("headwater:segments"),
            "analysis_address": reverse("headwater:analysis", args=[fit.model_id]),
        }

    def data(self) -> dict[str, str]:
        """Return the parameters of the address, each with its last value."""
        return {name: values[-1] for name, values in self.request.GET.lists() if values}

    def shown(self, fit: Fit) -> tuple[Shown, str]:
        """Return ``fit`` as the address asks for it, and why its tree is not cut so.

        ``?n=4`` cuts the tree of a hierarchical run into four segments, without keeping that.
        """
        data = self.data()
        wanted = data.get("n", "")
        if not wanted or not (fit.summary or {}).get("tree"):
            return shown_of(fit, self.request.user, data=data), ""
        problem = ""
        if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7:
            n = int(wanted)
            if n == fit.n_groups:
                return shown_of(fit, self.request.user, data=data), ""
            from headwater.segmentation.cut import preview_cut

            try:
                preview = preview_cut(fit, n)
                return shown_of(
                    fit,
                    self.request.user,
                    data=data,
                    preview=preview,
                    cut=len(preview.get("groups", [])),
                ), ""
            except FitError as refused:
                problem = str(refused)
        else:
            problem = f"“{wanted}” is no number of segments. Choose a whole number."
        return shown_of(fit, self.request.user, data=data), problem


class RunDetail(RunPage):
    """Everything that a run found, and what can be done with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        fit = self.find_run(pk, finished=False)
        context = self.about(fit)
        if fit.status != FitStatus.SUCCEEDED:
            return self.render("segmentation_unfinished.html", context)
        shown, problem = self.shown(fit)
        sections = sections_of(shown)
        tree = tree_of(shown)
        context |= {
            **body_of(shown, sections, problem),
            "tree": tree,
            "keep": keep_of(fit, request.user),
            "address": reverse("headwater:segmentation", args=[fit.pk]),
            "cut_address": reverse("headwater:segmentation-cut", args=[fit.pk]),
            "scripts": scripts_of(sections, has_tree=tree is not None),
            "actions": actions_of(fit, request.user),
            "technique_settings": technique_settings(fit.technique, fit.parameters),
            "encoding_settings": encoding_settings(fit.encoding),
            "notes": notes_with_dates(fit.summary or {}, shown.dates) if shown.sees_groups else [],
            "raw": raw_of(fit, request.user),
            "exports": exports_of(fit),
            "stability": stability_shown(fit, request.user) if fit.n_groups else None,
        }
        return self.render("segmentation.html", context)

    def about(self, fit: Fit) -> dict[str, Any]:
        """Return what the head of the page says."""
        technique = TECHNIQUES[fit.technique]
        return {
            **self.frame(fit, f"Run {fit.pk}"),
            "technique": technique,
            "state": fit_state(fit),
            "why": why(fit),
            "reads": reads_shown(fit.source),
            "rights": rights(self.request.user, fit.model),
            "current": fit.model.current_fit,
            "is_current": fit.model.current_fit_id == fit.pk,
            "unfinished": fit.effective_status in UNFINISHED,
        }


class CutFragment(RunPage):
    """What follows the line in the tree: everything of the page below it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        fit = self.find_run(pk)
        shown, problem = self.shown(fit)
        sections = sections_of(shown)
        response = self.render(
            "parts/segment_body.html",
            {
                **body_of(shown, sections, problem),
                "fit": fit,
                "keep": keep_of(fit, request.user),
                "tree": tree_of(shown),
                "swaps": True,
                "rights": rights(request.user, fit.model),
            },
        )
        address = reverse("headwater:segmentation", args=[fit.pk])
        if shown.cut is not None:
            address += f"?n={shown.cut}"
        response.headers["HX-Replace-Url"] = address
        return response


class PictureFragment(RunPage):
    """The picture along other columns or components."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        fit = self.find_run(pk)
        shown, _ = self.shown(fit)
        if not shown.sees_groups:
            raise Http404("This run has no picture that you may see.")
        section = biplot_section(shown) if shown.is_decomposition else picture_section(shown)
        if section is None:
            raise Http404("This run has no picture.")
        return self.render(
            section.template.removeprefix("headwater/"),
            {**section.context, "section": section, "shown": shown},
        )


def body_of(shown: Shown, sections: list[Section], problem: str) -> dict[str, Any]:
    """Return what ``parts/segment_body.html`` draws."""
    from headwater.segmentation.quality import quality_sentence

    return {
        "shown": shown,
        "sections": sections,
        "metrics": metrics_of(shown) if shown.sees_groups else [],
        "verdict": quality_sentence(shown.summary) if shown.sees_groups else "",
        "problem": problem,
        "tree_n": len(shown.groups),
        "json_query": f"?n={shown.cut}" if shown.cut is not None else "",
    }


def exports_of(fit: Fit) -> dict[str, list[tuple[str, str]]]:
    """Return (kind, address) of the files that the page offers."""

    def addresses(name: str, *kinds: str) -> list[tuple[str, str]]:
        return [
            (
                kind.upper() if kind != "parquet" else "Parquet",
                reverse(f"headwater:segmentation-{name}", args=[fit.pk, kind]),
            )
            for kind in kinds
        ]

    return {
        "rows": addresses("rows", "csv", "xlsx", "parquet"),
        "summary": addresses("summary", "csv", "json") if fit.n_groups is not None else [],
    }


def scripts_of(sections: list[Section], *, has_tree: bool) -> list[str]:
    """Return the scripts that the page needs beside the charts' own."""
    found = dict.fromkeys(name for section in sections for name in section.scripts)
    return [*found, "headwater/segments.js", *(["headwater/dendrogram.js"] if has_tree else [])]


def to_run(fit: Fit, anchor: str = "") -> HttpResponse:
    """Return a redirect to the page of ``fit``, or to a section of it."""
    address = reverse("headwater:segmentation", args=[fit.pk])
    return redirect(f"{address}#{anchor}" if anchor else address)
