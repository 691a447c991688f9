"""Asked: what the address of a process page asks for, and the form that asks for something else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Max, QuerySet
from django.utils import timezone

from headwater.console.flows.colours import marks_of
from headwater.console.flows.exports import with_parameters
from headwater.console.flows.needs import last_counted
from headwater.console.flows.odd import odd_parameters
from headwater.console.flows.only import FacetValue, named_value, recorded_values, values_of
from headwater.console.flows.part import Part, counted_things
from headwater.console.flows.period_words import period_noun
from headwater.console.flows.section import Asked
from headwater.console.rights import may_see_facet
from headwater.engines.periods import PERIODS
from headwater.stockandflow.definitions import FacetUse
from headwater.stockandflow.models import FlowRecord, StockRecord

MOST_DRAWN = 130
"""More counts than these are drawn by the week or a longer period, unless somebody asks."""
MOST_VALUES = 200
"""Values of a facet that can be chosen."""
RANGES = (("30 days", 30), ("90 days", 90), ("1 year", 365))
_LENGTHS = {"hourly": 1 / 24, "daily": 1, "weekly": 7, "monthly": 30.4, "quarterly": 91.3}


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the form."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one facet."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """The form above the sections: GET, so that every choice has an address."""

    facets: tuple[Group, ...]
    hidden: tuple[str, ...]
    """Sentences on facets that the person may not see."""
    steps: tuple[Choice, ...]
    since: str
    until: str
    ranges: tuple[Choice, ...]
    """Of each, the value is its address."""
    has_relabelled: bool
    problems: tuple[str, ...]
    is_narrowed: bool
    narrowed_to: str
    """“Country: no”, or empty."""


def asked_of(
    part: Part, user: AbstractBaseUser | AnonymousUser, data: Mapping[str, str]
) -> tuple[Asked, Filters]:
    """Return what ``data``, the parameters of an address, ask of ``part``, and the form."""
    problems: list[str] = []
    uses, hidden = _facets(part, user)
    recorded = recorded_values(part, uses) if uses else {}
    named = {slug: (use, values_of(use, recorded.get(slug, ()))) for slug, use in uses.items()}
    facet, chosen, problem = named_value(data.get("only", ""), named)
    problems += [problem] if problem else []
    since = _date(data.get("since", ""), "From", problems)
    until = _date(data.get("until", ""), "to", problems)
    if since and until and until < since:
        problems.append("The last day is before the first; the days were taken the other way.")
        since, until = until, since
    begin = _moment(since) if since else None
    end = _moment(until + dt.timedelta(days=1)) - dt.timedelta(microseconds=1) if until else None
    period = period_of(part)
    steps = PERIODS[PERIODS.index(period) :] if period else ()
    step = data.get("step", "")
    if step and step not in steps:
        problems.append(f"There is no step “{step}” here; the one that fits was taken.")
        step = ""
    every = step or (_fitting(part, period, begin, end) if period else None)
    marks = marks_of(part)
    if part.partition is not None:
        problems += odd_parameters(data, marks)
    groups = tuple(
        _group(use, values, chosen if use.facet.slug == facet else None)
        for use, values in named.values()
    )
    narrowed_to = f"{uses[facet].facet.name}: {chosen.words}" if chosen else ""
    with_relabelled = data.get("relabelled") != "no"
    asked = Asked(
        user=user,
        facet=facet,
        value=chosen.text if chosen else "",
        since=begin,
        until=end,
        every=None if every == period else every,
        with_relabelled=with_relabelled,
        marks=marks,
        data=data,
    )
    filters = Filters(
        facets=groups,
        hidden=tuple(hidden),
        steps=tuple(
            Choice(one, f"by the {period_noun(one)}", one == (every or period)) for one in steps
        ),
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
        ranges=_ranges(part, since, until, data),
        has_relabelled=not with_relabelled or _has_relabelled(part),
        problems=tuple(problems),
        is_narrowed=bool(facet or since or until or step or not with_relabelled),
        narrowed_to=narrowed_to,
    )
    return asked, filters


def period_of(part: Part) -> str | None:
    """Return the period in which ``part`` is counted, as its latest records have it."""
    latest = dict(_records(part).values_list("period").annotate(last=Max("counted_at")))
    if part.partition is not None and part.partition.every in latest:
        return part.partition.every
    return max(latest, key=lambda one: latest[one]) if latest else None


def _records(part: Part) -> QuerySet[StockRecord]:
    if part.partition is not None:
        return StockRecord.objects.filter(partition=part.partition.slug).order_by()
    slugs = [stock.slug for stock in part.stocks]
    return StockRecord.objects.filter(partition="", stock__in=slugs).order_by()


def _fitting(
    part: Part, period: str, since: dt.datetime | None, until: dt.datetime | None
) -> str | None:
    """Return the shortest period by which at most ``MOST_DRAWN`` moments are drawn."""
    records = _records(part).filter(period=period)
    if since is not None:
        records = records.filter(counted_at__gte=since)
    if until is not None:
        records = records.filter(counted_at__lte=until)
    counts = records.values("period_start").distinct().count()
    for one in PERIODS[PERIODS.index(period) :]:
        if counts * _LENGTHS.get(period, 365) / _LENGTHS.get(one, 365) <= MOST_DRAWN:
            return one
    return PERIODS[-1]


def _facets(
    part: Part, user: AbstractBaseUser | AnonymousUser
) -> tuple[dict[str, FacetUse], list[str]]:
    """Return slug -> facet, for those that ``user`` may see, and sentences on the others."""
    found: dict[str, FacetUse] = {}
    hidden: dict[str, str] = {}
    for counted in counted_things(part):
        for use in counted.facet_uses:
            right = may_see_facet(user, counted, use)
            if right:
                found.setdefault(use.facet.slug, use)
            else:
                hidden.setdefault(use.facet.slug, right.reason)
    # Where one stock's way to the facet is hidden, so is the facet: its counts would be incomplete.
    return {slug: use for slug, use in found.items() if slug not in hidden}, list(hidden.values())


def _group(use: FacetUse, values: list[FacetValue], chosen: FacetValue | None) -> Group:
    *named, other = values
    offered = named[:MOST_VALUES]
    if chosen is not None and chosen not in (*offered, other):
        offered.append(chosen)
    return Group(
        use.facet.name,
        tuple(
            Choice(f"{use.facet.slug}:{one.text}", one.words, one == chosen)
            for one in (*offered, other)
        ),
    )


def _date(given: str, name: str, problems: list[str]) -> dt.date | None:
    if not given:
        return None
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        problems.append(f"“{given}” after “{name}” is no date such as 2026-03-31; it was left out.")
        return None


def _moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _ranges(
    part: Part, since: dt.date | None, until: dt.date | None, data: Mapping[str, str]
) -> tuple[Choice, ...]:
    # Of what is not counted any more, the last 30 days would otherwise be empty.
    last = timezone.localdate(last_counted(part))
    starts = [(words, last - dt.timedelta(days=days)) for words, days in RANGES]
    given = [*((words, start.isoformat()) for words, start in starts), ("Everything", "")]
    shown = since.isoformat() if since else ""
    return tuple(
        Choice(
            with_parameters(data, since=start, until="", step="", book=""),
            words,
            start == shown and until is None,
        )
        for words, start in given
    )


def _has_relabelled(part: Part) -> bool:
    if part.partition is None:
        return False
    records = FlowRecord.objects.filter(partition=part.partition.slug, relabelled__gt=0)
    return records.exists()
