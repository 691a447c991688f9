"""Fits: which nodes may stand where, as BayesPy 0.6.6 converts them. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from headwater.engines.network.definition import Definition
from headwater.engines.network.node_types import NODE_TYPES
from headwater.engines.network.syntax import Arguments, NodeName, Reference, Value

_GAUSSIAN = ("Gaussian", "GaussianARD")
_SCALED = (*_GAUSSIAN, "GaussianGamma")
_POSITIVE = ("Gamma", "Exponential")
_MATRIX = ("Wishart", "MaximumLikelihood", "Function")
_COUNTS = ("Dirichlet", "Beta")

FITS: dict[str, tuple[tuple[str, ...] | None, ...]] = {
    "Gaussian": (_SCALED, _MATRIX),
    "GaussianARD": (_GAUSSIAN, _POSITIVE),
    "Gamma": (("GammaShape",), _POSITIVE),
    "Wishart": ((), _MATRIX),
    "Exponential": (_POSITIVE,),
    "GaussianGamma": (_SCALED, _MATRIX, ("GammaShape",), _POSITIVE),
    "Bernoulli": (("Beta",),),
    "Binomial": ((), ("Beta",)),
    "Categorical": (_COUNTS,),
    "Multinomial": ((), _COUNTS),
    "Poisson": (_POSITIVE,),
    "Beta": (("Concentration",),),
    "Dirichlet": (("Concentration",),),
    "Mixture": (("Categorical",), None),
    "MaximumLikelihood": ((),),
    "Concentration": ((),),
    "GammaShape": (),
    "Dot": (_SCALED,),
    "SumMultiply": (None, _SCALED),
    "Add": (_GAUSSIAN, _GAUSSIAN),
    "Gate": (("Categorical",), None),
    "Take": (None, ()),
    "ConcatGaussian": (_GAUSSIAN,),
    "Choose": (("Categorical",), None),
}
"""Type -> for each of its arguments, the types of nodes that fit there, besides numbers.

Nothing: numbers only. None: anything. The last is that of a repeated argument.
"""

_PICKED = {"Gate": 1, "Take": 0, "Choose": 1}
"""Functions that give what they pick -> where it stands among their arguments."""


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A node that stands where it does not fit."""

    argument: str
    given: str
    type: str
    """What the given node is, or gives."""
    fits: tuple[str, ...]


def misplaced(
    definition: Definition, name: str, arguments: Mapping[str, Arguments]
) -> Iterator[Misplaced]:
    """Yield the nodes among the arguments of ``name`` that do not fit, as far as can be told."""
    node = definition.by_name[name]
    positional = arguments[name].positional
    for place, value in enumerate(positional):
        if not isinstance(value, NodeName) or value.name == name:
            continue
        of, at = node.type, place
        if node.type == "Mixture" and place >= 2:
            of, at = _reference(positional), place - 2  # as if given to what is mixed
        fits = _fitting(of, at)
        type_ = resolve(definition, value.name, arguments)
        if fits is None or type_ is None or type_ in fits:
            continue
        known = NODE_TYPES[of].arguments
        yield Misplaced(known[min(at, len(known) - 1)].name, value.name, type_, fits)


def resolve(definition: Definition, name: str, arguments: Mapping[str, Arguments]) -> str | None:
    """Return the type whose values ``name`` has: a function's result, a mixture's groups.

    None where that cannot be told.
    """
    passed: set[str] = set()
    while name not in passed:
        passed.add(name)
        node = definition.by_name.get(name)
        if node is None or node.type not in NODE_TYPES or name not in arguments:
            return None
        positional = arguments[name].positional
        if node.type == "Mixture":
            return _reference(positional) or None
        if node.type in ("Add", "ConcatGaussian"):
            return "Gaussian"
        if node.type in ("Dot", "SumMultiply"):
            return None  # a Gaussian, or one with its scale
        if node.type not in _PICKED:
            return node.type if NODE_TYPES[node.type].buildable else None
        picked = positional[_PICKED[node.type] : _PICKED[node.type] + 1]
        if not picked or not isinstance(picked[0], NodeName):
            return None
        name = picked[0].name
    return None


def _reference(positional: tuple[Value, ...]) -> str:
    """Return the type that a Mixture mixes; nothing where it says none that there is."""
    if len(positional) < 2 or not isinstance(positional[1], Reference):
        return ""
    key = positional[1].path.removeprefix("bayespy.nodes.")
    known = NODE_TYPES.get(key)
    return key if known is not None and known.observable and key != "Mixture" else ""


def _fitting(node_type: str, place: int) -> tuple[str, ...] | None:
    places = FITS.get(node_type)
    if not places:
        return None
    if place < len(places):
        return places[place]
    known = NODE_TYPES[node_type].arguments
    return places[-1] if known and known[-1].repeated else None
