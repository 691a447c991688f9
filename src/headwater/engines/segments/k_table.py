"""k_table: scores of k-means over a range of numbers of groups, and the number they speak for."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from headwater.engines.progress import Callback, Step
from headwater.engines.scales import Floats
from headwater.engines.segments.gap import Gap, Reference, gap_choice, gap_of, speaks_for_one
from headwater.engines.segments.quality import quality

LIMIT = 5_000
"""Rows that are tried, a sample above it."""
REFERENCES = 10
"""Sets of rows without groups that the gap compares with."""
FEW = 100_000
"""Numbers up to which one thread is quicker."""
SUBSTANTIAL = 0.5
"""Silhouette up to which groups are weak and could be artificial (Kaufman & Rousseeuw 1990)."""


@dataclass(frozen=True, slots=True)
class KRow:
    """Scores of one number of groups; None where one is not defined."""

    k: int
    inertia: float
    silhouette: float | None
    davies_bouldin: float | None
    calinski_harabasz: float | None
    gap: float | None
    gap_s: float | None


@dataclass(frozen=True, slots=True)
class SuggestedK:
    """The number of groups that the scores speak for, and why."""

    k: int | None
    """1 where nothing speaks for groups; None where there is nothing to choose from."""
    votes: dict[str, int]
    """Score -> the k that it speaks for."""
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KTable:
    """Scores over a range of numbers of groups."""

    rows: tuple[KRow, ...]
    suggested: SuggestedK
    n: int
    """Rows that there are."""
    sampled: int | None
    """Rows that were tried, if not all."""

    def as_json(self) -> dict[str, Any]:
        """Return all of it."""
        return {
            "rows": [asdict(row) for row in self.rows],
            "suggested": {
                "k": self.suggested.k,
                "votes": dict(self.suggested.votes),
                "sentences": list(self.suggested.sentences),
            },
            "n": self.n,
            "sampled": self.sampled,
        }


def k_table(
    X: Floats,
    ks: Iterable[int],
    *,
    n_init: int = 10,
    references: int = REFERENCES,
    limit: int = LIMIT,
    seed: int = 0,
    n_threads: int | None = None,
    callback: Callback | None = None,
) -> KTable:
    """Return the scores of k-means on ``X`` (n, d) for each of ``ks``, least first.

    One group is always among them, and for the gap the number after the greatest is tried too;
    numbers with fewer different rows than groups are left out. ``references`` of 0: no gaps. Above
    ``limit`` rows a sample drawn with ``seed`` is tried. ``callback`` is called after each number
    with the inertia, and whatever it raises stops the work.
    """
    rng = np.random.default_rng(seed)
    n = len(X)
    rows = X if n <= limit else X[np.sort(rng.choice(n, size=limit, replace=False))]
    different = len(np.unique(rows, axis=0)) if n else 0
    asked = sorted({1, *ks})
    if asked[0] < 1:
        raise ValueError(f"{asked[0]} groups are asked for; a number of groups is 1 or more.")
    asked = [k for k in asked if k <= different]
    # Threads that wait for each other cost more than they share, of few numbers.
    n_threads = 1 if rows.size <= FEW else n_threads
    with threadpool_limits(limits=n_threads), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        tried = _tried(rows, asked, different, n_init, references, rng, callback)
    gaps = [gap for _, gap in tried]
    table = tuple(row for row, _ in tried if row.k in asked)
    return KTable(table, suggest_k(table, gaps), n, len(rows) if len(rows) < n else None)


def suggest_k(rows: Iterable[KRow], gaps: list[Gap] | None = None) -> SuggestedK:
    """Return the number of groups that most of four scores speak for.

    They are the greatest silhouette, the least Davies-Bouldin, the greatest Calinski-Harabasz and
    the gap's rule (the least k whose gap is at least the next one's less its standard error). Of
    numbers with as many votes the gap's is taken, unless it is one, else the silhouette's, else the
    least: silhouette and Davies-Bouldin are much alike, and both lean to two groups. Where no two
    scores agree, the middle of their numbers above one is taken, the upper of two. Where no gap
    is beyond that of one group and no silhouette above 0.5, one group is suggested: only the gap
    can say so, as the other scores need two. ``gaps`` are given where more are known than in
    ``rows``.
    """
    known = list(rows)
    if not known:
        return SuggestedK(None, {}, ("There are no rows to divide.",))
    known_gaps = gaps if gaps is not None else [Gap(r.k, r.gap, r.gap_s) for r in known]
    votes: dict[str, int] = {}
    sentences: list[str] = []
    scores: tuple[tuple[str, str, Callable[[KRow], float | None], int], ...] = (
        ("silhouette", "The silhouette is greatest", lambda row: row.silhouette, 1),
        ("davies_bouldin", "The Davies-Bouldin index is least", lambda row: row.davies_bouldin, -1),
        (
            "calinski_harabasz",
            "The Calinski-Harabasz index is greatest",
            lambda row: row.calinski_harabasz,
            1,
        ),
    )
    for key, said, score, sign in scores:
        found = [(sign * value, -row.k) for row in known if (value := score(row)) is not None]
        if found:
            best, k = max(found)
            votes[key] = -k
            sentences.append(f"{said} with {_groups(-k)} ({_figure(sign * best)}).")
    gap = gap_choice(known_gaps)
    if gap is not None:
        votes["gap"] = gap
        sentences.append(f"The gap does not grow beyond chance after {_groups(gap)}.")
    best_silhouette = max((r.silhouette for r in known if r.silhouette is not None), default=None)
    if not votes:
        return SuggestedK(1, votes, ("The rows are too few or too alike to be divided.",))
    if speaks_for_one(known_gaps) and (best_silhouette is None or best_silhouette <= SUBSTANTIAL):
        sentences.append("So the rows show no groups; any division of them is a convenience.")
        return SuggestedK(1, votes, tuple(sentences))
    counts = Counter(votes.values())
    most = max(counts.values())
    tied = sorted(k for k in counts if counts[k] == most)
    if most == 1 and len(votes) > 1:
        several = [k for k in tied if k > 1]
        k = several[len(several) // 2]
        named = " and ".join([", ".join(map(str, tied[:-1])), str(tied[-1])])
        sentences.append(f"No two scores agree ({named}); {_groups(k)} lie in the middle.")
        return SuggestedK(k, votes, tuple(sentences))
    # The gap alone can stop at one group; it is no choice between numbers that are tied.
    k, decides = next(
        (
            (votes[key], key)
            for key in ("gap", "silhouette")
            if votes.get(key) in tied and (votes[key] > 1 or len(tied) == 1)
        ),
        (tied[0], "least number"),
    )
    told = f"{_groups(k)}: {most} of {len(votes)} scores speak for it"
    others = [str(other) for other in tied if other != k]
    if others:
        listed = " and ".join([", ".join(others[:-1]), others[-1]] if others[1:] else others)
        told += f", as many as for {listed}; the {decides} decides"
    sentences.append(f"{told}.")
    return SuggestedK(k, votes, tuple(sentences))


def _figure(score: float) -> str:
    return f"{score:,.0f}" if abs(score) >= 1000 else f"{score:.3g}"


def _groups(k: int) -> str:
    return "1 group" if k == 1 else f"{k} groups"


def _tried(
    X: Floats,
    asked: list[int],
    different: int,
    n_init: int,
    references: int,
    rng: np.random.Generator,
    callback: Callback | None,
) -> list[tuple[KRow, Gap]]:
    """Return the scores and the gap of each number of groups, and of the one after the last."""
    if not asked:
        return []
    after = [asked[-1] + 1] if references and asked[-1] < different else []
    reference = Reference(X) if references else None
    drawn = [reference.draw(len(X), rng) for _ in range(references)] if reference else []
    tried = []
    for at, k in enumerate([*asked, *after], start=1):
        estimator = _k_means(X, k, n_init, rng)
        inertia = float(estimator.inertia_)
        scores = quality(X, estimator.labels_, seed=int(rng.integers(2**31)))
        # A reference has no groups to be missed, so that one start will do.
        others = np.array([_k_means(rows, k, 1, rng).inertia_ for rows in drawn])
        gap = gap_of(k, inertia, others) if references else Gap(k, None, None)
        row = KRow(
            k,
            inertia,
            scores["silhouette"],
            scores["davies_bouldin"],
            scores["calinski_harabasz"],
            gap.gap,
            gap.s,
        )
        tried.append((row, gap))
        if callback is not None:
            callback(
                Step(
                    phase="search",
                    restart=at,
                    restarts=len(asked) + len(after),
                    iteration=at,
                    objective=inertia,
                    n_groups=k,
                )
            )
    return tried


def _k_means(X: Floats, k: int, n_init: int, rng: np.random.Generator) -> KMeans:
    """Return a fitted k-means."""
    state = int(rng.integers(2**31))
    return KMeans(k, n_init=1 if k == 1 else n_init, random_state=state).fit(X)
