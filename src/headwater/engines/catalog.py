"""TECHNIQUES: the kinds of statistical model that there are. Import-light: no NumPy here.

A technique is named by its key everywhere else, so that nothing stored in a database ever names
code: ``Technique.load`` imports only the dotted paths that are written in this file.
"""

from __future__ import annotations

from headwater.engines.classification.techniques import CLASSIFIERS
from headwater.engines.clustering.techniques import DBSCAN, HDBSCAN, HIERARCHICAL, K_MEANS
from headwater.engines.decomposition.techniques import PCA
from headwater.engines.parameters import Parameter, Parameters
from headwater.engines.technique import Family, Technique, random_seed
from headwater.engines.text.techniques import TEXT_FILTER

__all__ = ["ENCODING", "TECHNIQUES", "Family", "Technique"]

TECHNIQUES: dict[str, Technique] = {
    "variational_mixture": Technique(
        key="variational_mixture",
        label="Gaussian mixture that finds the number of groups",
        family="clustering",
        summary=(
            "Finds groups that may differ in size, spread and direction, and finds by itself how "
            "many there are, up to a limit that you set. Each row also gets the probability of "
            "belonging to each group."
        ),
        path="headwater.engines.mixture.estimator:VariationalMixture",
        parameters=Parameters(
            [
                Parameter(
                    "n_components",
                    "Groups at most",
                    "integer",
                    10,
                    "The most groups to look for; fewer are kept where the data show fewer.",
                    minimum=1,
                    maximum=500,
                ),
                Parameter(
                    "moves",
                    "Search by moves",
                    "boolean",
                    True,
                    "Also try to merge, delete and split groups, and keep what fits better. "
                    "Without it the result depends much on the random start.",
                ),
                Parameter(
                    "family",
                    "Shape of the groups",
                    "choice",
                    "gaussian",
                    "Bell-shaped groups have few rows far from their centre. Heavy-tailed ones may "
                    "have some, and far rows that belong nowhere are told as outliers.",
                    choices=(
                        ("gaussian", "Bell-shaped"),
                        ("student_t", "Heavy-tailed: outliers do not bend the groups"),
                    ),
                ),
                Parameter(
                    "init",
                    "First guess",
                    "choice",
                    "k-means++",
                    "How the search starts: from points that lie far apart, or from pure chance.",
                    choices=(("k-means++", "Points far apart"), ("random", "At random")),
                    advanced=True,
                ),
                Parameter(
                    "tol",
                    "Tolerance",
                    "number",
                    1e-6,
                    "The search ends when a round improves the fit by less than this share. "
                    "Smaller is more exact and slower.",
                    minimum=0,
                    exclusive_minimum=True,
                    maximum=1,
                    advanced=True,
                ),
                Parameter(
                    "concentration_prior",
                    "Wish for even sizes",
                    "number",
                    1e-5,
                    "Close to 0 lets needless groups vanish; 1 and more keeps groups of "
                    "similar size alive.",
                    minimum=0,
                    exclusive_minimum=True,
                    advanced=True,
                ),
                Parameter(
                    "mean_precision_prior",
                    "Pull of the centres",
                    "number",
                    1e-5,
                    "How strongly the centres of the groups are drawn to zero before any data "
                    "are seen. Close to 0: hardly at all.",
                    minimum=0,
                    exclusive_minimum=True,
                    advanced=True,
                ),
                Parameter(
                    "dof_prior",
                    "Weight of the expected spread",
                    "number",
                    None,
                    "How many rows the expected spread of a group counts for; it must be above "
                    "the number of columns less one. Empty: the number of columns.",
                    minimum=0,
                    exclusive_minimum=True,
                    optional=True,
                    advanced=True,
                ),
                Parameter(
                    "scale_prior",
                    "Expected spread",
                    "number",
                    1e-5,
                    "How wide a group is thought to be before any data are seen. Close to 0 "
                    "leaves it to the data.",
                    minimum=0,
                    exclusive_minimum=True,
                    advanced=True,
                ),
                random_seed(0),
            ]
        ),
        restarts_parameter="n_init",
        iterations_parameter="max_iter",
        threads_parameter="n_threads",
        limit_parameter="n_components",
        finds_number=True,
        objective="lower bound",
        objective_rises=True,
        trusted=("headwater.engines.mixture.estimator.VariationalMixture",),
    ),
    "k_means": K_MEANS,
    "hierarchical": HIERARCHICAL,
    "dbscan": DBSCAN,
    "hdbscan": HDBSCAN,
    "pca": PCA,
    "bayesian_network": Technique(
        key="bayesian_network",
        label="Bayesian network",
        family="network",
        summary=(
            "Learns what you state yourself: quantities, what they depend on, and what is thought "
            "of them before any data are seen. You get each of them back with how sure it is."
        ),
        path="headwater.engines.network.estimator:BayesianNetwork",
        parameters=Parameters(
            [
                Parameter(
                    "network_type",
                    "Type of network",
                    "choice",
                    "general",
                    "Whether the network describes quantities, or also divides the rows into "
                    "groups by its Mixture.",
                    choices=(("general", "General"), ("clustering", "Clustering")),
                ),
                Parameter(
                    "engine",
                    "Engine",
                    "choice",
                    "auto",
                    "A network that is a mixture of Gaussians can be inferred by Headwater's own "
                    "search, which is quicker and finds better groups; any other by BayesPy.",
                    choices=(("auto", "The best one for the network"), ("bayespy", "BayesPy")),
                    advanced=True,
                ),
                Parameter(
                    "tol",
                    "Tolerance",
                    "number",
                    1e-8,
                    "A restart ends when the lower bound rises by less than this share of itself. "
                    "Smaller is more exact and slower.",
                    minimum=0,
                    exclusive_minimum=True,
                    maximum=1,
                    advanced=True,
                ),
                random_seed(0),
            ]
        ),
        restarts_parameter="n_init",
        iterations_parameter="max_iter",
        threads_parameter="n_threads",
        limit_parameter=None,
        finds_number=True,
        objective="lower bound",
        objective_rises=True,
        trusted=("headwater.engines.network.estimator.BayesianNetwork",),
    ),
    **{technique.key: technique for technique in CLASSIFIERS},
    TEXT_FILTER.key: TEXT_FILTER,
}

ENCODING = Parameters(
    [
        Parameter(
            "scale",
            "Scale of the columns",
            "choice",
            "standard",
            "Measured in its own spread, a column with large numbers does not drown the others. "
            "The middle half is the better measure where a few values lie far out.",
            choices=(
                ("standard", "Each in its own spread (standard deviation)"),
                ("robust", "Each in the spread of its middle half (quartiles)"),
                ("none", "As they are"),
            ),
        ),
        Parameter(
            "log",
            "Columns on a log scale",
            "columns",
            (),
            "Columns whose numbers spread over several sizes, such as money: ten to a hundred "
            "then counts like a hundred to a thousand.",
        ),
        Parameter(
            "missing",
            "Missing numbers",
            "choice",
            "mean",
            "What stands in for a number that is missing.",
            choices=(
                ("mean", "The column's mean"),
                ("median", "The column's median"),
                ("refuse", "Nothing: stop with a message"),
            ),
        ),
        Parameter(
            "category_weight",
            "Weight of categories",
            "number",
            1.0,
            "How much a difference in a category counts beside a difference in numbers: 1 as much "
            "as one spread of a number, 0.5 half of it.",
            minimum=0,
            exclusive_minimum=True,
            maximum=1000,
            advanced=True,
        ),
    ]
)
