"""Components: the same mixture with other components, in the texts of its nodes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.conjugate import CONJUGATE
from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.given import Functions, Given
from headwater.engines.network.groups import Clustering
from headwater.engines.network.language import Listing, Literal, NodeName, Value, parse
from headwater.engines.network.rewrite import bound, equal_numbers, is_constant, numbers, restated

Array = NDArray[np.float64]


class Components:
    """Where the components of a mixture stand in the texts of a network.

    ``nodes`` have a plate per component, their last one; ``weights`` is the Dirichlet of their
    shares, or None where the shares are constants. Raises NetworkError where it cannot be told.
    """

    def __init__(
        self, definition: Definition, clustering: Clustering, functions: Functions = None
    ) -> None:
        lengths = {node.name: 1 for node in definition.observed}
        self.given = Given(definition, lengths, functions)
        self.definition, self.categories = definition, clustering.groups
        shares = self._ordered(clustering.groups)[0][0]
        self.weights = shares.name if isinstance(shares, NodeName) else None
        if self.weights is not None and definition.by_name[self.weights].type != "Dirichlet":
            raise NetworkError(
                f"The shares of “{clustering.groups}” are “{self.weights}”, which is no Dirichlet "
                "node: how many components there are is not told by its parameters."
            )
        self.shares = self._constant(self.weights or clustering.groups, 0)
        if self.shares.ndim != 1:
            raise NetworkError(
                f"“{self.weights or clustering.groups}” has shares of shape {self.shares.shape}; "
                "the number of components is told by one list of them."
            )
        self.n = len(self.shares)
        self.nodes = self._with_plates()

    def _ordered(self, name: str) -> tuple[list[Value], dict[str, Value]]:
        return bound(self.given.nodes[name], self.given.arguments[name])

    def _constant(self, name: str, place: int) -> Array:
        positional, _ = self.given.of(name)
        try:
            return np.asarray(positional[place], dtype=np.float64)
        except (IndexError, TypeError, ValueError):
            raise NetworkError(
                f"The shares of the components are no constant in the parameters of “{name}”."
            ) from None

    def _with_plates(self) -> list[str]:
        """Return the nodes with a plate per component, found from the categories' children up."""
        found: list[str] = []
        waiting: list[str] = []
        for node in self.definition.nodes:
            ordered, keywords = self._ordered(node.name)
            first = ordered[0] if ordered else None
            if not isinstance(first, NodeName) or first.name != self.categories:
                continue
            if "cluster_plate" in keywords or "gated_plate" in keywords:
                raise NetworkError(
                    f"“{node.name}” says which of its plates counts the components; that is known "
                    "of the last plate only."
                )
            waiting += [value.name for value in ordered[1:] if isinstance(value, NodeName)]
        while waiting:
            name = waiting.pop()
            if name in found or not self._has_plate(name):
                continue
            found.append(name)
            waiting += [v.name for v in self._ordered(name)[0] if isinstance(v, NodeName)]
        return [node.name for node in self.definition.nodes if node.name in found]

    def _has_plate(self, name: str) -> bool:
        _, keywords = self.given.of(name)
        plates = keywords.get("plates", ())
        plates = tuple(plates) if isinstance(plates, (list, tuple)) else (plates,)
        if plates:
            return bool(plates[-1] == self.n)
        return any(axis is not None for axis in self._axes(name))

    def _axes(self, name: str) -> list[int | None]:
        """Return for each argument of a node the axis that counts the components, or None."""
        node = self.given.nodes[name]
        ordered, _ = self._ordered(name)
        known = CONJUGATE.get(node.type)
        if known is None:
            return [None] * len(ordered)
        values, keywords = self.given.of(name)
        extra = _extra_axes(node, keywords)
        axes: list[int | None] = []
        for syntax, value, inner in zip(ordered, values, known.axes, strict=False):
            place = None
            if is_constant(syntax):
                shape = np.shape(value)
                at = len(shape) - inner - extra - 1
                place = at if at >= 0 and shape[at] == self.n else None
            axes.append(place)
        return axes

    def restate(self, index: Sequence[int], *, at_random: bool | None = None) -> Definition:
        """Return the definition with the components at ``index``, which may repeat.

        ``at_random`` says whether the categories start from a random draw; None: as stated.
        """
        nodes = []
        for node in self.definition.nodes:
            new = node
            if node.name in self.nodes:
                new = self._resized(node, index)
            elif node.name == (self.weights or self.categories):
                new = self._reweighted(node, index)
            if node.name == self.categories and at_random is not None:
                arguments = parse(new.parameters)
                new = restated(new, arguments, *bound(new, arguments), at_random=at_random)
            nodes.append(new)
        return Definition(tuple(nodes), self.definition.edges, self.definition.network_type)

    def _reweighted(self, node: Node, index: Sequence[int]) -> Node:
        ordered, keywords = self._ordered(node.name)
        shares = self.shares[list(index)]
        if self.weights is None:
            shares = shares / shares.sum()
        ordered[0] = equal_numbers(shares)
        return restated(node, self.given.arguments[node.name], ordered, keywords)

    def _resized(self, node: Node, index: Sequence[int]) -> Node:
        ordered, keywords = self._ordered(node.name)
        values, _ = self.given.of(node.name)
        for place, axis in enumerate(self._axes(node.name)):
            if axis is not None:
                taken = np.take(np.asarray(values[place], dtype=np.float64), list(index), axis)
                ordered[place] = numbers(taken)
        if "plates" in keywords:
            keywords["plates"] = resized_plates(keywords["plates"], len(index))
        return restated(node, self.given.arguments[node.name], ordered, keywords)


def _extra_axes(node: Node, keywords: dict[str, object]) -> int:
    """Return how many axes of a GaussianARD's parameters are one value, by its keywords."""
    if node.type != "GaussianARD":
        return 0
    if isinstance(keywords.get("ndim"), int):
        return int(str(keywords["ndim"]))
    shape = keywords.get("shape")
    return len(shape) if isinstance(shape, (list, tuple)) else 0


def resized_plates(plates: Value, n: int) -> Value:
    """Return plates whose last one counts ``n``."""
    if isinstance(plates, Listing):
        return Listing((*plates.items[:-1], Literal(n)), plates.is_tuple)
    return Literal(n)
