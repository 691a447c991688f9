"""The versions of a filter: its runs, which of them serves, and which could."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.fields.json import KT

from headwater.console.automation_shown import why
from headwater.console.state import State, fit_state
from headwater.console.words import NOTHING
from headwater.learning.models import Fit, FitStatus
from headwater.spam.models import SpamFilter

LISTED = 15
"""Versions on the page, unless all are asked for."""
_HEAVY = ("artifact", "summary", "trace", "definition", "source")


@dataclass(frozen=True, slots=True)
class Version:
    """One run of a filter."""

    fit: Fit
    state: State
    is_serving: bool
    may_serve: bool
    """Whether it succeeded and another serves."""
    n_own: int | None
    n_pretraining: int | None
    score: str
    """“0.974 ± 0.021”: of the measure that the run went by, which ``measure`` names."""
    measure: str
    held_back: bool
    why: str


@dataclass(frozen=True, slots=True)
class Versions:
    """Those that are listed, the newest first."""

    rows: list[Version]
    n: int
    shows_all: bool


def versions(spam_filter: SpamFilter, *, everything: bool = False) -> Versions:
    """Return the versions of ``spam_filter``; of many the newest, unless ``everything``."""
    fits = (
        spam_filter.fits.defer(*_HEAVY)
        .annotate(
            told_own=KT("summary__n_own"),
            told_pretraining=KT("summary__n_pretraining"),
            told_held_back=KT("summary__held_back"),
        )
        .select_related("requested_by")
    )
    n = fits.count()
    rows = [_version(fit, spam_filter) for fit in (fits if everything else fits[:LISTED])]
    return Versions(rows, n, n <= len(rows))


def held_back(spam_filter: SpamFilter) -> Fit | None:
    """Return the newest run where it succeeded and was held back; None where it serves or failed.

    Whoever lets another version serve afterwards has decided, and is not asked again.
    """
    newest = spam_filter.fits.filter(status=FitStatus.SUCCEEDED).defer("artifact", "trace").first()
    if newest is None or newest.pk == spam_filter.current_fit_id:
        return None
    return newest if (newest.summary or {}).get("held_back") else None


def _version(fit: Fit, spam_filter: SpamFilter) -> Version:
    fit.model = spam_filter
    serving = fit.pk == spam_filter.current_fit_id
    scores = fit.scores or {}
    mean, spread = scores.get("objective"), scores.get("deviations")
    own, pretraining = getattr(fit, "told_own", None), getattr(fit, "told_pretraining", None)
    return Version(
        fit=fit,
        state=fit_state(fit),
        is_serving=serving,
        may_serve=fit.status == FitStatus.SUCCEEDED and not serving,
        n_own=None if own is None else int(own),
        n_pretraining=None if pretraining is None else int(pretraining),
        score=NOTHING if mean is None else f"{mean:.3f} ± {spread or 0.0:.3f}",
        measure=str(scores.get("objective_name", "")),
        held_back=bool(getattr(fit, "told_held_back", None)),
        why=why(fit),
    )
