"""What the entries of the classification techniques have in common. Import-light."""

from __future__ import annotations

from headwater.engines.parameters import Parameter, Parameters
from headwater.engines.technique import Technique

PACKAGE = "headwater.engines.classification"
OBJECTIVE = "measure that is chosen for the cross-validation"


def strictness(default: float = 1.0) -> Parameter:
    """Return how much a wrongly classified row costs."""
    return Parameter(
        "C",
        "Strictness (C)",
        "number",
        default,
        "How much a wrongly classified row costs. More follows the rows more closely, and with too "
        "much their chance errors too; less keeps the rule simpler.",
        minimum=0,
        exclusive_minimum=True,
        maximum=1e6,
    )


def class_weight() -> Parameter:
    """Return how much a rare class counts."""
    return Parameter(
        "class_weight",
        "Weight of the classes",
        "choice",
        "none",
        "Where one class is rare, it is easily passed over; weighed by its size it counts as much "
        "as the others.",
        choices=(
            ("none", "Each row counts the same"),
            ("balanced", "Each class counts the same, however many rows it has"),
        ),
    )


def tolerance(default: float) -> Parameter:
    """Return when the search ends."""
    return Parameter(
        "tol",
        "Tolerance",
        "number",
        default,
        "The search ends when it gets better by less than this. Smaller is more exact and slower.",
        minimum=0,
        exclusive_minimum=True,
        maximum=1,
        advanced=True,
    )


def smoothing() -> Parameter:
    """Return how much is taken as seen before any row was read."""
    return Parameter(
        "alpha",
        "Smoothing",
        "number",
        1.0,
        "How many times each column is taken as seen in each class before any row was read, so "
        "that what was never seen is not taken as impossible.",
        minimum=0,
        exclusive_minimum=True,
        maximum=1e6,
    )


def fit_prior() -> Parameter:
    """Return whether frequent classes are likelier beforehand."""
    return Parameter(
        "fit_prior",
        "Frequent classes are likelier",
        "boolean",
        True,
        "Take a class as likely beforehand as it is frequent among the rows. Without it all "
        "classes are equally likely beforehand.",
    )


def classifier(
    key: str,
    label: str,
    summary: str,
    path: str,
    parameters: list[Parameter],
    *,
    iterations_parameter: str | None = None,
    parts: tuple[str, ...] = (),
) -> Technique:
    """Return the technique with what all of the family share; ``parts``: further types of ours."""
    return Technique(
        key=key,
        label=label,
        family="classification",
        summary=summary,
        path=f"{PACKAGE}.{path}",
        parameters=Parameters(parameters),
        restarts_parameter=None,
        iterations_parameter=iterations_parameter,
        threads_parameter="n_threads",
        limit_parameter=None,
        finds_number=False,
        objective=OBJECTIVE,
        objective_rises=True,
        trusted=tuple(
            f"{PACKAGE}.{name}"
            for name in (path.replace(":", "."), *parts, "calibrated.Calibrated")
        ),
    )
