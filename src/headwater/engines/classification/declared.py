"""EVALUATION: how a classifier is judged, as forms ask for it. Import-light: no NumPy here."""

from __future__ import annotations

from headwater.engines.parameters import Parameter, Parameters

METRICS: tuple[tuple[str, str], ...] = (
    ("accuracy", "Accuracy"),
    ("average_precision", "Average precision"),
    ("f1", "F1"),
    ("log_loss", "Log loss"),
    ("precision", "Precision"),
    ("recall", "Recall"),
    ("roc_auc", "ROC AUC"),
)
"""(key, label) of what is measured on rows that were not learned from."""
FALLING_METRICS = frozenset({"log_loss"})
"""Those of which less is better."""

EVALUATION = Parameters(
    [
        Parameter(
            "folds",
            "Folds",
            "integer",
            10,
            "The labelled rows are divided into so many parts, each with the same mix of classes. "
            "Each part is judged by what was learned from all the others. More parts take longer.",
            minimum=2,
            maximum=50,
        ),
        Parameter(
            "metric",
            "Measure",
            "choice",
            "accuracy",
            "What the score on the page and a search go by. All the measures are computed.",
            choices=METRICS,
        ),
        Parameter(
            "positive",
            "Class looked for",
            "text",
            None,
            "The class that precision, recall, F1 and the curves are of. Empty: the second of two "
            "classes; of more classes, the mean over all of them.",
            optional=True,
        ),
        Parameter(
            "time_column",
            "Date column",
            "text",
            None,
            "A column of dates. With it, each part is judged by what was learned from earlier rows "
            "only, as it will be in use.",
            optional=True,
        ),
        Parameter(
            "calibration",
            "Probabilities",
            "choice",
            "sigmoid",
            "Whether scores become probabilities by a curve fitted to rows that were not learned "
            "from (Platt), or are taken as the technique gives them.",
            choices=(("sigmoid", "Calibrated"), ("none", "As the technique gives them")),
        ),
        Parameter(
            "search",
            "Search",
            "text",
            None,
            "Settings to try, as JSON lists by name, such as "
            '{"C": [0.1, 1, 10], "kernel": ["linear", "rbf"]}. The best by the measure is used; '
            "of equals, the one that comes first. Each is learned anew in every part: six settings "
            "and ten parts are 60 trainings, and there may be 1,000.",
            optional=True,
            advanced=True,
        ),
        Parameter(
            "seed",
            "Random seed",
            "integer",
            42,
            "The start of the random numbers that divide the rows. The same number on the same "
            "rows gives the same parts.",
            minimum=0,
            maximum=2**32 - 1,
            advanced=True,
        ),
    ]
)
