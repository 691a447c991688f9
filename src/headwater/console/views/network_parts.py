"""What pages of models and runs show of a network, besides what they show of every model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse

from headwater.console.networks.drawing import Drawing, drawing_of
from headwater.console.rights import may_see_groups, rights
from headwater.console.views.network_verbs import suggested_limit
from headwater.engines.network.definition import Definition
from headwater.learning.models import Fit, StatisticalModel
from headwater.networks.models import TECHNIQUE, BayesianNetwork
from headwater.networks.validate import network_problems

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """The network of a model, or as a run had it."""

    drawing: Drawing | None
    n_nodes: int
    n_problems: int = 0
    verbs: bool = False
    """Whether something can be done with what was learned."""
    suggested: int | None = None
    """How many groups to allow, where there are groups."""
    of_run: bool = False
    can_restore: bool = False


def network_part(model: StatisticalModel, current: Fit | None, user: User) -> dict[str, Any]:
    """Return the context of the page of ``model``; empty where it is no network."""
    network = model.specific
    if not isinstance(network, BayesianNetwork):
        return {}
    whole = network.definition()
    stated = Definition.from_json(whole)
    told = _told(current) if current is not None and may_see_groups(user, current) else set()
    workbench = reverse("headwater:network", args=[network.pk])
    return {
        "network": NetworkPart(
            drawing=drawing_of(
                stated,
                address=lambda name: f"#posterior-{name}" if name in told else workbench,
            ),
            n_nodes=len(stated.nodes),
            n_problems=len(network_problems(whole)),
            verbs=current is not None,
            suggested=suggested_limit(current),
        )
    }


def network_of_fit(model: StatisticalModel, fit: Fit, user: User) -> dict[str, Any]:
    """Return the context of the page of ``fit``; empty where it is no fit of a network."""
    if not fit.definition or fit.technique != TECHNIQUE:
        return {}
    definition = Definition.from_json(fit.definition)
    told = _told(fit) if may_see_groups(user, fit) else set()
    return {
        "network": NetworkPart(
            drawing=drawing_of(
                definition, address=lambda name: f"#posterior-{name}" if name in told else ""
            ),
            n_nodes=len(definition.nodes),
            of_run=True,
            can_restore=isinstance(model.specific, BayesianNetwork)
            and bool(rights(user, model).change),
        )
    }


def _told(fit: Fit) -> set[str]:
    """Return the nodes that have a section of their own among the results of ``fit``."""
    told = (fit.summary or {}).get("network") or {}
    return {node["name"] for node in told.get("nodes", []) if node.get("entries")}
