"""The group of one new row in a request: ours beside a network built anew for that row."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from benchmarks.network_mixture import EXAMPLE
from benchmarks.row import Row, best_of, quicker
from benchmarks.usage_groups import draw
from benchmarks.visits.models import Visit
from benchmarks.visits.table import database, visits

ROWS = 2_000
NEW = 1_000
"""Rows that ours assigns in one measurement."""
BUILT = 20
"""Rows for which the network is built anew."""


EXAMPLE_OF_VISITS = replace(
    EXAMPLE,
    nodes=(
        *EXAMPLE.nodes[:-1],
        replace(EXAMPLE.nodes[-1], columns=("visits.Visit.seconds", "visits.Visit.pages")),
    ),
)


def network() -> Any:
    """Return the clustering example over visits, inferred."""
    from headwater.networks.models import BayesianNetwork
    from headwater.networks.restate import restate

    made = BayesianNetwork.objects.create(name="Visits", network_type="clustering")
    restate(made, EXAMPLE_OF_VISITS)
    fit = made.perform_inference()
    assert fit.n_groups == 4, fit.error or fit.n_groups
    return made


def built_anew(engine: Any, kept: Any, row: Any) -> int:
    """Return the component of ``row`` from a network built around the kept posterior.

    As in the original: the nodes are asked for, a Categorical and a Mixture for the one row are
    built upon what was inferred, and updated.
    """
    from bayespy.inference import VB
    from bayespy.nodes import Categorical, Gaussian, Mixture

    for name in ("alpha", "mu", "Lambda"):
        kept.nodes.get(name=name)
    category = Categorical(engine["alpha"])
    observed = Mixture(category, Gaussian, engine["mu"], engine["Lambda"])
    observed.observe(row)
    VB(category, observed).update(category, verbose=False)
    return int(np.argmax(category.get_moments()[0]))


def posterior_nodes(engine: Any) -> dict[str, Any]:
    """Return BayesPy's nodes with what was inferred, as the original unpickled them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bayespy.nodes import Dirichlet, Gaussian, Wishart
    nodes = {
        "alpha": Dirichlet(np.full(10, 1e-5)),
        "mu": Gaussian(np.zeros(2), 1e-5 * np.eye(2), plates=(10,)),
        "Lambda": Wishart(2, 1e-5 * np.eye(2), plates=(10,)),
    }
    for name, node in nodes.items():
        node.phi = [np.array(part) for part in engine[name].phi]
        node.u, node.g = node._distribution.compute_moments_and_cgf(node.phi)
    return nodes


def rows() -> list[Row]:
    call_command("migrate", verbosity=0, interactive=False)
    with visits(1):
        Visit.objects.all().delete()
        Visit.objects.bulk_create(
            Visit(seconds=float(a), pages=float(b), spent=0.0) for a, b in draw(ROWS)
        )
        ContentType.objects.clear_cache()
        made = network()
        engine = made.engine_object
        nodes = posterior_nodes(engine)
        new = draw(ROWS)[:: ROWS // NEW] + 0.05
        given = [row.tolist() for row in new]
        made.assign_cluster(given[0])  # loads the parameters
        ours = best_of(3, lambda: [made.assign_cluster(row) for row in given]) / NEW
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = best_of(3, lambda: [built_anew(nodes, made, row) for row in new[:BUILT]])
            letters = {}
            for row, plain in zip(new[:BUILT], given, strict=False):
                letters.setdefault(built_anew(nodes, made, row), set()).add(
                    made.assign_cluster(plain)
                )
        assert all(len(found) == 1 for found in letters.values()), letters
        return [
            quicker(
                f"assign_cluster of one row in a request, {database()}",
                ours,
                theirs / BUILT,
                than="a network built for the row upon the posterior, BayesPy",
                goal=50,
                how=f"Ours: {NEW:,} rows, best of 3, parameters loaded, the database asked once a "
                f"second for a newer fit. The peer: {BUILT} rows, best of 3, its posterior held in "
                "memory, its nodes asked for by name. Both give the same groups.",
            )
        ]
