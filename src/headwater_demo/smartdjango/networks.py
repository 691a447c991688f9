"""The two Bayesian networks of SmartDjango, as they are stated at first."""

from __future__ import annotations

from headwater.engines.network.definition import Definition, Node

METRIC = "BN1 (Example)"

ONE_METRIC = Definition(
    nodes=(
        Node("mu", "stochastic", "GaussianARD", "0, 1e-6"),
        Node("tau", "stochastic", "Gamma", "1e-6, 1e-6"),
        Node("avg1", "stochastic", "GaussianARD", "mu, tau", ("smartdjango.UserInfo.avg1",)),
    ),
    edges=(("mu", "avg1"), ("tau", "avg1")),
)
"""Example 1: the mean and the precision of one metric of the users, nothing known before."""

GROUPS_OF_USERS = Definition(
    nodes=(
        Node("alpha", "stochastic", "Dirichlet", "numpy.full(10, 1e-05)"),
        Node("Z", "stochastic", "Categorical", "alpha, plates=(:dl|Y, ), :ifr"),
        Node(
            "mu",
            "stochastic",
            "Gaussian",
            "numpy.zeros(2), [[1e-5,0], [0, 1e-5]], plates=(10, )",
        ),
        Node("Lambda", "stochastic", "Wishart", "2, [[1e-5,0], [0, 1e-5]], plates=(10, )"),
        Node(
            "Y",
            "stochastic",
            "Mixture",
            "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
            ("smartdjango.UserInfo.avg_time_pages", "smartdjango.UserInfo.avg_time_pages_a"),
        ),
    ),
    edges=(("alpha", "Z"), ("Z", "Y"), ("mu", "Y"), ("Lambda", "Y")),
    network_type="clustering",
)
"""Example 2: a mixture of at most ten Gaussians, with priors that say next to nothing."""

GRAPH_INTERVALS = {"mu": "7, 13", "tau": "0, 0.1"}
"""From where to where the posteriors of Example 1 are drawn."""
