"""Placeholders: the figures that a rule's templates may name, and how they are put in."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from headwater.segmentation.rule import ANY, Condition, Rule
from headwater.segmentation.segment import Difference, Segment


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A figure that a template may name."""

    name: str
    meaning: str


OF_SEGMENT = (
    Placeholder("name", "what the segment is called"),
    Placeholder("letter", "its letter"),
    Placeholder("members", "how many rows it has, with their name: 120 customers"),
    Placeholder("size", "how many rows it has"),
    Placeholder("share", "their share of all rows"),
    Placeholder("rows", "what rows are called: customers, rows"),
)


def placeholders_of(rule: Rule) -> tuple[Placeholder, ...]:
    """Return the figures that the templates of ``rule`` may name."""
    return (*OF_SEGMENT, *(one for each in rule.conditions for one in _of_condition(each)))


def _of_condition(condition: Condition) -> Iterator[Placeholder]:
    about = "column that differs" if condition.role == ANY else f"column on {condition.role}"
    yield Placeholder(f"{condition.name}_column", f"name of the {about}")
    yield Placeholder(f"{condition.name}_value", "its mean, or share, in the segment")
    yield Placeholder(f"{condition.name}_rest", "the same of all other segments")
    yield Placeholder(f"{condition.name}_more", "“higher”, “lower”, “later”, “more frequent” ...")


class Sentence(string.Template):
    """A template that knows names and nothing else: no attribute, index, call or format."""

    flags = re.NOFLAG
    idpattern = "(?a:[_A-Za-z][_A-Za-z0-9]*)"


def filled(template: str, figures: Mapping[str, str]) -> str:
    """Return ``template`` with its figures; what is not known stays as it is written."""
    return Sentence(template).safe_substitute(figures)


def figures_of(segment: Segment, rule: Rule, differences: tuple[Difference, ...]) -> dict[str, str]:
    """Return name -> text of each placeholder of ``rule``, which ``differences`` have met."""
    found = {
        "name": segment.name,
        "letter": segment.letter,
        "members": segment.members_text,
        "size": segment.size_text,
        "share": segment.share_text,
        "rows": segment.rows,
    }
    for condition, one in zip(rule.conditions, differences, strict=True):
        found |= {
            f"{condition.name}_column": _column(one),
            f"{condition.name}_value": one.value,
            f"{condition.name}_rest": one.rest,
            f"{condition.name}_more": _more(one),
        }
    return found


def _column(one: Difference) -> str:
    return one.label if one.category is None else f"“{one.category}” ({one.label})"


def _more(one: Difference) -> str:
    if one.kind == "date":
        return "later" if one.direction == "higher" else "earlier"
    if one.kind == "numeric":
        return one.direction
    return "more frequent" if one.direction == "more" else "less frequent"
