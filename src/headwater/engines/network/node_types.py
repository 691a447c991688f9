"""Node types: what a node of a network can be, in plain words. Import-light: no NumPy, no BayesPy.

Keys are the names of BayesPy's classes, and arguments stand in the order in which they take them
(BayesPy 0.6.6). Only what is named here may be given: BayesPy's other options are not offered.
"""

from __future__ import annotations

from headwater.engines.network.node_type import Argument, NodeType

_PLATES = Argument(
    "plates", "How many times the node is repeated, one number per direction: (10, ).", True
)
_NDIM = Argument("ndim", "How many directions one value has: 0 a number, 1 a vector.", True)


def _mean_vector(name: str = "mu") -> Argument:
    return Argument(name, "The mean: a vector, or a node that gives one.")


_TYPES = (
    NodeType(
        "Gaussian",
        "stochastic",
        "Gaussian vector",
        "Several numbers that vary together around a mean, in the shape of a bell.",
        (
            _mean_vector(),
            Argument("Lambda", "The precision matrix: the inverse of the covariance."),
        ),
        (_PLATES, _NDIM),
        True,
        "vectors of real numbers",
        "numpy.zeros(2), [[1e-5, 0], [0, 1e-5]]",
    ),
    NodeType(
        "GaussianARD",
        "stochastic",
        "Gaussian number",
        "A number that varies around a mean, in the shape of a bell; or several, each by itself.",
        (
            Argument("mu", "The mean: a number, or a node that gives one."),
            Argument("alpha", "The precision: one divided by the variance."),
        ),
        (
            _PLATES,
            Argument("shape", "The shape of one value: () a number, (2, ) two numbers.", True),
            _NDIM,
        ),
        True,
        "real numbers",
        "0, 1e-6",
    ),
    NodeType(
        "Gamma",
        "stochastic",
        "Gamma",
        "A positive number, such as a precision, a rate or a waiting time.",
        (
            Argument("a", "The shape: with a larger one the values lie closer around their mean."),
            Argument("b", "The rate: the mean is the shape divided by it."),
        ),
        (_PLATES,),
        True,
        "positive numbers",
        "1e-6, 1e-6",
    ),
    NodeType(
        "Wishart",
        "stochastic",
        "Wishart",
        "A precision matrix: how several numbers spread, and how they go together.",
        (
            Argument("n", "Degrees of freedom: at least the number of dimensions."),
            Argument("V", "The inverse scale matrix; the mean is n times its inverse."),
        ),
        (_PLATES,),
        False,
        "positive definite matrices",
        "2, [[1e-5, 0], [0, 1e-5]]",
    ),
    NodeType(
        "Exponential",
        "stochastic",
        "Exponential",
        "A waiting time when what is waited for is equally likely at every moment.",
        (Argument("l", "The rate: the mean is one divided by it."),),
        (_PLATES,),
        True,
        "positive numbers",
        "rate",
        "It is built as Gamma(1, l), the same distribution; its posterior is a Gamma.",
    ),
    NodeType(
        "GaussianGamma",
        "stochastic",
        "Gaussian and its scale",
        "A vector of means together with the one precision that scales all of them.",
        (
            _mean_vector(),
            Argument("Lambda", "The precision matrix before scaling."),
            Argument("a", "The shape of the scale's Gamma."),
            Argument("b", "The rate of the scale's Gamma."),
        ),
        (_PLATES, _NDIM),
        False,
        "vectors of real numbers, each with a positive number",
        "numpy.zeros(2), numpy.identity(2), 1e-3, 1e-3",
    ),
    NodeType(
        "GaussianWishart",
        "stochastic",
        "Gaussian and its precision",
        "A vector of means together with the precision matrix of what varies around them.",
        (
            _mean_vector(),
            Argument("alpha", "How many observations the mean counts for."),
            Argument("n", "Degrees of freedom: at least the number of dimensions."),
            Argument("V", "The inverse scale matrix."),
        ),
        (_PLATES,),
        False,
        "vectors of real numbers, each with a positive definite matrix",
        "numpy.zeros(2), 1, 2, numpy.identity(2)",
        "BayesPy 0.6.6 declares it and cannot infer it; use a Gaussian for the mean and a Wishart "
        "for the precision instead.",
        buildable=False,
    ),
    NodeType(
        "Bernoulli",
        "stochastic",
        "Yes or no",
        "Whether something happens: 1 or 0.",
        (Argument("p", "The probability of 1: a number, or a Beta node."),),
        (_PLATES,),
        True,
        "0 or 1",
        "p",
    ),
    NodeType(
        "Binomial",
        "stochastic",
        "Successes among trials",
        "How many of a known number of trials succeed.",
        (
            Argument("n", "The number of trials."),
            Argument("p", "The probability that one succeeds: a number, or a Beta node."),
        ),
        (_PLATES,),
        True,
        "whole numbers from 0 to n",
        "10, p",
    ),
    NodeType(
        "Categorical",
        "stochastic",
        "One of several",
        "Which one of several categories, as a number from 0.",
        (Argument("p", "The probability of each category: numbers, or a Dirichlet node."),),
        (_PLATES,),
        True,
        "whole numbers from 0 to the number of categories less 1",
        "alpha, plates=(:dl|Y, ), :ifr",
    ),
    NodeType(
        "Multinomial",
        "stochastic",
        "Counts of several",
        "How often each of several categories comes up in a known number of trials.",
        (
            Argument("n", "The number of trials."),
            Argument("p", "The probability of each category: numbers, or a Dirichlet node."),
        ),
        (_PLATES,),
        True,
        "counts that add up to n",
        "20, p",
    ),
    NodeType(
        "Poisson",
        "stochastic",
        "Counts",
        "How often something happens in a stretch of time when each time is by chance.",
        (Argument("l", "The mean count: a number, or a Gamma node."),),
        (_PLATES,),
        True,
        "whole numbers from 0",
        "rate",
    ),
    NodeType(
        "Beta",
        "stochastic",
        "Probability",
        "A probability that is not known: a number between 0 and 1.",
        (Argument("alpha", "Two counts, of yes and of no, as if they had been seen before."),),
        (_PLATES,),
        True,
        "numbers between 0 and 1",
        "[1, 1]",
    ),
    NodeType(
        "Dirichlet",
        "stochastic",
        "Probabilities of several",
        "The probabilities of several categories, which add up to 1.",
        (Argument("alpha", "One count per category, as if they had been seen before."),),
        (_PLATES,),
        True,
        "positive numbers that add up to 1",
        "numpy.full(10, 1e-05)",
    ),
    NodeType(
        "Mixture",
        "stochastic",
        "Mixture of groups",
        "Each row comes from one of several groups, and each group has its own distribution.",
        (
            Argument("z", "The group of each row: a Categorical node."),
            Argument("node_class", "The distribution of the groups: @bayespy.nodes.Gaussian()."),
            Argument(
                "params", "What that distribution takes, with a plate per group.", False, True
            ),
        ),
        (
            _PLATES,
            Argument("cluster_plate", "Which plate counts the groups; the last one, -1.", True),
        ),
        True,
        "the values of its groups' distribution",
        "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
    ),
    NodeType(
        "MaximumLikelihood",
        "stochastic",
        "Best single value",
        "A value of which only the best one is looked for, without how sure it is.",
        (Argument("array", "Where the search begins."),),
        (),
        False,
        "as its beginning",
        "numpy.identity(2)",
        "BayesPy 0.6.6 takes it only where a precision matrix is expected, itself or through a "
        "Function.",
    ),
    NodeType(
        "Concentration",
        "stochastic",
        "Best counts of a Dirichlet",
        "The counts that a Dirichlet or Beta takes, of which only the best are looked for.",
        (Argument("D", "The number of categories."),),
        (
            _PLATES,
            Argument(
                "regularization",
                "True, False, or (log-probability, samples): what pulls the counts together.",
                True,
            ),
        ),
        False,
        "positive numbers",
        "3",
    ),
    NodeType(
        "GammaShape",
        "stochastic",
        "Best shape of a Gamma",
        "The shape that a Gamma takes, of which only the best is looked for.",
        (),
        (_PLATES,),
        False,
        "positive numbers",
        "",
    ),
    NodeType(
        "Dot",
        "deterministic",
        "Dot product",
        "The elements of two or more vectors multiplied and summed, as in a linear regression.",
        (Argument("node", "A vector: a Gaussian node, or numbers.", False, True),),
        (),
        False,
        "real numbers",
        "weights, X",
    ),
    NodeType(
        "SumMultiply",
        "deterministic",
        "Sum of products",
        "Products of elements, summed over the directions that the pattern does not keep.",
        (
            Argument("pattern", "Letters for the directions: 'd,d->' or 'ij,j->i'."),
            Argument("node", "A Gaussian node, or numbers; one per part.", False, True),
        ),
        (),
        False,
        "real numbers",
        "'d,d->', weights, X",
    ),
    NodeType(
        "Add",
        "deterministic",
        "Sum",
        "The sum of two or more Gaussian nodes.",
        (
            Argument("node", "A Gaussian node."),
            Argument("others", "What is added to it: Gaussian nodes, or numbers.", False, True),
        ),
        (),
        False,
        "real numbers",
        "level, season",
    ),
    NodeType(
        "Gate",
        "deterministic",
        "Pick by category",
        "Of a repeated node, the repetition that a category says.",
        (
            Argument("Z", "Which one: a Categorical node."),
            Argument("X", "The node with a plate per category."),
        ),
        (Argument("gated_plate", "Which plate counts the categories; the last one, -1.", True),),
        False,
        "as the picked node",
        "Z, mu",
    ),
    NodeType(
        "Take",
        "deterministic",
        "Pick by number",
        "Of a repeated node, the repetitions with the given numbers, in the given order.",
        (
            Argument("node", "The node with a plate."),
            Argument("indices", "Numbers from 0, as a list: [0, 0, 1]."),
        ),
        (Argument("plate_axis", "Which plate is picked from; the last one, -1.", True),),
        False,
        "as the picked node",
        "mu, [0, 0, 1]",
    ),
    NodeType(
        "Function",
        "deterministic",
        "Function",
        "A function of nodes of which only the best value is looked for.",
        (
            Argument("function", "The name of an allowed function, with an @ before it."),
            Argument("node", "A MaximumLikelihood node, or a Function of one.", False, True),
        ),
        (),
        False,
        "as the function gives",
        "@headwater.square(), scale",
    ),
    NodeType(
        "ConcatGaussian",
        "deterministic",
        "Joined vectors",
        "Gaussian vectors one after another, as one longer vector.",
        (Argument("node", "A Gaussian vector.", False, True),),
        (),
        False,
        "vectors of real numbers",
        "weights, offsets",
    ),
    NodeType(
        "Choose",
        "deterministic",
        "Pick among nodes",
        "Of several nodes, the one that a category says.",
        (
            Argument("z", "Which one: a Categorical node with a category per node."),
            Argument("node", "A node to pick from; all of the same kind.", False, True),
        ),
        (),
        False,
        "as the picked node",
        "Z, low, high",
    ),
)

NODE_TYPES: dict[str, NodeType] = {node_type.key: node_type for node_type in _TYPES}
"""Key -> type, stochastic ones first."""

FUNCTION_NAMES = ("headwater.square", "headwater.exp", "headwater.multiply")
"""What “@” may name in a Function node, besides what a project allows."""

__all__ = ["FUNCTION_NAMES", "NODE_TYPES", "Argument", "NodeType"]
