"""Infer: a definition and its data become a posterior."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.ascent import Ascent, ascend
from headwater.engines.network.definition import Definition
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.forms import form_of
from headwater.engines.network.graph import POINTS, Graph, build
from headwater.engines.network.observe import trials
from headwater.engines.network.posterior import Posterior, node_state
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
    tol: float = 1e-5,
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
    why = "BayesPy was asked for."
    if engine == "auto":
        why = "The network is no Gaussian mixture."
    return _by_bayespy(
        definition,
        data,
        restarts=restarts,
        iterations=iterations,
        tol=tol,
        random_state=random_state,
        callback=callback,
        functions=functions,
        why=why,
    )


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
    why: str,
) -> Posterior:
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
            watch = _watch(callback, graph, restart, restarts)
        try:
            run = ascend(
                graph,
                rng=np.random.default_rng(seed),
                iterations=iterations,
                tol=tol,
                watch=watch,
            )
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
        notes.append(
            f"The lower bound had not settled after {iterations:,} iterations: allow more, or a "
            "larger tolerance."
        )
    return Posterior(
        {
            "definition": definition.to_json(),
            "digest": definition.digest,
            "engine": "BayesPy",
            "why_engine": why,
            "bounds": best.bounds,
            "restart_bounds": bounds,
            "iterations": len(best.bounds),
            "converged": best.converged,
            "notes": [*notes, *best.notes],
            "rows": dict(best.graph.lengths),
            "nodes": {node.name: _state(best.graph, node.name) for node in definition.nodes},
        }
    )


def _watch(
    callback: Callback, graph: Graph, restart: int, restarts: int
) -> Callable[[int, float], None]:
    def watch(iteration: int, bound: float) -> None:
        callback(Step("search", restart, restarts, iteration, bound, 0))

    return watch


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
