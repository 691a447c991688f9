"""Clustering techniques, as the catalog has them. Import-light: no NumPy here."""

from __future__ import annotations

from headwater.engines.parameters import Parameter, Parameters
from headwater.engines.technique import Technique, random_seed

K_MEANS = Technique(
    key="k_means",
    label="K-means",
    family="clustering",
    summary=(
        "Divides the rows into as many groups as you ask for, each row to the nearest centre. "
        "Quick and well known; best for round groups of similar width."
    ),
    path="headwater.engines.clustering.k_means:KMeans",
    parameters=Parameters(
        [
            Parameter(
                "n_clusters",
                "Groups",
                "integer",
                5,
                "How many groups to make.",
                minimum=2,
                maximum=500,
            ),
            Parameter(
                "tol",
                "Tolerance",
                "number",
                1e-4,
                "The search ends when the centres move by less than this. Smaller is more "
                "exact and slower.",
                minimum=0,
                maximum=1,
                advanced=True,
            ),
            random_seed(42),
        ]
    ),
    restarts_parameter="n_init",
    iterations_parameter="max_iter",
    threads_parameter="n_threads",
    limit_parameter="n_clusters",
    finds_number=False,
    objective="inertia",
    objective_rises=False,
    trusted=("headwater.engines.clustering.k_means.KMeans",),
)

HIERARCHICAL = Technique(
    key="hierarchical",
    label="Hierarchical clustering",
    family="clustering",
    summary=(
        "Merges the two nearest groups again and again, from single rows to all of them. The tree "
        "that comes out can be cut into any number of groups afterwards, with nothing learned "
        "anew. Exact up to 5,000 rows; of more, the tree is grown from points that stand for "
        "several rows each."
    ),
    path="headwater.engines.clustering.hierarchical:Hierarchical",
    parameters=Parameters(
        [
            Parameter(
                "n_clusters",
                "Groups",
                "integer",
                4,
                "How many groups to cut the tree into. It can be cut elsewhere later.",
                minimum=1,
                maximum=500,
            ),
            Parameter(
                "linkage",
                "Distance of two groups",
                "choice",
                "ward",
                "What is near decides which groups merge. By spread makes compact groups of "
                "similar width; by nearest rows follows chains of rows, however long.",
                choices=(
                    ("ward", "By spread: how much wider the merged group would be (Ward)"),
                    ("complete", "By the rows that are farthest apart (complete)"),
                    ("average", "By the mean over all pairs of rows (average)"),
                    ("single", "By the rows that are nearest (single)"),
                ),
            ),
            random_seed(0),
        ]
    ),
    restarts_parameter=None,
    iterations_parameter=None,
    threads_parameter="n_threads",
    limit_parameter="n_clusters",
    finds_number=False,
    objective="inertia",
    objective_rises=False,
    trusted=("headwater.engines.clustering.hierarchical.Hierarchical",),
)

DBSCAN = Technique(
    key="dbscan",
    label="DBSCAN",
    family="clustering",
    summary=(
        "Finds groups of any shape where rows lie close together, and how many there are. Rows "
        "that lie alone are in no group: it tells what is unusual. Learns from at most 50,000 "
        "rows, drawn at random where there are more."
    ),
    path="headwater.engines.clustering.dbscan:DBSCAN",
    parameters=Parameters(
        [
            Parameter(
                "eps",
                "Distance of neighbours",
                "number",
                0.5,
                "How near two rows must lie to be neighbours, in spreads of a column where columns "
                "are measured so. Smaller makes more and denser groups, and more rows in none.",
                minimum=0,
                exclusive_minimum=True,
            ),
            Parameter(
                "min_samples",
                "Least neighbours",
                "integer",
                5,
                "How many rows, itself counted, must be neighbours of a row for it to hold a group "
                "together. More leaves more rows in no group.",
                minimum=1,
                maximum=10_000,
            ),
            random_seed(0),
        ]
    ),
    restarts_parameter=None,
    iterations_parameter=None,
    threads_parameter="n_threads",
    limit_parameter=None,
    finds_number=True,
    objective="share of the rows in a group",
    objective_rises=True,
    trusted=("headwater.engines.clustering.dbscan.DBSCAN",),
)

HDBSCAN = Technique(
    key="hdbscan",
    label="HDBSCAN",
    family="clustering",
    summary=(
        "Finds groups of any shape that may differ in how close their rows lie, and how many "
        "there are, with no distance to choose. Rows that lie alone are in no group. Learns from "
        "at most 20,000 rows, drawn at random where there are more."
    ),
    path="headwater.engines.clustering.hdbscan:HDBSCAN",
    parameters=Parameters(
        [
            Parameter(
                "min_cluster_size",
                "Least size of a group",
                "integer",
                5,
                "The fewest rows that count as a group; fewer that lie together are in none.",
                minimum=2,
                maximum=10_000,
            ),
            Parameter(
                "min_samples",
                "Least neighbours",
                "integer",
                None,
                "How many rows, itself counted, tell how dense it is around a row. More leaves "
                "more rows in no group. Empty: as many as the least size of a group.",
                minimum=1,
                maximum=10_000,
                optional=True,
            ),
            random_seed(0),
        ]
    ),
    restarts_parameter=None,
    iterations_parameter=None,
    threads_parameter="n_threads",
    limit_parameter=None,
    finds_number=True,
    objective="share of the rows in a group",
    objective_rises=True,
    trusted=("headwater.engines.clustering.hdbscan.HDBSCAN",),
)
