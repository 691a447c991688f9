"""The words of segments."""

from __future__ import annotations

from headwater.console.glossary_term import Term

SEGMENTS = (
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
)
