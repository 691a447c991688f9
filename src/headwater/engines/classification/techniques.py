"""Classification techniques, as the catalog has them. Import-light: no NumPy here."""

from __future__ import annotations

from headwater.engines.classification.declared_techniques import (
    class_weight,
    classifier,
    fit_prior,
    smoothing,
    strictness,
    tolerance,
)
from headwater.engines.parameters import Parameter
from headwater.engines.technique import random_seed

SVC = classifier(
    "svc",
    "Support vector machine",
    "Looks for the border between two classes that keeps the widest margin to both, straight or "
    "curved. Strong on some thousand rows; the time grows with the square of the rows.",
    "svc:SVC",
    [
        Parameter(
            "kernel",
            "Kernel",
            "choice",
            "rbf",
            "What the border may look like. Radial follows any shape; linear is the quickest and "
            "says which columns decide.",
            choices=(
                ("linear", "Linear: a straight border"),
                ("poly", "Polynomial: a border of the degree below"),
                ("rbf", "Radial: a border of any shape"),
                ("sigmoid", "Sigmoid: like a layer of a neural network"),
            ),
        ),
        strictness(),
        Parameter(
            "degree",
            "Degree",
            "integer",
            3,
            "Degree of the polynomial; the other kernels take no notice of it.",
            minimum=1,
            maximum=20,
        ),
        Parameter(
            "gamma",
            "Reach (gamma)",
            "number",
            None,
            "How quickly the say of a row falls with the distance: more makes it more local. "
            "Empty: 1 divided by the number of columns and by the variance of their numbers.",
            minimum=0,
            exclusive_minimum=True,
            maximum=1e6,
            optional=True,
        ),
        Parameter(
            "coef0",
            "Constant of the kernel",
            "number",
            0.0,
            "Is added inside the polynomial and the sigmoid kernel; more gives the lower powers of "
            "a polynomial more say.",
            advanced=True,
        ),
        class_weight(),
        Parameter(
            "decision_function_shape",
            "Shape of the decision",
            "choice",
            "ovr",
            "What the decision function returns where there are more than two classes. The classes "
            "that rows get are the same.",
            choices=(
                ("ovr", "A number for each class"),
                ("ovo", "A number for each pair of classes"),
            ),
            advanced=True,
        ),
        Parameter(
            "probability",
            "Probabilities of its own",
            "boolean",
            False,
            "Also learn how distances from the border translate into probabilities, from five "
            "parts that are held out in turn. Takes about six times as long.",
        ),
        Parameter(
            "shrinking",
            "Shrinking",
            "boolean",
            True,
            "Leave rows out of the search that will most probably not matter; mostly quicker.",
            advanced=True,
        ),
        tolerance(1e-3),
        Parameter(
            "cache_size",
            "Memory for the search",
            "number",
            200.0,
            "Megabytes in which similarities of rows are kept while learning. More is quicker "
            "where there are many rows.",
            minimum=1,
            maximum=100_000,
            advanced=True,
        ),
        random_seed(0),
    ],
)

LINEAR_SVC = classifier(
    "linear_svc",
    "Linear support vector machine",
    "Finds the straight border with the widest margin. Quick with very many rows and columns, "
    "such as the words of texts, and says which columns decide.",
    "linear_svc:LinearSVC",
    [
        strictness(),
        Parameter(
            "loss",
            "Cost of an error",
            "choice",
            "squared_hinge",
            "How the cost of a row grows with the distance on the wrong side of the margin.",
            choices=(
                ("squared_hinge", "With its square"),
                ("hinge", "In proportion, as in a support vector machine with a linear kernel"),
            ),
            advanced=True,
        ),
        class_weight(),
        tolerance(1e-4),
        random_seed(0),
    ],
    iterations_parameter="max_iter",
)

LOGISTIC_REGRESSION = classifier(
    "logistic_regression",
    "Logistic regression",
    "Adds up a weight for each column and turns the sum into a probability. Quick, says which "
    "columns decide, and its probabilities can mostly be taken at their word.",
    "logistic_regression:LogisticRegression",
    [strictness(), class_weight(), tolerance(1e-4)],
    iterations_parameter="max_iter",
)

MULTINOMIAL_NB = classifier(
    "multinomial_nb",
    "Multinomial naive Bayes",
    "Compares how often each word or thing occurs in the classes. Learns in an instant from few "
    "rows; made for counts, and takes no numbers below zero.",
    "naive_bayes:MultinomialNB",
    [smoothing(), fit_prior()],
)

COMPLEMENT_NB = classifier(
    "complement_nb",
    "Complement naive Bayes",
    "Like multinomial naive Bayes, but compares each class with all of the others, which does "
    "better where one class is much larger. Takes no numbers below zero.",
    "naive_bayes:ComplementNB",
    [
        smoothing(),
        Parameter(
            "norm",
            "Even out the weights",
            "boolean",
            False,
            "Divide the weights of each class by their sum, so that classes with long texts do "
            "not outweigh the others.",
        ),
    ],
)

BERNOULLI_NB = classifier(
    "bernoulli_nb",
    "Bernoulli naive Bayes",
    "Compares which words or things occur at all in the classes, and which do not, however often. "
    "Learns in an instant, and suits short texts and columns of yes and no.",
    "naive_bayes:BernoulliNB",
    [
        smoothing(),
        Parameter(
            "binarize",
            "Counts as present above",
            "number",
            0.0,
            "A column is present in a row where its number is greater than this.",
        ),
        fit_prior(),
    ],
)

RANDOM_FOREST = classifier(
    "random_forest",
    "Random forest",
    "Grows many decision trees, each on rows and columns drawn at random, and takes the mean of "
    "what they say. Needs little tuning, no scaling, and finds borders of any shape.",
    "random_forest:RandomForest",
    [
        Parameter(
            "n_estimators",
            "Trees",
            "integer",
            100,
            "How many trees to grow. More is steadier and slower, never worse.",
            minimum=1,
            maximum=5_000,
        ),
        Parameter(
            "criterion",
            "Measure of a split",
            "choice",
            "gini",
            "How it is measured how well a question divides the classes; mostly much the same.",
            choices=(("gini", "Gini impurity"), ("entropy", "Entropy")),
            advanced=True,
        ),
        Parameter(
            "max_depth",
            "Questions at most",
            "integer",
            None,
            "How many questions may follow each other in a tree. Empty: until all rows of a leaf "
            "are of one class.",
            minimum=1,
            maximum=200,
            optional=True,
        ),
        Parameter(
            "min_samples_leaf",
            "Least rows of a leaf",
            "integer",
            1,
            "The fewest rows that an answer of a tree may rest on. More makes smoother borders.",
            minimum=1,
            maximum=1_000_000,
        ),
        Parameter(
            "max_features",
            "Columns to choose from",
            "choice",
            "sqrt",
            "How many columns, drawn at random, each question is chosen from. Fewer makes the "
            "trees more different.",
            choices=(
                ("sqrt", "The square root of their number"),
                ("log2", "The logarithm of their number"),
                ("all", "All"),
            ),
            advanced=True,
        ),
        class_weight(),
        random_seed(0),
    ],
    parts=("trees.Trees",),
)

GRADIENT_BOOSTING = classifier(
    "gradient_boosting",
    "Gradient boosting",
    "Grows small decision trees one after the other, each of which mends what those before it got "
    "wrong. Often the most accurate on tables with many rows.",
    "gradient_boosting:GradientBoosting",
    [
        Parameter(
            "max_iter",
            "Rounds",
            "integer",
            100,
            "How many trees to grow for each class, at most.",
            minimum=1,
            maximum=10_000,
        ),
        Parameter(
            "learning_rate",
            "Size of a step",
            "number",
            0.1,
            "How much of each tree is taken. Smaller needs more rounds and is often more accurate.",
            minimum=0,
            exclusive_minimum=True,
            maximum=1,
        ),
        Parameter(
            "max_leaf_nodes",
            "Leaves at most",
            "integer",
            31,
            "How many answers a tree may have. Fewer makes simpler rules.",
            minimum=2,
            maximum=1_000,
        ),
        Parameter(
            "max_depth",
            "Questions at most",
            "integer",
            None,
            "How many questions may follow each other in a tree. Empty: as the leaves allow.",
            minimum=1,
            maximum=200,
            optional=True,
            advanced=True,
        ),
        Parameter(
            "min_samples_leaf",
            "Least rows of a leaf",
            "integer",
            20,
            "The fewest rows that an answer of a tree may rest on. More makes smoother borders.",
            minimum=1,
            maximum=1_000_000,
        ),
        Parameter(
            "l2_regularization",
            "Restraint",
            "number",
            0.0,
            "How strongly the answers of a tree are drawn towards none. More is more cautious.",
            minimum=0,
            maximum=1e6,
            advanced=True,
        ),
        Parameter(
            "early_stopping",
            "Stop when it gets no better",
            "boolean",
            False,
            "Hold a tenth of the rows out and stop when ten rounds bring nothing on them.",
            advanced=True,
        ),
        class_weight(),
        random_seed(0),
    ],
    parts=("trees.Trees",),
)

CLASSIFIERS = (
    SVC,
    LINEAR_SVC,
    LOGISTIC_REGRESSION,
    MULTINOMIAL_NB,
    COMPLEMENT_NB,
    BERNOULLI_NB,
    RANDOM_FOREST,
    GRADIENT_BOOSTING,
)
"""In the order in which they are offered."""
