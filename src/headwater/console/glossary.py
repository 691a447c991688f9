"""The words of the pages: plain words first, the technical term beside them."""

from __future__ import annotations

from headwater.console.glossary_classification import CLASSIFICATION
from headwater.console.glossary_spam import SPAM
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
    Term(
        "stock",
        "stock",
        "The objects that are in one state now, such as the customers who pay; its level is how "
        "many there are.",
        "The stocks of a partition never overlap: an object is in one of them, or outside.",
    ),
    Term(
        "flow",
        "flow",
        "The move of objects from one stock to another, such as from trial to paying.",
        "Each move is kept as an event: which object, from where, to where, and when.",
    ),
    Term(
        "outside",
        "outside",
        "Where objects are that are in no stock: not there yet, gone, or in no state.",
    ),
    Term(
        "ledger",
        "ledger",
        "The books of a partition. Each count closes a page, on which every stock's opening level, "
        "what came, what went and the closing level must fit together.",
        "Books without a gap are exact: for each object, moves explain where it is.",
    ),
    Term(
        "back-filled",
        "back-filled",
        "Worked out afterwards from moves, for a period in which nobody counted.",
        "This is done only where every move was seen as it happened. Elsewhere the gap stays.",
    ),
    Term(
        "relabelled-move",
        "relabelled move",
        "A move of an object that did not change itself: a new fit of the model that labels it "
        "gave it another label.",
    ),
    Term(
        "cumulative-flow",
        "cumulative flow diagram",
        "A picture of how many objects the stocks hold over time, one stock upon the other.",
        "A band that grows thicker shows where objects gather: more come in than go on.",
    ),
    Term(
        "sankey",
        "Sankey diagram",
        "A picture of bands between two columns: where objects were at one date, and where they "
        "were at a later one. A band is as thick as the number of objects that went that way.",
    ),
    Term(
        "transition-matrix",
        "transition matrix",
        "A table that says, of the objects of each stock, which share is in which stock at the "
        "next count.",
        "Each row adds up to 100%: staying and leaving for the outside are counted in.",
    ),
    Term(
        "median-time",
        "median time in a stock",
        "The time after which half of the objects that came to a stock have left it again.",
        "Objects that are still there are counted in as staying at least so long, by the method "
        "of Kaplan and Meier: at each length of stay, those who left are compared with those who "
        "had stayed that long.",
    ),
    Term(
        "cohort",
        "cohort",
        "The objects that first came in the same period, such as a month.",
        "Retention is the share of a cohort that is still there some periods later.",
    ),
    Term(
        "forecast-band",
        "forecast band",
        "The range that a count in the future lies in with a stated probability, such as 80%, if "
        "objects go on moving as they did.",
        "It holds what is not known of the rates, and the chance in who moves.",
    ),
    Term(
        "back-test",
        "back-test",
        "A forecast of counts that are known already, made from the counts before them only, to "
        "see how often the bands held them.",
        "Bands of 80% should hold about 8 of 10 counts. Few counts say little.",
    ),
    Term(
        "silhouette",
        "silhouette",
        "How much closer a row lies to its own segment than to the next one: 1 much closer, 0 "
        "between two, below 0 closer to another.",
        "The mean over all rows tells how well the segments are apart. Rows outside of every "
        "segment are left out.",
    ),
    Term(
        "davies-bouldin",
        "Davies-Bouldin index",
        "How wide the segments are, compared with how far they lie from one another. Less is "
        "better; it has no fixed end.",
    ),
    Term(
        "calinski-harabasz",
        "Calinski-Harabasz index",
        "How far segments lie apart, compared with how wide they are. More is better; it has no "
        "fixed end.",
    ),
    Term(
        "gap",
        "gap statistic",
        "How much better the rows divide than rows without any segments, spread evenly over the "
        "same range. It is the only score here that can say: there are no segments.",
        "The least number of segments is taken after which it does not grow beyond chance.",
    ),
    Term(
        "noise",
        "outside of every segment (noise)",
        "Rows with too few neighbours to belong to a segment. Some techniques leave such rows out "
        "in place of putting them somewhere.",
    ),
    Term(
        "deviation",
        "deviation in spreads",
        "How far the mean of a segment lies from the mean of all rows in segments, measured in "
        "how far rows usually lie from it.",
        "So columns with different units can stand beside one another.",
    ),
    Term(
        "parallel-coordinates",
        "parallel coordinates",
        "A picture of many columns at once: each has an upright axis, and each segment is a line "
        "over all of them.",
    ),
    Term(
        "dendrogram",
        "tree of rows (dendrogram)",
        "A drawing of how rows join, the most alike ones first, until all are one. Cut at some "
        "height, what is joined below is a segment.",
    ),
    Term(
        "component",
        "principal component",
        "A new direction that mixes the columns, so that rows differ along it as much as can be.",
        "The first tells most, each further one the most of what is left.",
    ),
    Term(
        "explained-variance",
        "explained variance",
        "Which share of all differences between rows a component shows.",
    ),
    Term(
        "loading",
        "loading",
        "How much a column weighs on a component: near 1 or −1 very much, near 0 hardly.",
    ),
    Term(
        "biplot",
        "biplot",
        "A picture of rows along two components, with an arrow for each column that shows how it "
        "makes them.",
    ),
    Term(
        "stability",
        "stability of a segment",
        "Whether the technique finds the segment again when the rows are drawn anew: 1 always the "
        "same rows, near 0 never.",
        "The rows are drawn many times with putting back (a bootstrap), and each time the most "
        "similar segment is looked for (Jaccard similarity).",
    ),
    Term(
        "rfm",
        "recency, frequency, monetary value (RFM)",
        "How long ago, how often and for how much somebody bought, each scored from 1 to 5.",
        "The scores are fifths of all rows; 5 is the most recent, the most frequent, the most "
        "valuable. Words such as “champions” or “at risk” stand for ranges of the mean scores.",
    ),
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
