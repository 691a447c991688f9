"""Compare two runs on the same rows: how far they agree, which segments match, what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.parameters import Parameter, Parameters
from headwater.engines.segments.agreement import NOWHERE, agreement_by_id
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.segmentation.fit_rows import members_of
from headwater.sources.reads import rows_key
from headwater.words import NOTHING, figure, listed

Side = Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One score of both runs."""

    key: str
    """“silhouette”, “davies_bouldin”, “calinski_harabasz”, “inertia”, “n_groups”, “n_noise”,
    “known_ari” or “known_nmi”."""
    label: str
    a: float | None
    b: float | None
    more: bool | None
    """Whether more is better; None where neither is."""
    better: Side | None
    """None where they are equal, one is missing, or the score says nothing of which is better."""


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting that is not the same, in words."""

    label: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A segment of the one run and the one of the other that holds most of its rows."""

    a: str | None
    """Letter; None: the other segment has no partner."""
    b: str | None
    size_a: int
    """Rows of each that both runs have."""
    size_b: int
    shared: int

    @property
    def jaccard(self) -> float:
        """Rows in both over rows in either."""
        either = self.size_a + self.size_b - self.shared
        return self.shared / either if either else 0.0


@dataclass(frozen=True, slots=True)
class RunsCompared:
    """Two runs side by side."""

    a: Fit
    b: Fit
    ari: float | None
    """Adjusted Rand index of the rows that both put into a segment; None with fewer than two."""
    nmi: float | None
    """Normalised mutual information of the same rows."""
    compared: int
    outside: int
    """Rows of both runs that one or both leave outside of every segment."""
    only_a: int
    """Rows that only the one run has."""
    only_b: int
    letters_a: tuple[str, ...]
    """Down; an empty text at the end stands for outside of every segment."""
    letters_b: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    matches: tuple[MatchLine, ...]
    scores: tuple[ScoreLine, ...]
    same_scale: bool
    """Whether both saw the same columns in the same scale; else their scores do not compare."""
    settings: tuple[SettingLine, ...]


def compare_runs(a: Fit, b: Fit) -> RunsCompared:
    """Return two finished runs on the same rows side by side.

    They may be of one analysis or of two, of one version of a dataset or of two: rows are matched
    by their ids. Raises FitError where the rows are others, or a run's labels are not kept.
    """
    if rows_key(a.source) != rows_key(b.source):
        raise FitError(
            f"“{a}” has rows of {rows_key(a.source) or 'several models'} and “{b}” of "
            f"{rows_key(b.source) or 'several models'}; only runs on the same rows compare."
        )
    one, other = members_of(a).grouping, members_of(b).grouping
    found = agreement_by_id(
        one.ids,
        np.array([*one.letters, NOWHERE], dtype=object)[one.labels],
        other.ids,
        np.array([*other.letters, NOWHERE], dtype=object)[other.labels],
    )
    in_both = found.compared + found.outside
    same_scale = _seen(a) == _seen(b)
    return RunsCompared(
        a=a,
        b=b,
        ari=found.ari,
        nmi=found.nmi,
        compared=found.compared,
        outside=found.outside,
        only_a=len(one.ids) - in_both,
        only_b=len(other.ids) - in_both,
        letters_a=found.rows,
        letters_b=found.columns,
        table=found.table,
        matches=tuple(_matches(found.rows, found.columns, found.table)),
        scores=tuple(_scores(a, b, same_scale=same_scale)),
        same_scale=same_scale,
        settings=tuple(_settings(a, b)),
    )


def _seen(fit: Fit) -> tuple[Any, ...]:
    """Return what the scores of ``fit`` are measured in: its rows, columns and their scale."""
    reads = fit.source
    encoding = sorted((name, str(value)) for name, value in fit.encoding.items())
    return reads.get("version"), sorted(reads.get("columns", [])), reads.get("filter"), encoding


def _matches(
    rows: tuple[str, ...], columns: tuple[str, ...], table: tuple[tuple[int, ...], ...]
) -> Iterable[MatchLine]:
    """Yield segments one to one, so that as many rows as can be are in matched ones."""
    counts = np.array(table, dtype=np.int64).reshape(len(rows), len(columns))
    down, across = counts.sum(axis=1).tolist(), counts.sum(axis=0).tolist()
    lone_a = {letter: i for i, letter in enumerate(rows) if letter != NOWHERE}
    lone_b = {letter: j for j, letter in enumerate(columns) if letter != NOWHERE}
    inside = counts[: len(lone_a), : len(lone_b)]
    found = []
    for i, j in zip(*linear_sum_assignment(inside, maximize=True), strict=True):
        if inside[i, j]:
            a, b = rows[i], columns[j]
            found.append(MatchLine(a, b, down[i], across[j], int(inside[i, j])))
            del lone_a[a], lone_b[b]
    yield from sorted(found, key=lambda match: (len(match.a or ""), match.a or ""))
    for a, i in lone_a.items():
        yield MatchLine(a, None, down[i], 0, 0)
    for b, j in lone_b.items():
        yield MatchLine(None, b, 0, across[j], 0)


_SCORES: tuple[tuple[str, str, bool | None], ...] = (
    ("silhouette", "Silhouette", True),
    ("davies_bouldin", "Davies-Bouldin index", False),
    ("calinski_harabasz", "Calinski-Harabasz index", True),
    ("inertia", "Inertia", None),  # it falls with every further group
    ("n_noise", "Rows outside of every segment", None),
)


def _scores(a: Fit, b: Fit, *, same_scale: bool) -> Iterable[ScoreLine]:
    yield ScoreLine("n_groups", "Segments", a.n_groups, b.n_groups, None, None)
    one, other = _quality(a), _quality(b)
    for key, label, more in _SCORES:
        yield _line(key, label, one.get(key), other.get(key), more if same_scale else None)
    known_a, known_b = a.summary.get("known"), b.summary.get("known")
    if known_a and known_b and known_a["column"] == known_b["column"]:
        about = f"with “{known_a['column']}”"
        for key, label in (("ari", "Adjusted Rand index"), ("nmi", "Mutual information")):
            yield _line(f"known_{key}", f"{label} {about}", known_a[key], known_b[key], True)


def _quality(fit: Fit) -> Mapping[str, Any]:
    kept: Mapping[str, Any] = fit.summary.get("quality") or {}
    return kept


def _line(key: str, label: str, a: float | None, b: float | None, more: bool | None) -> ScoreLine:
    better: Side | None = None
    if more is not None and a is not None and b is not None and a != b:
        better = "a" if (a > b) == more else "b"
    return ScoreLine(key, label, a, b, more, better)


def _settings(a: Fit, b: Fit) -> Iterable[SettingLine]:
    """Yield what was set otherwise, what is read first."""
    one, other = a.source, b.source
    if one.get("version") != other.get("version"):
        yield SettingLine(
            "Version of the rows", figure(one.get("version")), figure(other.get("version"))
        )
    yield from _differs("Columns", _names(one.get("columns")), _names(other.get("columns")))
    yield from _differs("Only rows with", _names(one.get("filter")), _names(other.get("filter")))
    yield from _differs("Technique", _technique(a), _technique(b))
    yield from _parameters(_declared(a), a.parameters, _declared(b), b.parameters)
    yield from _parameters(ENCODING, a.encoding, ENCODING, b.encoding)
    starts = (a.engine_meta_iterations, b.engine_meta_iterations)
    yield from _differs("Restarts", *(figure(number) for number in starts))


def _differs(label: str, a: str, b: str) -> Iterable[SettingLine]:
    if a != b:
        yield SettingLine(label, a, b)


def _names(values: Any) -> str:
    if isinstance(values, Mapping):
        values = [f"{name} = {value}" for name, value in values.items()]
    return listed(sorted(map(str, values))) if values else NOTHING


def _technique(fit: Fit) -> str:
    known = TECHNIQUES.get(fit.technique)
    return known.label if known else fit.technique


def _declared(fit: Fit) -> Parameters:
    known = TECHNIQUES.get(fit.technique)
    return known.parameters if known else Parameters([])


def _parameters(
    declared_a: Parameters,
    given_a: Mapping[str, Any],
    declared_b: Parameters,
    given_b: Mapping[str, Any],
) -> Iterable[SettingLine]:
    """Yield the parameters of either whose values are not the same.

    Of two techniques, those that one has alone too, but no advanced ones: they differ anyhow.
    """
    plain = declared_a is declared_b
    one = {p.name: p for p in declared_a if plain or not p.advanced}
    other = {p.name: p for p in declared_b if plain or not p.advanced}
    for name in dict.fromkeys([*one, *other]):
        a, b = _value(one.get(name), given_a), _value(other.get(name), given_b)
        yield from _differs((one.get(name) or other[name]).label, a, b)


def _value(parameter: Parameter | None, given: Mapping[str, Any]) -> str:
    if parameter is None:
        return NOTHING
    value = given.get(parameter.name, parameter.default)
    if parameter.kind == "choice":
        return dict(parameter.choices).get(value, str(value))
    if parameter.kind == "columns":
        return _names(value)
    return "chosen by itself" if value is None else figure(value, 6)
