"""The colour and shape of each state: the same on every chart of a page, and from day to day."""

from __future__ import annotations

import re

from django.db.models import Min

from headwater.console.flows.part import Part
from headwater.console.letters import N_COLOURS, SHAPES, Mark, index_of, mark
from headwater.stockandflow.models import StockRecord

_LETTER = re.compile(r"[A-Z]{1,2}")


def marks_of(part: Part) -> dict[str, Mark]:
    """Return state (or slug of a stock) -> its mark, in the order of the states.

    Stated states come first, in their order, then others in the order in which they were first
    counted: so a new one takes no colour from another. Where all are letters of a statistical
    model, each keeps its letter's colour.
    """
    states = states_of(part)
    if states and all(_LETTER.fullmatch(state) for state in states):
        return {state: mark(state) for state in sorted(states, key=index_of)}
    return {state: mark_at(number, part.name_of(state)) for number, state in enumerate(states)}


def mark_at(number: int, words: str) -> Mark:
    """Return the mark with this number: colours and shapes both go round."""
    name, path = SHAPES[number % len(SHAPES)]
    return Mark(letter=words, colour=number % N_COLOURS, shape=name, path=path)


def states_of(part: Part) -> list[str]:
    """Return the states of a partition, or the slugs of single stocks; retired ones last."""
    if part.partition is None:
        return [stock.slug for stock in part.stocks]
    stated = list(part.partition.state_names())
    records = StockRecord.objects.filter(partition=part.partition.slug).order_by()
    first = records.values("stock").annotate(first=Min("pk")).order_by("first")
    return list(dict.fromkeys([*stated, *(row["stock"] for row in first)]))
