"""segments_of: the groups of a fit as segments, from what the fit kept; no row is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.apps import apps

from headwater.learning.dates import Dates, date_columns
from headwater.learning.models import Fit
from headwater.segmentation.characteristics import characteristics_of
from headwater.segmentation.differences import differences_of
from headwater.segmentation.names import given_names, settle_names, suggest_names
from headwater.segmentation.segment import CounterExample, Row, Segment, SimpleRule
from headwater.segmentation.simple_rules import rule_of
from headwater.segmentation.stability import stability_of


def segments_of(fit: Fit, *, with_rows: bool = True) -> tuple[Segment, ...]:
    """Return the segments of ``fit``, A first; none where it made no groups.

    ``with_rows`` False leaves out the examples, for readers who may not see rows.
    """
    summary = fit.summary or {}
    groups: list[dict[str, Any]] = summary.get("groups") or []
    dates = date_columns(fit)
    overall = overall_of(summary)
    row, rows = words_for_rows(fit)
    silhouettes = (summary.get("quality") or {}).get("by_group") or {}
    stable = stability_of(fit) if groups else {}
    differences = differences_of(summary, dates)
    segments = tuple(
        Segment(
            letter=(letter := str(group["letter"])),
            name="",
            suggested_name="",
            named_by_person=False,
            note="",
            size=int(group["size"]),
            share=float(group["share"]),
            row=row,
            rows=rows,
            characteristics=characteristics_of(group, overall, dates, kinds_of(summary)),
            differences=differences.get(letter, ()),
            rule=_rule(summary, letter, dates, rows),
            typical=_typical(summary, letter) if with_rows else None,
            counter_example=None,
            silhouette=silhouettes.get(str(group.get("index"))),
            stability=stable.get(letter),
        )
        for group in groups
    )
    named = _named(fit, segments)
    if not with_rows:
        return named
    names = {segment.letter: segment.name for segment in named}
    return tuple(
        replace(segment, counter_example=_counter_example(summary, segment.letter, names))
        for segment in named
    )


def kinds_of(summary: Mapping[str, Any]) -> dict[str, str]:
    """Return column -> “numeric”, “boolean” or “categorical”, as the fit read them."""
    return {
        str(column["name"]): str(column.get("kind", "numeric"))
        for column in summary.get("columns") or []
    }


def overall_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return column -> figures of all rows, in the form of a group's columns."""
    overall = summary.get("overall") or {}
    if isinstance(overall, list):
        overall = overall[0] if overall else {}
    found: dict[str, Any] = overall.get("columns", overall)
    return found


def words_for_rows(fit: Fit) -> tuple[str, str]:
    """Return what a row is called, and what many are: “customer” and “customers”.

    Of a dataset they are “row” and “rows”.
    """
    try:
        model = apps.get_model(str((fit.source or {}).get("model", "")))
    except (LookupError, ValueError):
        return "row", "rows"
    return str(model._meta.verbose_name), str(model._meta.verbose_name_plural)


def _named(fit: Fit, segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    suggested = suggest_names(segments)
    given = given_names(fit)
    names = settle_names(suggested, {letter: one.name for letter, one in given.items() if one.name})
    return tuple(
        replace(
            segment,
            name=names[segment.letter],
            suggested_name=suggested[segment.letter],
            named_by_person=bool((one := given.get(segment.letter)) and one.name),
            note=one.note if one else "",
        )
        for segment in segments
    )


def _rule(summary: Mapping[str, Any], letter: str, dates: Dates, rows: str) -> SimpleRule | None:
    found = (summary.get("rules") or {}).get(letter)
    return rule_of(found, kinds_of(summary), dates, rows) if found else None


def name_of(summary: Mapping[str, Any], key: Any) -> str:
    """Return what the row with ``key`` is called; the key where the fit kept no name for it."""
    return str((summary.get("names") or {}).get(str(key)) or key)


def _typical(summary: Mapping[str, Any], letter: str) -> Row | None:
    key = ((summary.get("examples") or {}).get(letter) or {}).get("typical")
    return None if key is None else Row(key, name_of(summary, key))


def _counter_example(
    summary: Mapping[str, Any], letter: str, names: Mapping[str, str]
) -> CounterExample | None:
    found = (summary.get("examples") or {}).get(letter) or {}
    key, towards = found.get("counter"), found.get("towards")
    if key is None or towards is None:
        return None
    name = name_of(summary, key)
    to = f"segment {towards}" + (f", “{names[towards]}”" if towards in names else "")
    margin = found.get("margin")
    if margin is not None and margin < 0:
        sentence = f"{name} is a member, though it lies nearer to the middle of {to}."
    else:
        sentence = f"Of its members, {name} lies nearest to {to}."
    return CounterExample(key, name, str(towards), sentence)
