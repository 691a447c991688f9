"""What the workbench shows of a study: how far it is, or what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from headwater.console.charts.chart import Chart
from headwater.console.charts.choose_components import choose_components_chart
from headwater.console.charts.choose_eps import choose_eps_chart, sampled_words
from headwater.console.charts.choose_k import SCORES, choose_k_chart
from headwater.console.state import WAITING_LONG_SECONDS
from headwater.console.words import NOTHING, counted, figure
from headwater.console.workbench.look import Distances, Scree
from headwater.console.workbench.studies import rounded
from headwater.segmentation.models import Study, StudyKind, StudyStatus

UNFINISHED = (StudyStatus.QUEUED, StudyStatus.RUNNING)
PHASES = {"reading": "Reading the rows", "finish": "Putting it together"}
INERTIA = ("Inertia", "inertia")
TRIES = {StudyKind.CHOICE: "Trying numbers of segments", StudyKind.DISTANCES: "Measuring distances"}


@dataclass(frozen=True, slots=True)
class StudyProgress:
    """How far an unfinished study is."""

    study: Study
    sentence: str
    percent: int | None
    detail: str
    seconds: float
    waits_long: bool
    cancelling: bool


def progress_of(study: Study) -> StudyProgress | None:
    """Return how far ``study`` is; None where it is finished."""
    if study.status not in UNFINISHED or study.lease_has_passed:
        return None
    told = study.progress or {}
    waiting = study.status == StudyStatus.QUEUED
    since = study.started_at or study.requested_at
    seconds = max(0.0, (timezone.now() - since).total_seconds())
    if study.cancel_requested:
        sentence = "Cancelling: it stops at its next step"
    elif waiting:
        sentence = "Waiting for a worker to take it"
    else:
        phase = told.get("phase", "reading")
        sentence = PHASES.get(phase) or TRIES.get(StudyKind(study.kind), "Computing")
    share = told.get("share")
    return StudyProgress(
        study=study,
        sentence=sentence,
        percent=None if waiting or share is None else round(100 * float(share)),
        detail=f"{told['done']} of {told['of']}" if told.get("of") else "",
        seconds=seconds,
        waits_long=waiting and seconds >= WAITING_LONG_SECONDS,
        cancelling=study.cancel_requested,
    )


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The scores of one number of segments; each cell with whether it is the best one."""

    k: int
    cells: list[tuple[str, bool]]
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class ChoiceShown:
    """What a study of the number of segments says."""

    chart: Chart | None
    rows: list[ScoreRow]
    headings: list[tuple[str, str]]
    """Name of each score with its key in the glossary."""
    suggested: int | None
    others: list[int]
    """Other numbers that a score speaks for."""
    sentences: list[str]
    sampled: str
    notes: list[str] = field(default_factory=list)


def choice_shown(study: Study) -> ChoiceShown | None:
    """Return what ``study`` says of the number of segments; None until it has succeeded."""
    if study.status != StudyStatus.SUCCEEDED or study.kind != StudyKind.CHOICE:
        return None
    told = study.result
    k = told["suggested"]["k"]
    rows = told["rows"]
    best = {
        key: (max if rises else min)(known)
        for key, _, rises, *_ in SCORES
        if (known := [row[key] for row in rows if row[key] is not None])
    }
    sampled = told.get("sampled")
    return ChoiceShown(
        chart=choose_k_chart(rows, k, told["suggested"]["votes"]) if rows else None,
        rows=[
            ScoreRow(
                row["k"],
                [
                    *((_cell(row[key]), row[key] == best.get(key)) for key, *_ in SCORES),
                    (figure(float(row["inertia"]), 3), False),
                ],
                row["k"] == k,
            )
            for row in rows
        ],
        headings=[*((name, key.replace("_", "-")) for key, name, *_ in SCORES), INERTIA],
        suggested=k if isinstance(k, int) and k > 1 else None,
        others=sorted({vote for vote in told["suggested"]["votes"].values() if vote > 1} - {k}),
        sentences=list(told["suggested"]["sentences"]),
        sampled=f"Tried on {counted(sampled, 'row')} of {told['n']:,}, drawn at random."
        if sampled
        else "",
        notes=list(told.get("notes", [])),
    )


def _cell(value: float | None) -> str:
    return NOTHING if value is None else figure(float(value), 3)


@dataclass(frozen=True, slots=True)
class DistancesShown:
    """The curve of distances with its slider."""

    chart: Chart
    suggested: float | None
    sentence: str
    sampled: str
    least: float
    most: float
    known: dict[str, Any]
    """What the page needs to tell how many rows are outside at a distance."""


def distances_shown(distances: Distances | None, eps: object) -> DistancesShown | None:
    """Return the curve with a line at ``eps``, if that is a number; None without a curve."""
    if distances is None or not distances.curve["curve"]:
        return None
    curve: Mapping[str, Any] = distances.curve
    points = [float(value) for value in curve["curve"]]
    most = max([*points, *(r for r in distances.outside_from if r < float("inf"))])
    if most <= 0:
        return None
    suggested = rounded(float(curve["eps"])) if curve.get("eps") else None
    return DistancesShown(
        chart=choose_eps_chart(curve, _positive(eps)),
        suggested=suggested,
        sentence=curve["sentence"],
        sampled=sampled_words(curve),
        least=rounded(most / 200),
        most=rounded(most * 1.05),
        known={"n": curve["n"], "curve": points, "outside": list(distances.outside_from)},
    )


def _positive(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None


@dataclass(frozen=True, slots=True)
class ScreeShown:
    """The shares of the components, and how many of them are suggested."""

    chart: Chart
    suggested: int
    sentences: list[str]
    sampled: str


def scree_shown(scree: Scree | None) -> ScreeShown | None:
    """Return the picture of ``scree`` with what three rules say."""
    if scree is None:
        return None
    said = scree.components
    return ScreeShown(
        chart=choose_components_chart(scree.shares, said.suggested),
        suggested=said.suggested,
        sentences=[
            said.sentence,
            f"Each of the first {said.kaiser} tells more than an average column does (Kaiser)."
            if said.kaiser > 1
            else "Kaiser's rule, more than an average column tells, keeps "
            f"{counted(said.kaiser, 'component')}.",
            "The broken stick, more than chance would give, keeps "
            f"{counted(said.broken_stick, 'component')}.",
        ],
        sampled=f"From {counted(scree.sampled, 'row')} of {scree.n:,}, drawn at random."
        if scree.sampled
        else "",
    )
