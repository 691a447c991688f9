"""The words of Bayesian networks."""

from __future__ import annotations

from headwater.console.glossary_term import Term

NETWORKS = (
    Term(
        "bayesian_network",
        "Bayesian network",
        "A description of how data come about: quantities, some known and some not, and which "
        "depends on which. From the data it tells what the unknown ones probably are.",
        "It is stated as nodes and edges, and every answer comes with how sure it is.",
    ),
    Term(
        "node",
        "node",
        "One quantity of a network: a mean, a precision, the group of each row, what a column "
        "holds.",
    ),
    Term(
        "edge",
        "edge",
        "An arrow from one node to another: the second depends on the first.",
        "The first is called the parent, the second the child. The child's parameters name it.",
    ),
    Term(
        "stochastic",
        "stochastic node",
        "A quantity that is not certain: it has a distribution, which says which values are "
        "likely.",
    ),
    Term(
        "deterministic",
        "deterministic node",
        "A quantity that is computed from its parents, such as a sum; it adds no chance of its "
        "own.",
    ),
    Term(
        "observed",
        "observed node",
        "A quantity whose values are known: columns of the project hold them.",
    ),
    Term(
        "plate",
        "plate",
        "A repetition: a node within a plate “× 10” stands for ten quantities of the same kind.",
        "In parameters it is written plates=(10, ).",
    ),
    Term(
        "prior",
        "prior",
        "What is thought of a quantity before any data are seen.",
        "A weak prior, such as GaussianARD(0, 1e-6), hardly says anything and leaves all to the "
        "data.",
    ),
    Term(
        "posterior",
        "posterior",
        "What is thought of a quantity after the data were seen: which values are likely now, "
        "and how likely.",
    ),
    Term(
        "power-prior",
        "power prior",
        "A prior made from an earlier result, of which only a part is believed: with the weight "
        "0.1 a thousand earlier rows count as a hundred.",
    ),
    Term(
        "density",
        "density",
        "A curve that is high over values that are likely and low over those that are not. The "
        "area below it is 1.",
    ),
    Term(
        "credible-interval",
        "credible interval",
        "The range that a quantity lies in with a stated probability, such as 95 %, given the "
        "data and what was thought before.",
    ),
    Term(
        "precision",
        "precision",
        "One divided by the variance, so by the square of the spread: the larger it is, the "
        "closer values lie together.",
    ),
    Term(
        "predictive",
        "posterior predictive",
        "What is expected of the next value, with what is not certain about mean and spread "
        "counted in.",
    ),
    Term(
        "atypical",
        "atypical",
        "Farther from the expected value than two standard deviations: about one value in twenty "
        "where values are bell-shaped.",
    ),
)
