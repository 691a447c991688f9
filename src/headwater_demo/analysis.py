"""Analysis: one of the demo's statistical models as a page shows it, with its result and state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from headwater.console.rights import Right, may_see_rows, rights
from headwater.console.state import (
    NEVER,
    Progress,
    State,
    model_state,
    newest_fits,
    progress_of,
)
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import Fit, FitStatus, StatisticalModel

NOT_THERE = Right(False, "It does not exist any more.")


NAMED = 12
"""Changed rows that are named, at most."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of one statistical model by its name."""

    name: str
    model: StatisticalModel | None
    """None where somebody deleted it."""
    fit: Fit | None
    """Whose result is shown: the one that serves. None where there is none of these rows."""
    state: State
    progress: Progress | None
    """Of a run that waits or is under way."""
    problem: str
    """A sentence: why there is no newer result, or none at all; empty where all is well."""
    may_run: Right
    changed: tuple[str, ...] = ()
    """Rows that were changed or came since the result, by name."""
    gone: int = 0
    """Rows that are not there any more."""

    @property
    def technique(self) -> str:
        """What the technique is called."""
        used = self.fit or self.model
        technique = TECHNIQUES.get(used.technique) if used is not None else None
        return technique.label if technique is not None else ""

    @property
    def is_behind(self) -> bool:
        """Whether the rows are not those that were learned from any more."""
        return bool(self.changed or self.gone)


def analyses_of(names: Sequence[str], user: Any, rows: type[Model]) -> dict[str, Analysis]:
    """Return name -> analysis of ``rows``, a model with the field ``changed_at``; a few queries."""
    found = {
        model.name: model
        for model in StatisticalModel.objects.filter(name__in=names)
        .select_related("current_fit", "source")
        .defer("current_fit__artifact")
    }
    newest = newest_fits(found.values())
    return {
        name: _analysis(name, found[name], newest.get(found[name].pk), user, rows)
        if name in found
        else Analysis(name, None, None, NEVER, None, "", NOT_THERE)
        for name in names
    }


def _analysis(
    name: str, model: StatisticalModel, latest: Fit | None, user: Any, rows: type[Model]
) -> Analysis:
    fit = model.current_fit
    problem = ""
    if latest is not None and latest.effective_status == FitStatus.FAILED:
        problem = latest.effective_error
    if fit is not None and (fit.source or {}).get("model") != rows._meta.label:
        problem = (
            f"“{model}” learns from other rows now than from {rows._meta.verbose_name_plural}."
        )
        fit = None
    elif fit is not None and not (right := may_see_rows(user, fit)):
        problem, fit = right.reason, None
    changed, gone = _changes(fit, rows)
    return Analysis(
        name=name,
        model=model,
        fit=fit,
        state=model_state(model, latest),
        progress=progress_of(latest) if latest is not None and latest.is_unfinished else None,
        problem=problem,
        may_run=rights(user, model).run,
        changed=changed,
        gone=gone,
    )


def _changes(fit: Fit | None, rows: type[Model]) -> tuple[tuple[str, ...], int]:
    """Return which rows were saved since ``fit`` began, and how many are gone."""
    if fit is None or fit.started_at is None or fit.n_rows is None:
        return (), 0
    since = rows._default_manager.filter(changed_at__gt=fit.started_at).order_by("pk")
    changed, n_changed = tuple(str(row) for row in since[:NAMED]), since.count()
    if n_changed > NAMED:
        changed = (*changed, f"{n_changed - NAMED:,} more")
    # One that was changed may have come since; of the others none has.
    n_same = rows._default_manager.count() - n_changed
    return changed, max(0, fit.n_rows - n_same - n_changed)
