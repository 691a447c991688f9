"""The colour and shape of each state: the same on every chart of a page, and from day to day."""

from __future__ import annotations

from headwater.console.flows.part import Part
from headwater.console.letters import N_COLOURS, SHAPES, Mark, mark
from headwater.engines.letters import index_of
from headwater.stockandflow.state_order import are_letters, states_in_order


def marks_of(part: Part) -> dict[str, Mark]:
    """Return state (or slug of a stock) -> its mark, in the order of the states.

    Stated states come first, in their order, then others in the order in which they were first
    counted: so a new one takes no colour from another. Where all are letters of a statistical
    model, each keeps its letter's colour.
    """
    states = states_of(part)
    if are_letters(states):
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
    return states_in_order(part.partition)
