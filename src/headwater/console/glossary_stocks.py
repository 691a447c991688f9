"""The words of stocks and flows."""

from __future__ import annotations

from headwater.console.glossary_term import Term

STOCKS = (
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
)
