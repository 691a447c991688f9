"""In which state a statistical model is, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from headwater.console.words import counted, figure, listed, percent
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.network.definition import Definition
from headwater.learning.models import UNFINISHED, Fit, FitStatus, StatisticalModel

WAITING_LONG_SECONDS = 8
"""After so long without a worker the page says how to start one."""

PHASES = {
    "reading": "Reading the rows",
    "search": "Looking for groups",
    "refine": "Sharpening the groups",
    "finish": "Finishing the last groups",
    "writing": "Writing the labels",
}
NETWORK_PHASES = {
    "search": "Inferring the nodes",
    "refine": "Inferring the nodes",
    "finish": "Describing what was learned",
}
"""Where they differ for a network."""
CLASSIFIER_PHASES = {
    "try": "Trying settings, part by part",
    "evaluate": "Judging, part by part",
    "learn": "Learning from all labelled rows",
    "finish": "Saying the class of every row",
}
"""Where they differ for a classifier or a text filter."""
CLASSIFIES = ("classification", "text")
"""Families that learn known classes."""
NETWORK = "bayesian_network"
FILTER = "text_filter"
THRESHOLDS = ("ham_below", "spam_from")
"""Of the definition of a filter."""
MANY = 6
"""Nodes that are named, at most."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of a model: ``key`` for code, the rest for people."""

    key: str
    label: str
    tone: str
    """Colour of the badge: success, danger, warning, info or neutral."""


NEVER = State("never", "Not run yet", "neutral")
SETTINGS_ONLY = State("settings", "Settings only", "neutral")
"""Of a classifier without rows, which spam filters refer to."""
QUEUED = State("queued", "Waiting", "info")
RUNNING = State("running", "Running", "info")
EMPTY = State("empty", "No result in use", "neutral")
READY = State("ready", "Ready", "success")
STALE = State("stale", "Settings changed", "warning")
INPUT_CHANGED = State("anew", "Input changed", "warning")
FAILED = State("failed", "Last run failed", "danger")
CANCELLED = State("cancelled", "Cancelled", "neutral")


FIT_STATES = {
    FitStatus.QUEUED: QUEUED,
    FitStatus.RUNNING: RUNNING,
    FitStatus.SUCCEEDED: State("succeeded", "Succeeded", "success"),
    FitStatus.FAILED: State("failed", "Failed", "danger"),
    FitStatus.CANCELLED: CANCELLED,
}


def fit_state(fit: Fit) -> State:
    """Return the state of one fit, as it truly is now."""
    return FIT_STATES[FitStatus(fit.effective_status)]


def changes_since(model: StatisticalModel, fit: Fit) -> list[str]:
    """Return what was changed on ``model`` after ``fit``, as words; empty: nothing."""
    changed = []
    if fit.technique != model.technique:
        changed.append("the technique")
    if fit.parameters != _as_used(fit.parameters, model.parameters):
        changed.append("the parameters")
    if fit.encoding != _as_used(fit.encoding, model.encoding):
        changed.append("how columns are prepared")
    changed += _stated_anew(model, fit)
    if fit.engine_meta_iterations != model.engine_meta_iterations:
        changed.append("the restarts")
    if fit.engine_iterations != model.engine_iterations:
        changed.append("the iterations")
    if fit.results_storage != model.results_storage:
        changed.append("where the labels go")
    return changed


def changed_unless_asked(
    model: StatisticalModel, current: Fit | None, latest: Fit | None
) -> list[str]:
    """Return what was changed after ``current``; nothing where the unfinished ``latest`` has it."""
    if current is None:
        return []
    if latest is not None and latest.effective_status in UNFINISHED:
        return changes_since(model, latest) and changes_since(model, current)
    return changes_since(model, current)


def _stated_anew(model: StatisticalModel, fit: Fit) -> list[str]:
    """Return what differs in what is read and stated; a network states what it reads."""
    specific = model.specific
    changed = []
    if family_of(fit.technique) in CLASSIFIES:
        used, now = (_learned_by(one) for one in (fit.definition, specific.definition()))
        if used != _as_used(used, now):
            changed.append("how it is judged" if fit.technique != FILTER else "the filter")
    elif _other_network(fit.definition, specific.definition()):
        return ["the network"]
    elif fit.definition:
        return []
    read, reads = fit.source or {}, specific.reads()
    if read.get("known") != reads.get("known") and family_of(fit.technique) in CLASSIFIES:
        changed.append("the label")
    if read.get("columns", reads.get("columns")) != reads.get("columns"):
        changed.append("the columns")
    if (read.get("filter") or {}) != (reads.get("filter") or {}):
        changed.append("the filter")
    return changed


def _learned_by(definition: dict[str, Any]) -> dict[str, Any]:
    """Return ``definition`` without the thresholds of a filter, which count without a new run."""
    return {key: value for key, value in definition.items() if key not in THRESHOLDS}


def _other_network(was: dict[str, Any], now: dict[str, Any]) -> bool:
    """Return whether a network is stated, filtered or drawn otherwise; spaces do not count."""
    if was == now:
        return False
    whole = [
        (Definition.from_json(one).digest, one.get("filters"), one.get("graph_intervals"))
        for one in (was, now)
    ]
    return whole[0] != whole[1]


def family_of(technique: str) -> str:
    """Return the family of ``technique``; empty where there is no such technique."""
    known = TECHNIQUES.get(technique)
    return "" if known is None else known.family


def _definition_words(fit: Fit) -> str:
    """Return what the definition of ``fit`` says, in words."""
    if fit.technique == FILTER:
        return "the filter"
    return "how it is judged" if family_of(fit.technique) in CLASSIFIES else "the network"


def changes_between(before: Fit, after: Fit) -> list[str]:
    """Return which settings differ between two fits, as words; empty: none."""
    return [
        words
        for name, words in (
            ("technique", "the technique"),
            ("parameters", "the parameters"),
            ("definition", _definition_words(after)),
            ("encoding", "how columns are prepared"),
            ("source", "the columns or the filter"),
            ("engine_meta_iterations", "the restarts"),
            ("engine_iterations", "the iterations"),
        )
        if getattr(before, name) != getattr(after, name)
    ]


def _as_used(used: dict[str, object], given: dict[str, object]) -> dict[str, object]:
    """Return ``given`` over ``used``: a value that is not given keeps the one the fit had."""
    return {**used, **given}


def model_state(model: StatisticalModel, latest: Fit | None) -> State:
    """Return the state of ``model``, whose newest fit is ``latest``."""
    if latest is None:
        is_settings = model.source_id is None and family_of(model.technique) == "classification"
        return SETTINGS_ONLY if is_settings else NEVER
    status = FitStatus(latest.effective_status)
    if status == FitStatus.QUEUED:
        return QUEUED
    if status == FitStatus.RUNNING:
        return RUNNING
    if status == FitStatus.FAILED:
        return FAILED
    current = model.current_fit
    if current is None:
        return CANCELLED if status == FitStatus.CANCELLED else EMPTY
    return STALE if changes_since(model, current) else READY


def with_input(state: State, input_has_changed: bool) -> State:
    """Return ``state`` of a model, which is not ready where labels that it learned from changed."""
    return INPUT_CHANGED if state is READY and input_has_changed else state


def newest_fits(models: Iterable[StatisticalModel]) -> dict[int, Fit]:
    """Return model id -> its newest fit, in two queries for any number of models."""
    newest = (
        Fit.objects.filter(model__in=[model.pk for model in models])
        .order_by()
        .values("model")
        .annotate(newest=Max("pk"))
        .values_list("newest", flat=True)
    )
    return {fit.model_id: fit for fit in Fit.objects.filter(pk__in=list(newest)).defer("artifact")}


@dataclass(frozen=True, slots=True)
class Progress:
    """What the page shows of a fit that is under way."""

    fit: Fit
    state: State
    sentence: str
    share: float | None
    detail: list[tuple[str, object]]
    since: datetime
    seconds: float
    waits_long: bool
    cancelling: bool

    @property
    def percent(self) -> int | None:
        """The share as whole percent, for the bar."""
        return None if self.share is None else round(100 * self.share)


def progress_of(fit: Fit, now: datetime | None = None) -> Progress:
    """Return how far an unfinished ``fit`` is."""
    told = fit.progress or {}
    state = fit_state(fit)
    since = fit.started_at or fit.requested_at
    seconds = max(0.0, ((now or timezone.now()) - since).total_seconds())
    waiting = state is QUEUED
    detail: list[tuple[str, object]] = []
    if not waiting:
        classifies = family_of(fit.technique) in CLASSIFIES
        if told.get("restarts") and not (classifies and told["restarts"] == 1):
            restart = f"{told.get('restart', 1):,} of {told['restarts']:,}"
            part = "Training" if told.get("phase") == "try" else "Part"
            detail.append((part if classifies else "Restart", restart))
        if told.get("iteration"):
            detail.append(("Iteration", told["iteration"]))
        if told.get("n_groups"):
            detail.append(("Classes" if classifies else "Groups now", told["n_groups"]))
        if told.get("objective") is not None:
            detail.append(("Score so far" if classifies else "Bound", told["objective"]))
    if fit.cancel_requested:
        sentence = "Cancelling: the run stops at its next step"
    elif waiting:
        sentence = "Waiting for a worker to take it"
    else:
        phases = PHASES | NETWORK_PHASES if fit.technique == NETWORK else PHASES
        if family_of(fit.technique) in CLASSIFIES:
            phases = PHASES | CLASSIFIER_PHASES
        sentence = phases.get(told.get("phase", ""), "Starting")
    share = told.get("share")
    return Progress(
        fit=fit,
        state=state,
        sentence=sentence,
        share=None if waiting or share is None else min(1.0, max(0.0, float(share))),
        detail=detail,
        since=since,
        seconds=seconds,
        waits_long=waiting and seconds >= WAITING_LONG_SECONDS,
        cancelling=fit.cancel_requested,
    )


def found(fit: Fit) -> str:
    """Return what ``fit`` found: “4 groups found, of at most 10”."""
    technique = TECHNIQUES.get(fit.technique)
    if fit.n_groups is None and fit.technique == NETWORK:
        return f"Learned {listed(_unknown(fit)) or 'nothing'}"
    if technique is not None and technique.family == "decomposition":
        return _components(fit)
    if technique is not None and technique.family in CLASSIFIES:
        return _score(fit)
    if technique is not None and not technique.finds_number:
        return f"{counted(fit.n_groups, 'group')} made"
    limit = (fit.scores or {}).get("n_groups_limit")
    text = f"{counted(fit.n_groups, 'group')} found"
    return f"{text}, of at most {limit:,}" if limit else text


def _score(fit: Fit) -> str:
    """Return “94% right on 500 texts”, of a classifier “2 classes, 94% right on 90 rows”.

    The measure that the score goes by stands behind it, where that is another one.
    """
    scores = fit.scores or {}
    right = ((scores.get("metrics") or {}).get("accuracy") or {}).get("mean")
    n = scores.get("n_judged")
    if right is not None and n:
        is_filter = fit.technique == FILTER
        share = f"{percent(right)} right on {counted(n, 'text' if is_filter else 'row')}"
        if scores.get("objective_name") not in (None, "accuracy"):
            share = f"{share}, {_measure(scores)}"
        return share if is_filter else f"{counted(fit.n_groups, 'class', 'classes')}, {share}"
    n = fit.n_groups or len((fit.summary or {}).get("classification", {}).get("classes", []))
    told = scores.get("objective")
    words = counted(n or None, "class", "classes")
    if told is None:
        return words
    return f"{words}, {_measure(scores)}"


def _measure(scores: Mapping[str, Any]) -> str:
    told, name = scores.get("objective"), str(scores.get("objective_name", "score"))
    text = percent(told) if scores.get("objective_rises", True) else figure(told, 3)
    return f"{name} {text}"


def _components(fit: Fit) -> str:
    """Return “2 components tell 81% of the differences”."""
    n = fit.parameters.get("n_components")
    told = (fit.scores or {}).get("objective")
    verb = "tells" if n == 1 else "tell"
    words = counted(n if isinstance(n, int) else None, "component")
    return f"{words} {verb} {percent(told)} of the variance" if told is not None else words


def _unknown(fit: Fit) -> list[str]:
    """Return the nodes whose value ``fit`` learned; of many the first ones."""
    names = [node["name"] for node in fit.definition.get("nodes", []) if not node.get("columns")]
    return names if len(names) <= MANY else [*names[: MANY - 1], f"{len(names) - MANY + 1} more"]
