"""Analyses as a list: searched, filtered, the one that ran last first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from headwater.console.state import State, model_state, newest_fits
from headwater.console.workbench.addresses import result_address
from headwater.console.workbench.found import found_in_room
from headwater.console.workbench.pages import kept
from headwater.console.workbench.rows import DATASET, value_of
from headwater.console.workbench.techniques import short_name, technique_cards
from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import DatasetVersion
from headwater.sources.reads import dataset_id

PER_PAGE = 25
NEWER = State("newer", "Newer data", "warning")


@dataclass(frozen=True, slots=True)
class AnalysisRow:
    """One analysis in the list."""

    model: StatisticalModel
    rows: str
    is_dataset: bool
    technique: str
    state: State
    current: Fit | None
    found: str
    newest: Fit | None
    newer: DatasetVersion | None
    address: str
    """The page of what it found, or of the analysis where it found nothing yet."""


def newer_version(model: StatisticalModel) -> DatasetVersion | None:
    """Return the current version of the dataset, where the last result is of an older one."""
    source, fit = model.source, model.current_fit
    if source is None or source.dataset is None or fit is None:
        return None
    current = source.dataset.current
    if current is None or dataset_id(fit.source) != source.dataset_id:
        return None
    return current if (fit.source.get("version") or 0) < current.number else None


def analyses_of(analyses: QuerySet[StatisticalModel], asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what the list shows of ``analyses`` for what is ``asked``: text, filters, page."""
    query = asked.get("q", "").strip()
    technique, rows = asked.get("technique", ""), asked.get("rows", "")
    offered = _rows_offered(analyses)
    found_ones = analyses.filter(_matches(query))
    if technique:
        found_ones = found_ones.filter(technique=technique)
    if rows:
        found_ones = found_ones.filter(_of_rows(rows))
    found_ones = (
        found_ones.defer("current_fit__artifact", "current_fit__summary", "current_fit__trace")
        .annotate(ran_at=Coalesce(Max("fits__requested_at"), "updated_at"))
        .order_by("-ran_at", "-pk")
    )
    page = Paginator(found_ones, PER_PAGE).get_page(asked.get("page"))
    return {
        "kept": kept(asked),
        "rows": _rows(list(page.object_list)),
        "page": page,
        "query": query,
        "technique_asked": technique,
        "rows_asked": rows,
        "techniques": [(card.key, card.label) for card in technique_cards()],
        "rows_offered": offered,
        "n_all": analyses.count(),
        "is_filtered": bool(query or technique or rows),
    }


def _rows(models: list[StatisticalModel]) -> list[AnalysisRow]:
    newest = newest_fits(models)
    rows = []
    for model in models:
        newer = newer_version(model)
        state = model_state(model, newest.get(model.pk))
        if newer is not None and state.key in ("ready", "stale"):
            state = NEWER
        rows.append(
            AnalysisRow(
                model=model,
                rows=model.source.rows_name if model.source else "nothing",
                is_dataset=bool(model.source and model.source.is_dataset),
                technique=short_name(model.technique),
                state=state,
                current=model.current_fit,
                found=found_in_room(model.current_fit) if model.current_fit else "",
                newest=newest.get(model.pk),
                newer=newer,
                address=_address(model),
            )
        )
    return rows


def _address(model: StatisticalModel) -> str:
    if model.current_fit is not None:
        return result_address(model.current_fit)
    return reverse("headwater:analysis", args=[model.pk])


def _matches(query: str) -> Q:
    if not query:
        return Q()
    named = [card.key for card in technique_cards() if query.lower() in card.label.lower()]
    return (
        Q(name__icontains=query)
        | Q(description__icontains=query)
        | Q(source__dataset__name__icontains=query)
        | Q(source__content_type__model__icontains=query)
        | Q(technique__in=named)
    )


def _of_rows(value: str) -> Q:
    if value.startswith(DATASET):
        key = value.removeprefix(DATASET)
        return Q(source__dataset=int(key)) if key.isdecimal() and len(key) < 19 else Q(pk=None)
    app, _, model = value.partition(".")
    return Q(source__content_type__app_label=app, source__content_type__model=model)


def _rows_offered(analyses: QuerySet[StatisticalModel]) -> list[tuple[str, str]]:
    """Return the rows that there are analyses of: value and name, by name."""
    distinct = (
        analyses.order_by()
        .values("source__dataset", "source__content_type")
        .annotate(n=Count("pk"), one=Max("pk"))
        .values_list("one", flat=True)
    )
    ones: Iterable[StatisticalModel] = analyses.filter(pk__in=list(distinct))
    offered = {
        value_of(one.source): one.source.rows_name.capitalize() for one in ones if one.source
    }
    return sorted(offered.items(), key=lambda pair: pair[1].lower())
