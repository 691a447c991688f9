"""Runs as rows of a table: who, when, what with, and how good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet

from headwater.console.automation_shown import why
from headwater.console.settings_shown import technique_settings
from headwater.console.state import State, fit_state
from headwater.console.words import figure
from headwater.console.workbench.addresses import result_address
from headwater.console.workbench.found import found_in_room
from headwater.console.workbench.pages import kept
from headwater.console.workbench.techniques import short_name, technique_cards
from headwater.learning.models import Fit, FitStatus
from headwater.sources.reads import dataset_id

PER_PAGE = 25
SHOWN = 3
"""Parameters told in short, at most."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run."""

    fit: Fit
    state: State
    technique: str
    parameters: str
    found: str
    scores: list[tuple[str, str]]
    version: int | None
    who: str
    succeeded: bool
    comparable: bool
    """Whether it has segments that can be compared with those of another run."""
    address: str
    """The page of what it found; empty where it has not succeeded."""


def run_rows(fits: Iterable[Fit]) -> list[RunRow]:
    """Return ``fits`` as rows; their summaries are not read."""
    return [
        RunRow(
            fit=fit,
            state=fit_state(fit),
            technique=short_name(fit.technique),
            parameters=in_short(fit),
            found=found_in_room(fit) if fit.status == FitStatus.SUCCEEDED else "",
            scores=_scores(fit),
            version=fit.source.get("version") if dataset_id(fit.source) is not None else None,
            who=str(fit.requested_by) if fit.requested_by else why(fit),
            succeeded=fit.status == FitStatus.SUCCEEDED,
            comparable=fit.status == FitStatus.SUCCEEDED and fit.n_groups is not None,
            address=result_address(fit) if fit.status == FitStatus.SUCCEEDED else "",
        )
        for fit in fits
    ]


def in_short(fit: Fit) -> str:
    """Return the parameters that matter, as “Groups 3, Random seed 7”."""
    settings = technique_settings(fit.technique, fit.parameters)
    told = [one for one in settings if not one.is_folded][:SHOWN]
    return ", ".join(f"{one.label} {one.value}" for one in told)


def with_quality(fits: QuerySet[Fit]) -> QuerySet[Fit]:
    """Return ``fits`` with the silhouette beside them, and without what is heavy."""
    return (
        fits.annotate(silhouette=F("summary__quality__silhouette"))
        .defer("artifact", "summary", "trace")
        .select_related("requested_by", "model__source__content_type", "model__source__dataset")
    )


def _scores(fit: Fit) -> list[tuple[str, str]]:
    scores = []
    silhouette = getattr(fit, "silhouette", None)
    if isinstance(silhouette, (int, float)):
        scores.append(("silhouette", figure(float(silhouette), 3)))
    objective = (fit.scores or {}).get("objective")
    if isinstance(objective, (int, float)):
        technique_word = {"k_means": "inertia"}.get(fit.technique, "score")
        scores.append((technique_word, figure(float(objective), 4)))
    return scores


def runs_of(fits: QuerySet[Fit], asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what the history shows of ``fits`` for what is ``asked``: text, technique, page."""
    query, technique = asked.get("q", "").strip(), asked.get("technique", "")
    found_ones = fits.filter(_matches(query))
    if technique:
        found_ones = found_ones.filter(technique=technique)
    page = Paginator(with_quality(found_ones).order_by("-pk"), PER_PAGE).get_page(asked.get("page"))
    runs = run_rows(page.object_list)
    return {
        "kept": kept(asked),
        "runs": runs,
        "page": page,
        "query": query,
        "technique_asked": technique,
        "techniques": [(card.key, card.label) for card in technique_cards()],
        "compared": two_newest(runs),
        "is_filtered": bool(query or technique),
    }


def two_newest(runs: list[RunRow]) -> tuple[int, int] | None:
    """Return the two newest runs that can be compared, the older one first."""
    done = [run.fit.pk for run in runs if run.comparable]
    return (done[1], done[0]) if len(done) > 1 else None


def _matches(query: str) -> Q:
    if not query:
        return Q()
    named = [card.key for card in technique_cards() if query.lower() in card.label.lower()]
    wanted = (
        Q(model__name__icontains=query)
        | Q(model__source__dataset__name__icontains=query)
        | Q(model__source__content_type__model__icontains=query)
        | Q(requested_by__username__icontains=query)
        | Q(technique__in=named)
    )
    number = query.lower().removeprefix("run").strip()
    return wanted | Q(pk=int(number)) if number.isdecimal() and len(number) < 19 else wanted
