"""What a fit of a filter learned from, which words are strongest, and what its zones would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from headwater.console.words import percent
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import Fit
from headwater.spam.zones import ZONES, Thresholds, zone_of

STRONGEST = 20
"""Words that are shown each way."""
KINDS = {"characters": "piece", "feature": "feature", "code point": "place"}
_SPACE = "␣"
"""Stands for a space within a piece of a word."""


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Rows of one model that were learned from."""

    label: str
    """“app.Model”."""
    name: str
    """In the plural."""
    is_pretraining: bool
    ham: int
    spam: int


@dataclass(frozen=True, slots=True)
class Word:
    """A term and its weight."""

    term: str
    kind: str
    """What it is, where it is no whole word."""
    weight: str
    """Towards spam where above 0: “+1.32”."""
    share: float
    """Of the greatest weight there is."""


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """What would have become of the texts of one zone."""

    key: str
    name: str
    n: int
    share: float
    n_wrong: int
    """Spam among the accepted, honest texts among the refused."""
    told: str


@dataclass(frozen=True, slots=True)
class FilterLearned:
    """See ``templates/headwater/parts/filter_learned.html``."""

    rows: tuple[ReadRows, ...]
    n_own: int
    n_pretraining: int
    weight: float
    """What a pre-training row weighed beside an own one."""
    n_columns: int
    columns: tuple[tuple[str, int], ...]
    """(words for the group, how many columns of it)."""
    classifier: str
    classifier_name: str
    """Of the configuration; empty for the default."""
    measured_on: str
    repeated: str
    """How many judged texts occur twice; empty where none does."""
    comparison: str
    """Beside the fit that served then; empty where there was none to compare with."""
    held_back: str
    warnings: tuple[str, ...]
    """What a person should know before they trust it."""
    notes: tuple[str, ...]


def filter_learned(fit: Fit) -> FilterLearned:
    """Return what ``fit``, which succeeded, learned from."""
    told: Mapping[str, Any] = fit.summary or {}
    classifier = told.get("classifier") or {}
    technique = TECHNIQUES.get(classifier.get("technique", ""))
    return FilterLearned(
        rows=tuple(
            ReadRows(
                one["model"], _plural(one["model"]), one["pretraining"], one["ham"], one["spam"]
            )
            for one in told.get("counts", [])
        ),
        n_own=told.get("n_own", 0),
        n_pretraining=told.get("n_pretraining", 0),
        weight=float(told.get("pretraining_weight", 0.0)),
        n_columns=(told.get("classification") or {}).get("n_columns", 0),
        columns=_groups(told.get("columns_by_group", {})),
        classifier=technique.label if technique else str(classifier.get("technique", "")),
        classifier_name=str(classifier.get("name", "")),
        measured_on=str(told.get("measured_on_sentence", "")),
        repeated=_repeated(told.get("duplicates") or {}),
        comparison=str((told.get("comparison") or {}).get("sentence", "")),
        held_back=str(told.get("held_back") or ""),
        warnings=tuple(told.get("warnings", [])),
        notes=tuple(told.get("notes", [])),
    )


def strongest_words(fit: Fit) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """Return the terms that speak most for spam and against it; None where there are no weights."""
    told = (fit.summary or {}).get("top_terms")
    if not told:
        return None
    both = [[*told.get(key, [])][:STRONGEST] for key in ("spam", "ham")]
    most = max((abs(one[2]) for each in both for one in each), default=0.0) or 1.0
    spam, ham = (
        tuple(
            Word(_readable(term, group), KINDS.get(group, ""), _signed(weight), abs(weight) / most)
            for term, group, weight in each
        )
        for each in both
    )
    return (spam, ham) if spam or ham else None


def zone_rows(fit: Fit, thresholds: Thresholds) -> tuple[ZoneRow, ...]:
    """Return what ``thresholds`` would have done with the texts that ``fit`` held out."""
    held_out = (fit.summary or {}).get("held_out") or {}
    counts: dict[str, list[int]] = {zone: [0, 0] for zone, _ in ZONES}
    labels = held_out.get("is_spam", "")
    for probability, label in zip(held_out.get("probabilities", []), labels, strict=False):
        counts[zone_of(probability, thresholds)][label == "1"] += 1
    n = len(labels)
    if not n:
        return ()
    return tuple(_zone_row(key, name, *counts[key], n=n) for key, name in ZONES)


def _zone_row(key: str, name: str, ham: int, spam: int, *, n: int) -> ZoneRow:
    told = {
        "ham": f"{spam:,} of them spam that slips through",
        "unsure": f"{spam:,} of them spam, {ham:,} honest",
        "spam": f"{ham:,} of them honest, refused wrongly",
    }[key]
    wrong = {"ham": spam, "unsure": 0, "spam": ham}[key]
    return ZoneRow(key, name, ham + spam, (ham + spam) / n, wrong, told)


def _groups(by_group: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    words = {
        "words": "words and rows of words",
        "characters": "pieces of words",
        "feature": "hand-made features",
        "code point": "characters in their place",
    }
    return tuple((words.get(name, name), by_group[name]) for name in sorted(by_group, key=_order))


def _order(group: str) -> int:
    known = ("words", "characters", "feature", "code point")
    return known.index(group) if group in known else len(known)


def _repeated(told: Mapping[str, Any]) -> str:
    n = told.get("n") or 0
    if not n:
        return ""
    others = told.get("accuracy_of_others")
    tail = f" On the others alone the accuracy is {percent(others)}." if others is not None else ""
    verb = "texts occur" if n != 1 else "text occurs"
    return f"{n:,} {verb} more than once, as spam does.{tail}"


def _plural(label: str) -> str:
    try:
        return str(apps.get_model(label)._meta.verbose_name_plural)
    except (LookupError, ValueError):
        return label


def _signed(weight: float) -> str:
    return f"{weight:+.2f}".replace("-", "−")


def _readable(term: str, group: str) -> str:
    return term.replace(" ", _SPACE) if group == "characters" else term
