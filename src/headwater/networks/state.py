"""State: a network's rows as plain values, such as a fit keeps and an engine takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.errors import DefinitionChanged
from headwater.learning.models import Fit

if TYPE_CHECKING:
    from headwater.engines.network.posterior import Posterior
    from headwater.networks.models import BayesianNetwork, BayesianNetworkNode


def stated(network: BayesianNetwork) -> Definition:
    """Return ``network`` as its rows state it now."""
    return _stated(network, _nodes(network))


def definition(network: BayesianNetwork) -> dict[str, Any]:
    """Return what a fit keeps: the definition, and for each node its filter and graph interval.

    ``unread`` are nodes that are said to be observed and name no columns.
    """
    if network.pk is None:
        return {}
    nodes = _nodes(network)
    return _stated(network, nodes).to_json() | {
        "unread": [node.name for node in nodes if node.is_observable and not node.columns.all()],
        "filters": {node.name: node.filter for node in nodes if node.filter},
        "graph_intervals": {
            node.name: node.graph_interval for node in nodes if node.graph_interval
        },
    }


def require_unchanged(network: BayesianNetwork, posterior: Posterior) -> None:
    """Raise DefinitionChanged unless ``posterior``, of the current fit, is of ``network`` as it is.

    That is where a node or edge is another one, other rows are read, or columns are prepared
    otherwise.
    """
    whole = definition(network)
    posterior.require(Definition.from_json(whole))
    if network.current_fit_id is None:  # the instance was read before the first fit
        return
    fit = Fit.objects.only("definition", "encoding").get(pk=network.current_fit_id)
    was, now = fit.definition.get("filters", {}), whole["filters"]
    names = sorted(name for name in {*was, *now} if was.get(name, {}) != now.get(name, {}))
    changed = [f"the filter of {', '.join(f'“{name}”' for name in names)}"] if names else []
    if {**fit.encoding, **network.encoding} != fit.encoding:
        changed.append("how columns are prepared")
    if changed:
        raise DefinitionChanged(
            f"What was inferred belongs to the network as it was before: {' and '.join(changed)} "
            "changed since. Run the inference again."
        )


def reads(network: BayesianNetwork) -> dict[str, Any]:
    """Return what the observed nodes read, as ``StatisticalModel.reads`` has it.

    The first is the node whose rows are grouped or modelled: see ``main_node``.
    """
    if network.pk is None:
        return {}
    whole = definition(network)
    found = observations(whole)
    if not found:
        return {}
    main = main_node(Definition.from_json(whole))
    found.sort(key=lambda one: one["node"] != main)  # which is stable
    return {**found[0], "also": found[1:]} if len(found) > 1 else dict(found[0])


def observations(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Return ``model``, ``columns``, ``filter`` and ``node`` of all that is read, in order.

    ``whole`` is what ``definition`` gives. A node that reads several models comes once for each.
    """
    found: list[dict[str, Any]] = []
    for node in Definition.from_json(whole).nodes:
        for column in node.columns:
            label, lookup = split(column)
            if not (found and (found[-1]["node"], found[-1]["model"]) == (node.name, label)):
                condition = whole.get("filters", {}).get(node.name, {})
                found.append(
                    {"model": label, "columns": [], "filter": condition, "node": node.name}
                )
            found[-1]["columns"].append(lookup)
    return found


def split(column: str) -> tuple[str, str]:
    """Return “app.Model” and the lookup of “app.Model.lookup”.

    >>> split("shop.Customer.city__population")
    ('shop.Customer', 'city__population')
    """
    app, model, lookup = column.split(".", 2)
    return f"{app}.{model}", lookup


def main_node(definition: Definition) -> str | None:
    """Return the observed node that the network is about: its mixture, else the first observed."""
    observed = definition.observed
    mixtures = [node for node in observed if node.type == "Mixture"]
    if definition.network_type == "clustering" and mixtures:
        return mixtures[0].name
    return observed[0].name if observed else None


def _stated(network: BayesianNetwork, nodes: list[BayesianNetworkNode]) -> Definition:
    return Definition(
        nodes=tuple(_node(node) for node in nodes),
        edges=_edges(network),
        network_type=network.network_type,  # type: ignore[arg-type]
    )


def _nodes(network: BayesianNetwork) -> list[BayesianNetworkNode]:
    return list(network.nodes.prefetch_related("columns__ref_model"))


def _edges(network: BayesianNetwork) -> tuple[tuple[str, str], ...]:
    return tuple(network.edges.values_list("parent__name", "child__name"))


def _node(node: BayesianNetworkNode) -> Node:
    return Node(
        name=node.name,
        kind=node.node_type,  # type: ignore[arg-type]
        type=node.type,
        parameters=node.params,
        columns=tuple(column.label for column in node.columns.all()) if node.is_observable else (),
    )
