"""explain: the words and features that push a text towards a class, and how much each does."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from headwater.engines.text.features import FEATURES, hand_made
from headwater.engines.text.normalise import clip
from headwater.engines.text.prepare import preparation
from headwater.engines.text.scorer import Floats, Ints, Scorer
from headwater.engines.text.terms import pieces_of, words_of
from headwater.engines.text.told import figure_of, told

SHOWN = 12
"""Parts that are told, those that push most; the others are summed."""
TRIED = 300
"""Terms that are left out one by one where the classifier is not linear: the first ones."""
LEAST = 1e-12
"""Probabilities nearer to 0 or 1 count as so near, so that their log-odds stay finite."""

_EDGES = re.compile(r"^\W+|(?<!\W)\W++$")
_WIDE_SPACE = re.compile(r"\s\s+")
_TOKEN = re.compile(r"\S+")

Shares = dict[int, float]
"""Column -> the share of its value that a part has."""


@dataclass(frozen=True, slots=True)
class Part:
    """One term of a text and what it does to the verdict."""

    term: str
    """A word or a row of words, as read; a feature in words, such as “3 links”."""
    group: str
    """“words”; “characters”, where only pieces of the word are known; “feature”; “code point”."""
    value: float
    """How often the text has it; of a feature its figure."""
    weight: float
    """Push of each time; of a feature its whole push."""
    push: float
    """Log-odds, towards the second class where above 0."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text is judged as it is: ``bias``, the pushes of ``parts`` and ``rest`` are ``score``.

    ``is_exact``: the classifier is linear, and ``rest`` is the sum of the parts that are not told.
    Else a push is how far the log-odds fall when that part alone is left out, and ``rest`` is
    also what the parts do together and not each by itself.
    """

    probability: float
    score: float
    """Log-odds of ``probability``."""
    parts: tuple[Part, ...]
    """Those that push most first."""
    rest: float
    bias: float
    """Log-odds of a text with no known word; where features count, of one with usual figures."""
    is_exact: bool
    text: str

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {**asdict(self), "parts": [asdict(part) for part in self.parts]}


def explain(scorer: Scorer, text: str, *, most: int = SHOWN) -> Explanation:
    """Return why ``scorer`` judges ``text`` as it does, with the ``most`` parts that push most.

    What a word's pieces (characters in a row) do is told with the word that they lie in; a piece
    that occurs more than once is shared among its places. A hand-made feature of a linear
    classifier pushes by how far its figure is from the mean of the texts learned from: every text
    has some length, and only an unusual one says something. So one that is missing may push too.
    """
    columns, values = scorer.row(text)
    probability = scorer.probability_of(columns, values)
    names, groups = scorer.representation.names_, scorer.representation.groups_
    by_group: dict[str, dict[str, int]] = defaultdict(dict)
    for column in columns.tolist():
        by_group[groups[column]][names[column]] = column
    settings = scorer.representation.settings
    clipped = clip(text, settings["max_length"])
    prepared = preparation(settings)(clipped)
    gathered: dict[tuple[str, str], tuple[float, Shares]] = {}
    for term, count, shares in _terms(prepared, by_group, settings):
        group = "words" if term in by_group["words"] else "characters"
        gathered[term, group] = (count, shares)
    figures = hand_made(clipped)
    if not scorer.is_linear:
        for name, column in by_group["feature"].items():
            figure = figures[FEATURES.index(name)]
            gathered[told(name, figure), "feature"] = (figure_of(name, figure), {column: 1.0})
    for at, (name, column) in enumerate(by_group["code point"].items()):
        gathered[name, "code point"] = (float(ord(prepared[at : at + 1] or " ")), {column: 1.0})
    pushes, bias, score = _pushes(scorer, columns, values, list(gathered.values()), probability)
    parts = [
        Part(term, group, count, push / count if count and group != "feature" else push, push)
        for ((term, group), (count, _)), push in zip(gathered.items(), pushes, strict=False)
    ]
    usual = scorer.representation.usual_features_
    if scorer.weights is not None and len(usual):
        weights = scorer.weights[-len(usual) :]
        bias += float(weights @ usual)
        parts += _unusual(figures, _features_of(scorer, columns, values), usual, weights)
    parts.sort(key=lambda part: (-abs(part.push), part.term))
    shown = tuple(part for part in parts[:most] if part.push)
    rest = score - bias - math.fsum(part.push for part in shown)
    return Explanation(probability, score, shown, rest, bias, is_exact=scorer.is_linear, text=text)


def _features_of(scorer: Scorer, columns: Ints, values: Floats) -> Floats:
    """Return the value of each feature in a row, those that are 0 as well."""
    n = len(scorer.representation.usual_features_)
    found = np.zeros(n)
    at = columns - (scorer.representation.n_columns_ - n)
    found[at[at >= 0]] = values[at >= 0]
    return found


def _unusual(
    figures: tuple[float, ...], values: Floats, usual: Floats, weights: Floats
) -> Iterator[Part]:
    """Yield each feature with the push of what sets it apart from the mean text."""
    pushes = (weights * (values - usual)).tolist()
    for name, figure, push in zip(FEATURES, figures, pushes, strict=True):
        yield Part(told(name, figure), "feature", figure_of(name, figure), push, push)


def _terms(
    prepared: str, by_group: Mapping[str, Mapping[str, int]], settings: Mapping[str, Any]
) -> Iterator[tuple[str, float, Shares]]:
    """Yield each term that a person reads, how often it occurs, and what of the columns it has."""
    words, pieces = by_group["words"], by_group["characters"]
    shares: dict[str, Shares] = {term: {column: 1.0} for term, column in words.items()}
    counts = Counter(words_of(prepared))
    if pieces:
        seen: dict[str, Counter[int]] = defaultdict(Counter)
        tokens: Counter[str] = Counter()
        for token, found in _pieces(prepared, pieces, settings):
            label = _EDGES.sub("", token) or token
            seen[label].update(found)
            tokens[label] += 1
        total: Counter[int] = Counter()
        for found_in in seen.values():
            total.update(found_in)
        for label, found_in in seen.items():
            mine = shares.setdefault(label, {})
            for column, count in found_in.items():
                mine[column] = count / total[column]
        counts |= tokens
    in_order = f" {' '.join(words_of(prepared))} "
    for term, mine in shares.items():
        if mine:
            yield term, float(counts[term] or in_order.count(f" {term} ") or 1), mine


def _pieces(
    prepared: str, pieces: Mapping[str, int], settings: Mapping[str, Any]
) -> Iterator[tuple[str, list[int]]]:
    """Yield each word between spaces with the columns of the pieces that lie in it.

    A piece across words (“char”) lies in the word that has its middle.
    """
    low, high = settings["character_ngram_min"], settings["character_ngram_max"]
    if settings["characters"] == "char_wb":
        for token in prepared.split():
            yield (
                token,
                [pieces[piece] for piece in pieces_of(token, low, high) if piece in pieces],
            )
        return
    text = _WIDE_SPACE.sub(" ", prepared)
    spans = [(match[0], match.start()) for match in _TOKEN.finditer(text)] or [(text, 0)]
    # The spaces before the next word belong to the word before them.
    owners = np.searchsorted([start for _, start in spans], np.arange(len(text)), "right") - 1
    found: list[list[int]] = [[] for _ in spans]
    for length in range(low, high + 1):
        for at in range(len(text) - length + 1):
            column = pieces.get(text[at : at + length])
            if column is not None:
                found[max(0, int(owners[at + (length - 1) // 2]))].append(column)
    for (token, _), columns in zip(spans, found, strict=True):
        yield token, columns


def _pushes(
    scorer: Scorer,
    columns: Ints,
    values: Floats,
    gathered: list[tuple[float, Shares]],
    probability: float,
) -> tuple[list[float], float, float]:
    """Return the push of each part (of the first ones, where not linear), the bias, the score."""
    place = {column: at for at, column in enumerate(columns.tolist())}
    if scorer.weights is not None:
        each = values * scorer.weights[columns]
        pushes = [
            math.fsum(share * each[place[column]] for column, share in shares.items())
            for _, shares in gathered
        ]
        return pushes, scorer.bias, scorer.score(columns, values)
    tried = gathered[:TRIED]
    rows = np.tile(values, (len(tried) + 1, 1))
    for row, (_, shares) in zip(rows, tried, strict=False):
        for column, share in shares.items():
            row[place[column]] *= 1.0 - share
    rows[-1] = 0.0
    n = len(rows)
    X = sp.csr_array(
        (rows.ravel(), np.tile(columns, n), np.arange(n + 1) * len(columns)),
        shape=(n, scorer.representation.n_columns_),
    )
    X.eliminate_zeros()
    without = _log_odds(scorer.probabilities_of(X))
    score = float(_log_odds(np.array([probability]))[0])
    return (score - without[:-1]).tolist(), float(without[-1]), score


def _log_odds(probabilities: Floats) -> Floats:
    p = np.clip(probabilities, LEAST, 1.0 - LEAST)
    return np.asarray(np.log(p) - np.log1p(-p))
