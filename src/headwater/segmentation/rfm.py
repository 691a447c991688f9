"""rfm_of: the segments of a fit read by recency, frequency and monetary value."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from headwater.engines.scales import Floats
from headwater.learning.errors import FitError
from headwater.learning.learn import source_of
from headwater.learning.models import Fit
from headwater.segmentation.fit_rows import members_of
from headwater.segmentation.names import segment_names
from headwater.segmentation.rfm_columns import RfmColumns, candidates_of, guess_columns
from headwater.segmentation.rfm_words import rfm_word
from headwater.sources.read import ReadError
from headwater.words import counted

SCORES = 5
FEWEST = 5
"""Rows that are scored, at least: one for each score."""


class RfmError(ValueError):
    """What cannot be read so; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class RfmSegment:
    """One segment in mean scores, from 1 to 5; 5 is the most recent, frequent, valuable."""

    letter: str
    name: str
    n: int
    """Rows with all three values."""
    recency: float
    frequency: float
    monetary: float
    word: str
    """As “champions”; see ``rfm_words``."""
    meaning: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Rfm:
    """A fit's segments read by recency, frequency and monetary value."""

    columns: RfmColumns
    choices: tuple[str, ...]
    """Columns that could be taken instead."""
    segments: tuple[RfmSegment, ...]
    """By letter; a segment without a scored row is not there."""
    notes: tuple[str, ...]


def rfm_of(fit: Fit, *, columns: RfmColumns | None = None) -> Rfm | None:
    """Return the RFM reading of ``fit``; None where the three columns are not recognised.

    ``columns`` says which they are, in place of a guess by their names. Rows are read, so this
    takes some time with many. Raises ``RfmError`` where it cannot be done.
    """
    try:
        source = source_of(fit.source)
        candidates = candidates_of(source)
        chosen = columns or guess_columns(candidates)
        if chosen is None:
            return None
        _check(chosen, tuple(candidates))
        grouping = members_of(fit).grouping
        source.columns = [chosen.recency, chosen.frequency, chosen.monetary]
        table = source.read()
    except (FitError, ReadError) as error:
        raise RfmError(str(error)) from error
    values = np.column_stack([table.columns[name] for name in source.columns]).astype(np.float64)
    if not candidates[chosen.recency].is_date:
        values[:, 0] = -values[:, 0]  # fewer days since are more recent
    _, at, found = np.intersect1d(grouping.ids, table.ids, assume_unique=True, return_indices=True)
    known = ~np.isnan(values[found]).any(axis=1)
    at, found = at[known], found[known]
    if len(found) < FEWEST:
        raise RfmError(
            f"Only {counted(len(found), 'row')} of this run {'has' if len(found) == 1 else 'have'} "
            f"all three values; scores take {FEWEST} at least."
        )
    scores = np.column_stack([quintiles(values[found, j]) for j in range(3)])
    return Rfm(
        columns=chosen,
        choices=tuple(candidates),
        segments=_segments(grouping.labels[at], scores, grouping.letters, segment_names(fit)),
        notes=_notes(len(grouping.ids) - len(found)),
    )


def quintiles(values: Floats) -> NDArray[np.int64]:
    """Return the score of each of ``values`` (n,), from 1 for the least fifth to 5.

    Equal values have equal scores: that of the middle of their ranks.

    >>> quintiles(np.array([10.0, 20, 30, 40, 50])).tolist()
    [1, 2, 3, 4, 5]
    >>> quintiles(np.array([1.0, 1, 1, 1, 9])).tolist()
    [2, 2, 2, 2, 5]
    """
    ranks = (rankdata(values, method="average") - 0.5) / len(values)
    scores: NDArray[np.int64] = np.floor(ranks * SCORES).astype(np.int64) + 1
    return np.minimum(scores, SCORES)


def _segments(
    groups: NDArray[np.int64],
    scores: NDArray[np.int64],
    letters: tuple[str, ...],
    names: dict[str, str],
) -> tuple[RfmSegment, ...]:
    found = []
    for letter in sorted(letters, key=lambda one: (len(one), one)):
        mine = scores[groups == letters.index(letter)]
        if len(mine):
            found.append(_segment(letter, names.get(letter, letter), mine))
    return tuple(found)


def _segment(letter: str, name: str, scores: NDArray[np.int64]) -> RfmSegment:
    recency, frequency, monetary = (float(mean) for mean in scores.mean(axis=0))
    word = rfm_word(recency, (frequency + monetary) / 2)
    told = f"recency {recency:.1f}, frequency {frequency:.1f}, monetary value {monetary:.1f}"
    return RfmSegment(
        letter=letter,
        name=name,
        n=len(scores),
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        word=word.word,
        meaning=word.meaning,
        sentence=f"{word.word[:1].upper()}{word.word[1:]}: {word.meaning} ({told}, of 5).",
    )


def _check(chosen: RfmColumns, known: tuple[str, ...]) -> None:
    names = [getattr(chosen, one.name) for one in fields(chosen)]
    for name in names:
        if name not in known:
            raise RfmError(
                f"“{name}” is no column with numbers or dates of these rows; there is "
                f"{', '.join(known) or 'none'}."
            )
    if len(set(names)) < len(names):
        raise RfmError("Recency, frequency and monetary value are three different columns.")


def _notes(n_left_out: int) -> tuple[str, ...]:
    if not n_left_out:
        return ()
    verb = "lacks a value or is gone" if n_left_out == 1 else "lack a value or are gone"
    return (f"{counted(n_left_out, 'row')} of this run {verb}, and {_is(n_left_out)} not scored.",)


def _is(n: int) -> str:
    return "is" if n == 1 else "are"
