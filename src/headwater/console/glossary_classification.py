"""The words of classification."""

from __future__ import annotations

from headwater.console.glossary_term import Term

CLASSIFICATION = (
    Term(
        "classifier",
        "classifier",
        "A model that learns from rows whose class is known which class other rows are of.",
        "Only what people have said trains it. Its own guesses never do.",
    ),
    Term(
        "class",
        "class",
        "One of the values that a row can be of, such as “stays” and “leaves”.",
        "A class is called what the column calls it, unlike a group, which gets a letter.",
    ),
    Term(
        "cross-validation",
        "cross-validation",
        "The labelled rows are divided into parts, and each part is judged by what was learned "
        "from the others, so that nothing is judged on what it was learned from.",
        "Everything that is learned from data, scales and categories too, is learned anew for each "
        "part. In the order of time, each part is judged by what was learned from what came "
        "before it.",
    ),
    Term(
        "fold",
        "part (fold)",
        "One of the parts that the labelled rows are divided into to be judged.",
    ),
    Term(
        "accuracy",
        "accuracy",
        "How many of all rows are taken for what they are.",
        "Where one class is rare it says little: who never names the rare class is nearly always "
        "right.",
    ),
    Term(
        "precision-of-class",
        "precision of a class",
        "Of the rows that are taken for a class, how many really are of it.",
    ),
    Term(
        "recall",
        "recall",
        "Of the rows that are of a class, how many are found.",
    ),
    Term(
        "f1",
        "F1",
        "Precision and recall in one number, which is high only where both are.",
        "It is their harmonic mean.",
    ),
    Term(
        "average-precision",
        "average precision",
        "How precise the rows are that stand first where all rows are put in order of their score, "
        "on average over all that is found.",
        "It is the area under the curve of precision over recall; drawn at random it is the share "
        "of the class.",
    ),
    Term(
        "roc-auc",
        "ROC AUC",
        "How often a row of the class has a higher score than one that is not of it.",
        "1 is always, 0.5 is no better than tossing a coin.",
    ),
    Term(
        "log-loss",
        "log loss",
        "How surprised one is by the true classes where the probabilities are believed; less is "
        "better.",
        "A class that was called impossible and came all the same costs most.",
    ),
    Term(
        "brier",
        "Brier score",
        "The mean squared distance of the probability from what was so: 0 is perfect.",
    ),
    Term(
        "confusion-matrix",
        "confusion matrix",
        "A table of which class rows are of, and which class they were taken for.",
    ),
    Term(
        "probability",
        "probability of a class",
        "How many in a hundred rows with the same score are of the class.",
        "Scores become probabilities by a curve that is fitted to rows that were not learned from "
        "(Platt's sigmoid).",
    ),
    Term(
        "calibration",
        "calibration",
        "Whether probabilities are true: of rows with 80%, eight in ten are of the class.",
    ),
    Term(
        "threshold",
        "threshold",
        "The probability from which on a row counts as of the class.",
        "A lower one finds more and is wrong more often.",
    ),
    Term(
        "leak",
        "leak",
        "A column that gives the answer away, such as the label itself or what is written only "
        "after it is known.",
        "The figures are too good then, and new rows are not classified so well.",
    ),
)
