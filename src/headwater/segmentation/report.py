"""report_of: a run as a report to print, in sections with paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.parameters import Parameter
from headwater.learning.models import Fit
from headwater.segmentation.insight import Insight, insights_of
from headwater.segmentation.quality import anomaly_sentence, quality_sentence
from headwater.segmentation.segment import Segment
from headwater.segmentation.segments import kinds_of, segments_of, words_for_rows
from headwater.segmentation.stability import stability_sentence
from headwater.sources.models.dataset import version_read
from headwater.words import NOTHING, counted, figure, percent

SCORES = (
    ("silhouette", "Silhouette (more is better, at most 1)"),
    ("davies_bouldin", "Davies-Bouldin (less is better)"),
    ("calinski_harabasz", "Calinski-Harabasz (more is better)"),
    ("inertia", "Inertia (sum of squared distances to the middle of each segment)"),
)


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of texts; the first column names the rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of a report under one heading."""

    heading: str
    paragraphs: tuple[str, ...]
    tables: tuple[ReportTable, ...] = ()
    letter: str = ""
    """Of the segment that it tells of."""


@dataclass(frozen=True, slots=True)
class Report:
    """A run, ready to be printed."""

    title: str
    facts: tuple[tuple[str, str], ...]
    """What was done to which rows, and when."""
    sections: tuple[ReportSection, ...]


def report_of(fit: Fit, *, with_rows: bool = True) -> Report:
    """Return the report of ``fit``: an overview, each segment, what fits none, how it was made.

    ``with_rows`` False names no row, for readers who may not see rows.
    """
    segments = segments_of(fit, with_rows=with_rows)
    insights = insights_of(fit, segments)
    return Report(
        title=fit.model.name,
        facts=_facts(fit),
        sections=(
            *_overview(fit, segments),
            *(_segment(segment, insights[segment.letter]) for segment in segments),
            *_components(fit),
            *_outside(fit, with_rows=with_rows),
            _method(fit),
        ),
    )


def _facts(fit: Fit) -> tuple[tuple[str, str], ...]:
    technique = TECHNIQUES.get(fit.technique)
    finished = fit.finished_at
    version = version_read(fit.source or {})
    rows = f"{version.dataset.name}, version {version.number}" if version is not None else ""
    _, called = words_for_rows(fit)
    return (
        ("Rows", f"{counted(fit.n_rows, 'row')} of {rows or called}"),
        ("Technique", technique.label if technique is not None else fit.technique),
        ("Segments", NOTHING if fit.n_groups is None else str(fit.n_groups)),
        ("Run", f"{fit.pk}, {date_format(timezone.localtime(finished), 'j F Y, H:i')}")
        if finished
        else ("Run", str(fit.pk)),
    )


def _overview(fit: Fit, segments: Sequence[Segment]) -> Iterator[ReportSection]:
    if not segments:
        return
    quality = (fit.summary or {}).get("quality") or {}
    scores = tuple(
        (told, figure(float(quality[name])))
        for name, told in SCORES
        if quality.get(name) is not None
    )
    sizes = tuple((one.letter, one.name, one.size_text, one.share_text) for one in segments)
    tables = [ReportTable("Segments", ("Segment", "Name", "Rows", "Share"), sizes)]
    if scores:
        tables.append(ReportTable("Quality", ("Score", "Value"), scores))
    yield ReportSection("Overview", _texts(quality_sentence(fit.summary or {})), tuple(tables))


def _segment(segment: Segment, insight: Insight) -> ReportSection:
    examples = []
    if segment.typical is not None:
        examples.append(f"Typical: {segment.typical.name}.")
    if segment.counter_example is not None:
        examples.append(segment.counter_example.sentence)
    stable = stability_sentence(segment.stability) if segment.stability is not None else ""
    return ReportSection(
        heading=f"{segment.letter}: {segment.name}",
        paragraphs=_texts(
            segment.note,
            f"{segment.members_text}, {segment.share_text} of all.",
            insight.insight,
            insight.recommendation,
            f"Message: {insight.message}" if insight.message else "",
            segment.rule.sentence if segment.rule is not None else "",
            " ".join(examples),
            stable,
        ),
        tables=(
            *(
                [
                    ReportTable(
                        "What sets it apart",
                        ("Column", "In the segment", "In the rest", "In words"),
                        tuple(
                            (one.label, one.value, one.rest, one.sentence)
                            for one in segment.reasons
                        ),
                    )
                ]
                if segment.reasons
                else []
            ),
            ReportTable(
                "Characteristics",
                ("Column", "Mean and spread, or shares", "Least", "Most", "All rows", "Missing"),
                tuple(
                    (
                        one.label,
                        one.text,
                        one.lowest or NOTHING,
                        one.highest or NOTHING,
                        one.overall or NOTHING,
                        f"{one.n_missing:,}",
                    )
                    for one in segment.characteristics
                ),
            ),
        ),
        letter=segment.letter,
    )


def _components(fit: Fit) -> Iterator[ReportSection]:
    found = (fit.summary or {}).get("decomposition")
    if not found:
        return
    shares = [float(share) for share in found["explained"]]
    heads = tuple(f"Component {i + 1}" for i in range(len(shares)))
    kept = percent(sum(shares))
    yield ReportSection(
        "Components",
        (f"{counted(len(shares), 'component')} {_keep(shares)} {kept} of the variance.",),
        (
            ReportTable(
                "Share of the variance",
                ("Component", "Explained", "Up to here"),
                tuple(
                    (head, percent(share), percent(sum(shares[: i + 1])))
                    for i, (head, share) in enumerate(zip(heads, shares, strict=True))
                ),
            ),
            ReportTable(
                "Loadings",
                ("Column", *heads),
                tuple(
                    (column, *(figure(float(weight), 2) for weight in found["loadings"][column]))
                    for column in dict.fromkeys([*kinds_of(fit.summary), *found["loadings"]])
                    if column in found["loadings"]
                ),
            ),
        ),
    )


def _keep(shares: Sequence[float]) -> str:
    return "keeps" if len(shares) == 1 else "keep"


def _outside(fit: Fit, *, with_rows: bool) -> Iterator[ReportSection]:
    told = anomaly_sentence(fit, with_rows=with_rows)
    if told:
        yield ReportSection("Outside of every segment", (told,))


def _method(fit: Fit) -> ReportSection:
    technique = TECHNIQUES.get(fit.technique)
    declared = technique.parameters if technique is not None else ()
    known = {one.name: one for one in (*declared, *ENCODING)}
    settings = {**(fit.parameters or {}), **(fit.encoding or {})}
    return ReportSection(
        "How it was made",
        tuple(str(note) for note in (fit.summary or {}).get("notes") or ()),
        (
            ReportTable(
                "Parameters",
                ("Parameter", "Value"),
                tuple(
                    _setting(known.get(name), name, settings[name])
                    for name in dict.fromkeys([*known, *settings])
                    if name in settings
                ),
            ),
        ),
    )


def _setting(parameter: Parameter | None, name: str, value: object) -> tuple[str, str]:
    if parameter is None:
        return name, _value(value)
    chosen = dict(parameter.choices).get(value) if isinstance(value, str) else None
    return parameter.label, chosen or _value(value)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(one)}" for name, one in value.items()) or NOTHING
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_value, value)) or NOTHING
    return figure(value)


def _texts(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
