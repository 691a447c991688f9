"""What is wrong with a network, its nodes, edges and columns, in sentences, before it is run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from headwater.engines.network.check import Problem, check
from headwater.engines.network.definition import Definition
from headwater.engines.network.language import LanguageError, is_node_name, parse
from headwater.engines.network.node_types import NODE_TYPES
from headwater.learning.chain import label_fields
from headwater.learning.validate import validate_statistical_model
from headwater.networks.functions import network_functions
from headwater.networks.state import split
from headwater.sources.filters import filter_errors
from headwater.sources.kinds import ColumnError, resolve

if TYPE_CHECKING:
    from headwater.networks.models import (
        BayesianNetwork,
        BayesianNetworkEdge,
        BayesianNetworkNode,
        BayesianNetworkNodeColumn,
    )

Errors = dict[str, list[str]]


def validate_network(network: BayesianNetwork) -> Errors:
    """Return field name -> sentences on the settings of ``network``, without its nodes."""
    errors = validate_statistical_model(network)
    whole = errors.pop("source", [])  # a network has no such field
    if network.results_storage and network.network_type != "clustering":
        errors.setdefault("results_storage", []).append(
            "A general network gives no row a group, so there is nothing to write. Leave this "
            "empty, or choose the type “clustering”."
        )
    if network.source is not None:
        whole.append(
            "A Bayesian network has no source: its observed nodes name the columns that they read."
        )
    return {**errors, NON_FIELD_ERRORS: whole} if whole else errors


def network_problems(whole: Mapping[str, Any]) -> list[Problem]:
    """Return what keeps a network from being run: as the engine sees it, and its columns.

    ``whole`` is what ``state.definition`` gives.
    """
    definition = Definition.from_json(whole)
    problems = check(definition, functions=network_functions())
    labels = label_fields()
    for node in definition.nodes:
        for column in node.columns:
            label, lookup = split(column)
            try:
                resolve(apps.get_model(label), lookup, labels=labels)
            except LookupError:
                sentence = f"“{node.name}” reads “{column}”, and {label} is not installed."
            except ColumnError as error:
                sentence = f"“{node.name}” reads “{column}”: {error}"
            else:
                continue
            problems.append(Problem(node.name, "column", sentence))
    for name in whole.get("unread", ()):
        sentence = f"“{name}” is to be observed and reads no columns yet. Choose its columns."
        problems.append(Problem(name, "unread", sentence))
    return problems


def node_errors(node: BayesianNetworkNode) -> Errors:
    """Return field name -> sentences on one node by itself."""
    errors: Errors = {}

    def say(field: str, sentence: str) -> None:
        errors.setdefault(field, []).append(sentence)

    stochastic = node.node_type == "stochastic"
    kind, params = (
        ("distribution", "distribution_params")
        if stochastic
        else ("deterministic", "deterministic_params")
    )
    others = (
        ("deterministic", "deterministic_params")
        if stochastic
        else ("distribution", "distribution_params")
    )
    named = "stochastic" if stochastic else "deterministic"
    if node.name and not is_node_name(node.name):
        say("name", f"“{node.name}” means something else in parameters. Choose another name.")
    for field in others:
        if getattr(node, field).strip():
            say(field, f"A {named} node has none of this. Empty it, or change the kind of node.")
    if not getattr(node, kind):
        what = "distribution" if stochastic else "function"
        say(kind, f"A {named} node needs a {what}. Choose one.")
    text = getattr(node, params)
    known = NODE_TYPES.get(getattr(node, kind))
    if not text.strip():
        if known is not None and known.least:
            say(params, f"This is missing. Write for example “{known.example}”.")
    else:
        try:
            parse(text)
        except LanguageError as error:
            say(params, str(error))
    if node.is_observable and not stochastic:
        say("is_observable", "A deterministic node is computed and cannot be observed.")
    if node.filter and not node.is_observable:
        say("filter", "Only an observed node reads rows. Empty it, or let the node be observed.")
    try:
        graph_interval(node.graph_interval)
    except ValueError as error:
        say("graph_interval", str(error))
    return errors


def graph_interval(text: str) -> tuple[float, float] | None:
    """Return the ends of “low, high”; None for an empty text; else raise ValueError.

    >>> graph_interval("-1, 2.5")
    (-1.0, 2.5)
    """
    if not text.strip():
        return None
    try:
        low, high = (float(part) for part in text.strip().strip("()[]").split(","))
    except ValueError:
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(
            f"The graph interval was “{text}”. Write the two ends, the lower first: 5, 15."
        )
    return low, high


def edge_errors(edge: BayesianNetworkEdge) -> Errors:
    """Return field name -> sentences on one edge."""
    errors: Errors = {}
    for field in ("parent", "child"):
        end = getattr(edge, field, None) if getattr(edge, f"{field}_id") else None
        if end is not None and end.network_id != edge.network_id:
            errors[field] = [f"“{end}” is a node of another network."]
    if edge.parent_id is not None and edge.parent_id == edge.child_id:
        errors["child"] = ["An edge leads from one node to another one."]
    return errors


def column_errors(column: BayesianNetworkNodeColumn) -> Errors:
    """Return field name -> sentences on one column of a node."""
    if column.ref_model_id is None:
        return {}
    model: type[Model] | None = column.ref_model.model_class()
    if model is None:
        return {"ref_model": [f"The model “{column.ref_model}” is not installed any more."]}
    try:
        resolve(model, column.ref_column, labels=label_fields())
    except ColumnError as error:
        return {"ref_column": [str(error)]}
    try:
        found = filter_errors(model, column.node.filter)
    except ValidationError as error:
        found = list(error.messages)
    return {"ref_model": found} if found else {}
