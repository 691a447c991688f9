"""The words of the pages: plain words first, the technical term beside them."""

from __future__ import annotations

from headwater.console.glossary_classification import CLASSIFICATION
from headwater.console.glossary_networks import NETWORKS
from headwater.console.glossary_segments import SEGMENTS
from headwater.console.glossary_spam import SPAM
from headwater.console.glossary_stocks import STOCKS
from headwater.console.glossary_term import Term

__all__ = ["TERMS", "Term"]

_TERMS = (
    Term(
        "model",
        "statistical model",
        "What to learn: from which rows and columns, with which technique, and where the "
        "result goes.",
        "It is set up once and can be run as often as the data change. Code of the project gets "
        "it by its name.",
    ),
    Term(
        "fit",
        "run (fit)",
        "One time that a model learned from the data, with its settings, times and result.",
        "Runs are history: a finished one is never changed. The newest that succeeded is in use.",
    ),
    Term(
        "group",
        "group (cluster, component)",
        "Rows that are more like one another than like the rest.",
        "A group keeps its letter, colour and shape over later runs, as far as its members stay "
        "together. A new group gets a new letter; the letter of a group that is gone is not "
        "given again.",
    ),
    Term(
        "label",
        "label",
        "The letter of a row's group, as it is written to the field of the project.",
    ),
    Term(
        "spread",
        "spread (standard deviation)",
        "How far rows of a group usually lie from its mean: about two thirds of them within one "
        "spread, where the values are bell-shaped.",
    ),
    Term(
        "ellipse",
        "ellipse of a group",
        "Encloses most of a group in the picture: two spreads from its centre, about 86 of 100 "
        "rows where the group is bell-shaped.",
    ),
    Term(
        "principal-axes",
        "principal axes",
        "The two directions in which the rows differ most, made by mixing all columns.",
        "They are used for a picture when there are more columns than two. Each axis says which "
        "share of all differences it shows.",
    ),
    Term(
        "bound",
        "lower bound",
        "A score of how well the groups explain the data, needless groups counted against them. "
        "Higher is better; it compares runs on the same rows only.",
        "In full: the variational lower bound of the log evidence (ELBO).",
    ),
    Term(
        "inertia",
        "inertia",
        "The sum of the squared distances of the rows to the centre of their group. Lower is "
        "better, but more groups always lower it.",
    ),
    Term(
        "restart",
        "restart (meta-iteration)",
        "One complete search from another random start. The best of them is kept.",
        "When most restarts end at the same score, the result can be trusted not to depend on "
        "chance.",
    ),
    Term(
        "iteration",
        "iteration",
        "One round of improving the groups. Rounds go on until the score settles.",
    ),
    Term(
        "converged",
        "settled (converged)",
        "The score no longer improved when the run ended. A run that had not settled may find "
        "better groups with more iterations.",
    ),
    Term(
        "variational_mixture",
        "Gaussian mixture",
        "Describes the rows as several bell-shaped clouds, each with its own centre, width and "
        "direction, and finds how many clouds are needed.",
    ),
    Term(
        "k_means",
        "k-means",
        "Divides the rows into a number of groups that you choose, each row to the nearest centre.",
    ),
    Term(
        "hierarchical",
        "hierarchical clustering",
        "Merges the two nearest groups again and again, from single rows to all of them. The tree "
        "that comes out can be cut into any number of groups.",
    ),
    Term(
        "dbscan",
        "DBSCAN",
        "Finds groups where rows have many neighbours within a distance that you choose. Rows "
        "without enough of them are in no group.",
    ),
    Term(
        "hdbscan",
        "HDBSCAN",
        "Finds groups that stay together at many distances, so that none has to be chosen. Rows "
        "that lie alone are in no group.",
    ),
    Term(
        "pca",
        "principal components",
        "The few directions along which the rows differ most, each a mixture of the columns.",
    ),
    Term(
        "scale",
        "scale of a column",
        "What the numbers of a column are measured in before they are compared: its own spread, "
        "so that a column with large numbers does not drown the others, or as they are.",
    ),
    Term(
        "relabelled",
        "moved rows",
        "Rows that were in one group in the earlier run and are in another in the later one.",
    ),
    *NETWORKS,
    Term(
        "student_t",
        "Student-t mixture",
        "Like a Gaussian mixture, but each group has wider tails, so that a few rows far away do "
        "not pull its centre or make a group of their own.",
        "How wide the tails are, the degrees of freedom, is learned too.",
    ),
    Term(
        "outlier",
        "outlier",
        "A row that lies far from every group, so that hardly any group would have given it.",
    ),
    Term(
        "rand-index",
        "adjusted Rand index",
        "How far two divisions into groups agree: 1 where they are the same, about 0 where they "
        "agree no more than by chance.",
        "It asks of each pair of rows whether both divisions keep it together or apart.",
    ),
    *STOCKS,
    *SEGMENTS,
    *CLASSIFICATION,
    *SPAM,
    Term(
        "worker",
        "worker",
        "A process beside the web server that does the runs, so that no page has to wait for one.",
        "It is started with “python manage.py db_worker”.",
    ),
)

TERMS: dict[str, Term] = {entry.key: entry for entry in _TERMS}
