"""Infer: a definition and its data become a posterior."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture.estimator import VariationalMixture
from headwater.engines.network.ascent import Ascent, ascend
from headwater.engines.network.definition import Definition
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.forms import form_of
from headwater.engines.network.graph import POINTS, Graph, build
from headwater.engines.network.groups import (
    Clustering,
    Groups,
    clustering_of,
    count_groups,
    number,
    responsibilities,
    row_means,
    scoring_of,
)
from headwater.engines.network.kernel import fit_kernel, states
from headwater.engines.network.observe import trials
from headwater.engines.network.posterior import NodePosterior, Posterior, node_state
from headwater.engines.network.recognise import RecognisedMixture, recognise, why_not
from headwater.engines.network.revive import revive
from headwater.engines.network.scoring import Scoring
from headwater.engines.progress import Callback, Step

Engine = Literal["auto", "bayespy"]
_HAVE_TRIALS = ("binomial", "bernoulli", "multinomial")


def infer(
    definition: Definition,
    data: Mapping[str, NDArray[Any]],
    *,
    engine: Engine = "auto",
    restarts: int = 1,
    iterations: int = 1000,
    tol: float = 1e-8,
    random_state: int = 0,
    n_threads: int | None = None,
    callback: Callback | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> Posterior:
    """Return the posterior of ``definition`` given ``data`` (rows by name of the node).

    The best of ``restarts`` runs from different starts is kept, each of at most ``iterations``
    updates of all nodes, until the lower bound rises by less than ``tol`` as a share of itself.
    ``callback`` is called after each iteration; what it raises stops the inference. The same
    ``random_state`` on the same data gives the same numbers, whatever runs beside it.

    ``engine``: “auto” runs a network that is a conjugate Gaussian mixture on the mixture kernel
    and any other on BayesPy; “bayespy” runs any on BayesPy. ``n_threads`` is the kernel's.

    Raises NetworkError, as a sentence that names the node, for what cannot be inferred.
    """
    for name, value in (("restarts", restarts), ("iterations", iterations)):
        if value < 1:
            raise NetworkError(f"{name} was {value}; it takes a whole number of at least 1.")
    clustering = clustering_of(definition) if definition.network_type == "clustering" else None
    if engine == "bayespy":
        why = "BayesPy was asked for."
    else:
        shapes = {name: np.shape(rows) for name, rows in data.items()}
        found = recognise(definition, shapes, functions=functions)
        if found is not None:
            model = fit_kernel(
                found,
                data[found.rows],
                restarts=restarts,
                iterations=iterations,
                tol=tol,
                random_state=random_state,
                n_threads=n_threads,
                callback=callback,
            )
            return _of_kernel(definition, found, model, data[found.rows], clustering)
        why = why_not(definition, shapes, functions=functions)
    best, restart_bounds, notes = _by_bayespy(
        definition,
        data,
        restarts=restarts,
        iterations=iterations,
        tol=tol,
        random_state=random_state,
        callback=callback,
        functions=functions,
        clustering=clustering,
    )
    return _of_bayespy(best, data, clustering, restart_bounds, notes, why)


def _by_bayespy(
    definition: Definition,
    data: Mapping[str, NDArray[Any]],
    *,
    restarts: int,
    iterations: int,
    tol: float,
    random_state: int,
    callback: Callback | None,
    functions: Mapping[str, Callable[..., Any]] | None,
    clustering: Clustering | None,
) -> tuple[Ascent, list[float], list[str]]:
    """Return the best run, the last bound of each, and what is to be said of them."""
    notes: list[str] = []
    graph = build(definition, data, functions=functions)
    if not graph.random and restarts > 1:
        notes.append(
            f"Nothing in this network starts at random, so it was run once instead of {restarts} "
            "times. Write “:ifr” in a node's parameters to start it from a random draw."
        )
        restarts = 1
    best: Ascent | None = None
    bounds: list[float] = []
    failures: list[NetworkError] = []
    for restart, seed in enumerate(np.random.SeedSequence(random_state).spawn(restarts), start=1):
        graph = graph if restart == 1 else build(definition, data, functions=functions)
        watch = None
        if callback is not None:
            watch = _watch(callback, graph, restart, restarts, clustering)
        try:
            run = ascend(
                graph,
                rng=np.random.default_rng(seed),
                iterations=iterations,
                tol=tol,
                watch=watch,
            )
            if clustering is not None and clustering.groups not in graph.random:
                run = revive(run, clustering, iterations=iterations, tol=tol, watch=watch)
        except NetworkError as error:
            failures.append(error)
            bounds.append(float("nan"))
            continue
        bounds.append(run.bound)
        if best is None or run.bound > best.bound:
            best = run
    if best is None:
        raise failures[0]
    if failures:
        notes.append(f"{len(failures)} of {restarts} restarts failed. {failures[0]}")
    if not best.converged:
        notes.append(_not_settled(iterations))
    return best, bounds, [*notes, *best.notes]


def _not_settled(iterations: int) -> str:
    return (
        f"The lower bound had not settled after {iterations:,} iterations: allow more, or a "
        "larger tolerance."
    )


def _watch(
    callback: Callback,
    graph: Graph,
    restart: int,
    restarts: int,
    clustering: Clustering | None,
) -> Callable[[int, float], None]:
    def watch(iteration: int, bound: float) -> None:
        n_groups = 0 if clustering is None else count_groups(graph, clustering)
        callback(Step("search", restart, restarts, iteration, bound, n_groups))

    return watch


def _of_bayespy(
    best: Ascent,
    data: Mapping[str, NDArray[Any]],
    clustering: Clustering | None,
    restart_bounds: list[float],
    notes: list[str],
    why: str,
) -> Posterior:
    graph = best.graph
    definition = graph.definition
    nodes = {node.name: _state(graph, node.name) for node in definition.nodes}
    state = _whole(
        definition,
        engine="BayesPy",
        why_engine=why,
        bounds=best.bounds,
        restart_bounds=restart_bounds,
        iterations=len(best.bounds),
        converged=best.converged,
        notes=notes,
        rows=dict(graph.lengths),
        nodes=nodes,
    )
    if clustering is None:
        return Posterior(state)
    components = responsibilities(graph, clustering).argmax(axis=1)
    scoring = scoring_of(graph, clustering, data[clustering.rows])
    return _grouped(state, clustering, components, scoring, data[clustering.rows])


def _of_kernel(
    definition: Definition,
    found: RecognisedMixture,
    model: VariationalMixture,
    rows: NDArray[Any],
    clustering: Clustering | None,
) -> Posterior:
    kept, components, scoring = states(found, model, rows)
    state = _whole(
        definition,
        engine="mixture kernel",
        why_engine="The network is a conjugate mixture of Gaussians, which the mixture kernel "
        "infers with moves between groups besides restarts.",
        bounds=[float(bound) for bound in model.lower_bounds_],
        restart_bounds=[float(bound) for bound in model.restart_lower_bounds_],
        iterations=int(model.n_iter_),
        converged=bool(model.converged_),
        notes=[*model.notes_] + ([] if model.converged_ else [_not_settled(model.max_iter)]),
        rows={found.rows: len(rows)},
        nodes={node.name: kept[node.name] for node in definition.nodes},
    )
    if clustering is None:
        return Posterior(state)
    return _grouped(state, clustering, components, scoring, rows)


def _whole(definition: Definition, **parts: Any) -> dict[str, Any]:
    return {
        "definition": definition.to_json(),
        "digest": definition.digest,
        "groups": None,
        **parts,
    }


def _grouped(
    state: dict[str, Any],
    clustering: Clustering,
    components: NDArray[np.intp],
    scoring: Scoring | None,
    rows: NDArray[Any],
) -> Posterior:
    """Return the posterior with its groups, numbered from the component of each row."""
    groups = number(components)
    nodes = Posterior(state)
    state["groups"] = {
        "rows": clustering.rows,
        "categories": clustering.groups,
        "components": groups.components,
        "sizes": groups.sizes,
        "means": _means(nodes, clustering, groups, rows),
        "covariances": _covariances(nodes, clustering, groups),
        "scoring": None if scoring is None else scoring.to_state(),
    }
    return Posterior(state, groups.labels)


def _param(nodes: Posterior, clustering: Clustering, place: int) -> NodePosterior | None:
    """Return the node that is the parameter of the components at ``place``, if it is one."""
    name = clustering.params[place] if len(clustering.params) > place else None
    return None if name is None else nodes[name]


def _means(
    nodes: Posterior, clustering: Clustering, groups: Groups, rows: NDArray[Any]
) -> NDArray[np.float64]:
    """Return (G, D) expected means of Gaussian components, else the means of their rows."""
    of_rows = row_means(rows, groups.labels, len(groups.components))
    mu = _param(nodes, clustering, 0) if clustering.kind in ("Gaussian", "GaussianARD") else None
    if mu is None or mu.form != "gaussian":
        return of_rows
    mean = mu.mean[:, np.newaxis] if mu.mean.ndim == 1 else mu.mean
    if mu.plates != mean.shape[:1] or mean.shape[1:] != of_rows.shape[1:]:
        return of_rows
    return np.asarray(mean[groups.components])


def _covariances(
    nodes: Posterior, clustering: Clustering, groups: Groups
) -> NDArray[np.float64] | None:
    Lambda = _param(nodes, clustering, 1) if clustering.kind == "Gaussian" else None
    if Lambda is None or Lambda.form != "wishart" or len(Lambda.plates) != 1:
        return None
    precision = np.broadcast_to(Lambda.mean, (*Lambda.plates, *Lambda.dims[0]))
    return np.asarray(np.linalg.inv(precision[groups.components]))


def _state(graph: Graph, name: str) -> dict[str, Any]:
    """Return what is kept of one node."""
    node, made = graph.definition.by_name[name], graph.nodes[name]
    form = form_of(made)
    with np.errstate(all="ignore"):
        moments = None if node.is_observed else made.get_moments()
    has_phi = node.kind == "stochastic" and node.type not in POINTS and not node.is_observed
    return node_state(
        type=node.type,
        form=form,
        plates=tuple(made.plates),
        dims=tuple(made.dims),
        observed=node.is_observed,
        moments=moments,
        phi=list(made.phi) if has_phi else None,
        trials=trials(made) if has_phi and form in _HAVE_TRIALS else None,
    )
