"""The words of the pages: plain words first, the technical term beside them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary."""

    key: str
    word: str
    plain: str
    """One sentence without jargon."""
    more: str = ""


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
        "standardise",
        "standardising",
        "Measures every column in its own spread, so that a column with large numbers does not "
        "drown the others.",
    ),
    Term(
        "relabelled",
        "moved rows",
        "Rows that were in one group in the earlier run and are in another in the later one.",
    ),
    Term(
        "worker",
        "worker",
        "A process beside the web server that does the runs, so that no page has to wait for one.",
        "It is started with “python manage.py db_worker”.",
    ),
)

TERMS: dict[str, Term] = {entry.key: entry for entry in _TERMS}
