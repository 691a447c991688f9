"""insights_of: what a segment tells, what could be done, what could be written to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headwater.learning.models import Fit
from headwater.segmentation.placeholders import figures_of, filled
from headwater.segmentation.rule import ANY, Condition, Rule
from headwater.segmentation.rules import RULES
from headwater.segmentation.segment import Difference, Segment
from headwater.segmentation.segments import segments_of
from headwater.segmentation.wording import rules_for
from headwater.sources.reads import rows_key


@dataclass(frozen=True, slots=True)
class Insight:
    """Sentences on one segment. Every number in them is a figure that the segment shows."""

    rule: str
    """Key of the rule that speaks."""
    title: str
    """When that rule speaks, in a few words."""
    insight: str
    recommendation: str
    message: str
    """Draft of what could be written to these rows; empty where nothing is suggested."""


def insights_of(fit: Fit, segments: Sequence[Segment] | None = None) -> dict[str, Insight]:
    """Return letter -> insight of each segment of ``fit``, in the wording of its rows."""
    rules = rules_for(rows_key(fit.source or {}))
    if segments is None:
        segments = segments_of(fit, with_rows=False)
    return {segment.letter: insight_of(segment, rules) for segment in segments}


def insight_of(segment: Segment, rules: Sequence[Rule] = RULES) -> Insight:
    """Return the sentences of the first of ``rules`` that holds for ``segment``."""
    for rule in rules:
        met = _met(rule, segment)
        if met is None:
            continue
        figures = figures_of(segment, rule, met)
        return Insight(
            rule=rule.key,
            title=rule.title,
            insight=filled(rule.insight, figures),
            recommendation=filled(rule.recommendation, figures),
            message=filled(rule.message, figures),
        )
    raise ValueError("No rule holds; the last one of them should hold always.")


def _met(rule: Rule, segment: Segment) -> tuple[Difference, ...] | None:
    """Return the difference that meets each condition; None where the rule does not hold.

    Conditions are met in their order, each by the strongest difference that is left, of another
    column than those before.
    """
    differs = segment.apart if rule.is_certain else segment.tendencies
    if segment.share < rule.least_share or (segment.apart and not rule.is_certain):
        return None
    if not rule.conditions and segment.apart:
        return None  # such a rule speaks where nothing is distinctive
    found: list[Difference] = []
    for condition in rule.conditions:
        one = _meeting(condition, differs, {one.column for one in found})
        if one is None:
            return None
        found.append(one)
    return tuple(found)


def _meeting(
    condition: Condition, differs: Sequence[Difference], taken: set[str]
) -> Difference | None:
    """Return what meets ``condition``; None too where columns of its role say both.

    Then nothing can be said of the role: some orders may cost more while others cost less.
    """
    fitting = [one for one in differs if condition.role in (ANY, one.role)]
    if condition.role != ANY and len({one.tends for one in fitting}) > 1:
        return None
    return next(
        (
            one
            for one in fitting
            if one.column not in taken and condition.tends in (None, one.tends)
        ),
        None,
    )
