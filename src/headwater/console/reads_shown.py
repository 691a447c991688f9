"""What a model learns from, in words: the rows of its source, or what a network observes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headwater.console.networks.columns import model_of
from headwater.console.words import listed
from headwater.learning.models import StatisticalModel
from headwater.networks.models import TECHNIQUE, BayesianNetworkNodeColumn
from headwater.networks.state import split
from headwater.sources.models import Dataset
from headwater.sources.reads import dataset_id
from headwater.spam.models import SpamFilter


@dataclass(frozen=True, slots=True)
class Reads:
    """Rows, columns and filter; falsy where nothing is read yet."""

    name: str
    """The name of its rows in plain words; of several models all of them."""
    columns: list[str]
    filter: dict[str, Any]

    def __bool__(self) -> bool:
        return bool(self.columns)


def reads_of(model: StatisticalModel) -> Reads:
    """Return what ``model`` would read now."""
    return reads_shown(model.specific.reads())


def reads_of_all(models: Iterable[StatisticalModel]) -> dict[int, Reads]:
    """Return model id -> what it would read now; in one query for all of a family."""
    models = list(models)
    filters = SpamFilter.objects.in_bulk(
        [model.pk for model in models if model.technique == SpamFilter.TECHNIQUE]
    )
    networks = {model.pk for model in models if model.technique == TECHNIQUE}
    columns = (
        BayesianNetworkNodeColumn.objects.filter(
            node__network__in=networks, node__is_observable=True
        )
        .select_related("node", "ref_model")
        .order_by("node__position", "node_id", "position", "pk")
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for column in columns:
        label, lookup = split(column.label)
        part = {"model": label, "columns": [lookup], "filter": column.node.filter}
        found.setdefault(column.node.network_id, []).append(part)
    return {
        model.pk: _together(found.get(model.pk, []))
        if model.pk in networks
        else reads_shown(filters.get(model.pk, model).reads())
        for model in models
    }


def reads_shown(reads: Mapping[str, Any]) -> Reads:
    """Return ``reads``, which is as ``StatisticalModel.reads`` and ``Fit.source`` have it."""
    if not reads:
        return Reads("nothing yet", [], {})
    return _together([reads, *reads.get("also", [])])


def _together(parts: Sequence[Mapping[str, Any]]) -> Reads:
    if not parts:
        return Reads("nothing yet", [], {})
    names = list(dict.fromkeys(_name(part) for part in parts))
    condition: dict[str, Any] = {}
    for part in parts:
        condition |= part.get("filter") or {}
    columns = dict.fromkeys(column for part in parts for column in part.get("columns", []))
    return Reads(listed(names), list(columns), condition)


def _name(part: Mapping[str, Any]) -> str:
    of_dataset = dataset_id(part)
    if of_dataset is not None:
        dataset = Dataset.objects.filter(pk=of_dataset).first()
        return str(dataset) if dataset is not None else "a dataset that is gone"
    label = str(part.get("model", ""))
    model = model_of(label)
    return str(model._meta.verbose_name) if model is not None else label
