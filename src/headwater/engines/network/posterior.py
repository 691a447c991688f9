"""Posterior, NodePosterior: what was inferred, as plain arrays. NumPy and SciPy only.

Everything is kept in one plain dict of numbers, texts, lists and arrays, so that it can be stored
without pickle and read in a process that has never imported BayesPy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headwater.engines.network import marginal
from headwater.engines.network.definition import Definition
from headwater.engines.network.errors import DefinitionChanged, NetworkError
from headwater.engines.network.scoring import Scoring

Array = NDArray[np.float64]

KEPT = 2_000_000
"""Numbers of one node that are kept; a longer list (such as one per row) is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class NodePosterior:
    """What is known of one node."""

    name: str
    type: str
    """The distribution or function of the definition."""
    form: str
    """Which moments it carries: “gaussian”, “gamma”, “wishart” ... (see ``forms``)."""
    plates: tuple[int, ...]
    dims: tuple[tuple[int, ...], ...]
    """Shape of each moment of one value."""
    observed: bool
    _moments: tuple[Array, ...] | None
    _phi: tuple[Array, ...] | None
    _trials: Array | None
    _size: int

    def get_moments(self) -> list[Array]:
        """Return the expected sufficient statistics, as BayesPy's node of this name has them.

        Their shapes are ``plates`` and ``dims``, with 1 for a plate along which nothing differs.
        Raises NetworkError for an observed node (its values are the data, which are not kept), and
        for more than KEPT numbers.
        """
        return list(self._u())

    @property
    def phi(self) -> list[Array]:
        """Natural parameters of the distribution, as BayesPy's; empty for what has none."""
        return [] if self._phi is None else list(self._phi)

    @property
    def mean(self) -> Array:
        """Expected value, (plates..., shape of one value...)."""
        try:
            return marginal.mean(self.form, self._u(), self._phi)
        except marginal.NoDistribution as error:
            raise NetworkError(f"“{self.name}” {error}.") from None

    @property
    def standard_deviation(self) -> Array:
        """Standard deviation of each number of ``mean``, 0 for point estimates."""
        try:
            return marginal.standard_deviation(self.form, self._u(), self._phi, self._trials)
        except marginal.NoDistribution as error:
            raise NetworkError(f"“{self.name}” {error}.") from None

    @property
    def has_density(self) -> bool:
        """Whether ``marginal`` and ``density`` are there for it."""
        try:
            self.marginal(*(0 for _ in self.plates) if self.form == "categorical" else ())
        except NetworkError:
            return False
        return True

    def marginal(self, *place: int) -> Any:
        """Return the SciPy distribution of the single number at ``place``, or of all of them.

        ``place`` counts along the plates, then along one value: ``marginal(3, 0)`` is the first
        coordinate of the fourth of several Gaussian vectors. Of a Wishart these are the numbers on
        its diagonal. Without ``place`` the distribution has arrays of parameters.

        Raises NetworkError for nodes that have none: point estimates and functions of nodes.
        """
        try:
            if self.form == "categorical":
                return marginal.distribution(self.form, [self._u()[0][place]], None, None)
            made = marginal.distribution(self.form, self._u(), self._phi, self._trials)
            if not place:
                return made
            shape = np.broadcast_shapes(*(np.shape(a) for a in (*made.args, *made.kwds.values())))
            chosen = [np.broadcast_to(a, shape)[place] for a in made.args]
            named = {k: np.broadcast_to(a, shape)[place] for k, a in made.kwds.items()}
            return made.dist(*chosen, **named)
        except marginal.NoDistribution as error:
            raise NetworkError(f"“{self.name}” {error}.") from None
        except IndexError:
            raise NetworkError(
                f"“{self.name}” has plates {self.plates} and values of shape {self.dims[0]}; there "
                f"is nothing at {place}."
            ) from None

    def density(self, x: ArrayLike, *place: int) -> Array:
        """Return the posterior density (or, of counts, probability) at ``x`` of one number."""
        found = self.marginal(*place)
        probability = found.pmf if hasattr(found, "pmf") else found.pdf
        return np.asarray(probability(x), dtype=np.float64)

    def interval(self, level: float = 0.95, *place: int) -> tuple[Array, Array]:
        """Return the ends between which each number lies with probability ``level``.

        As much of the probability lies below the lower end as above the upper one.
        """
        if not 0 < level < 1:
            raise NetworkError(f"level was {level!r}; it takes a share between 0 and 1.")
        low, high = self.marginal(*place).interval(level)
        return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)

    def _u(self) -> tuple[Array, ...]:
        if self._moments is not None:
            return self._moments
        if self.observed:
            raise NetworkError(
                f"“{self.name}” is observed: its moments are the data, which are not kept with "
                "what was learned."
            )
        raise NetworkError(
            f"“{self.name}” has {self._size:,} numbers, and {KEPT:,} are kept at most. The group "
            "of each row is kept with the rows."
        )


@dataclass(frozen=True, slots=True, eq=False)
class FoundGroups:
    """What groups a network has found, largest first; G of them hold rows."""

    rows: str
    """The node that observes the rows."""
    categories: str
    """The node that says the component of each row."""
    components: NDArray[np.intp]
    """(G,) the component of each group."""
    sizes: NDArray[np.int64]
    """(G,) rows of each."""
    means: Array
    """(G, D) in the columns of ``rows``."""
    covariances: Array | None
    """(G, D, D) inverse expected precisions, where the components are Gaussian with such."""
    scoring: Scoring | None
    """How a new row gets its component; None where that takes more than the row."""


class Posterior(Mapping[str, NodePosterior]):
    """All nodes of one network after an inference, and how the inference went.

    ``posterior["mu"].get_moments()``; ``in``, ``len`` and iteration go over names of nodes.
    """

    labels: NDArray[np.int64] | None
    """(n,) group of each row, of a network that divides rows; not part of what is stored."""

    def __init__(self, state: dict[str, Any], labels: NDArray[np.int64] | None = None) -> None:
        """Take a state as ``posterior.state`` gives it."""
        self.state = state
        self.labels = labels
        self._definition = Definition.from_json(state["definition"])

    def __getitem__(self, name: str) -> NodePosterior:
        try:
            kept = self.state["nodes"][name]
        except KeyError:
            raise KeyError(
                f"There is no node “{name}”; there are {', '.join(self.state['nodes'])}."
            ) from None
        return NodePosterior(
            name,
            kept["type"],
            kept["form"],
            tuple(kept["plates"]),
            tuple(tuple(shape) for shape in kept["dims"]),
            kept["observed"],
            _frozen(kept["moments"]),
            _frozen(kept["phi"]),
            None if kept["trials"] is None else np.asarray(kept["trials"]),
            kept["size"],
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.state["nodes"])

    def __len__(self) -> int:
        return len(self.state["nodes"])

    @property
    def definition(self) -> Definition:
        """The network that this is the posterior of."""
        return self._definition

    @property
    def digest(self) -> str:
        """Digest of the definition."""
        return str(self.state["digest"])

    @property
    def engine(self) -> str:
        """“mixture kernel” or “BayesPy”."""
        return str(self.state["engine"])

    @property
    def why_engine(self) -> str:
        """Why this engine ran, as a sentence."""
        return str(self.state["why_engine"])

    @property
    def bound(self) -> float:
        """Lower bound of the log evidence, in nats: of the best restart."""
        return float(self.state["bounds"][-1])

    @property
    def bounds(self) -> list[float]:
        """Lower bound after each iteration of the best restart."""
        return [float(bound) for bound in self.state["bounds"]]

    @property
    def restart_bounds(self) -> list[float]:
        """Last lower bound of each restart; NaN where its arithmetic failed."""
        return [float(bound) for bound in self.state["restart_bounds"]]

    @property
    def iterations(self) -> int:
        """Iterations of the best restart."""
        return int(self.state["iterations"])

    @property
    def converged(self) -> bool:
        return bool(self.state["converged"])

    @property
    def notes(self) -> list[str]:
        """What a reader of the results should know, in sentences."""
        return list(self.state["notes"])

    @property
    def rows(self) -> dict[str, int]:
        """Rows that each observed node observed."""
        return dict(self.state["rows"])

    @property
    def groups(self) -> FoundGroups | None:
        """The groups that a network which divides rows has found; None for others."""
        kept = self.state["groups"]
        if kept is None:
            return None
        scoring = kept["scoring"]
        return FoundGroups(
            kept["rows"],
            kept["categories"],
            np.asarray(kept["components"]),
            np.asarray(kept["sizes"]),
            np.asarray(kept["means"]),
            None if kept["covariances"] is None else np.asarray(kept["covariances"]),
            None if scoring is None else Scoring.from_state(scoring),
        )

    def require(self, definition: Definition) -> None:
        """Raise DefinitionChanged, which names the nodes, unless this belongs to ``definition``."""
        if definition.digest == self.digest:
            return
        was, now = self._definition, definition
        gone = [name for name in was.by_name if name not in now.by_name]
        new = [name for name in now.by_name if name not in was.by_name]
        other = [
            name
            for name, node in now.by_name.items()
            if name in was.by_name and was.by_name[name] != node
        ]
        parts = [
            f"{what} {', '.join(f'“{name}”' for name in names)}"
            for what, names in (("changed are", other), ("new are", new), ("gone are", gone))
            if names
        ]
        if not parts:
            parts = ["its edges, its type or the order of its nodes changed"]
        raise DefinitionChanged(
            "What was inferred belongs to the network as it was before: "
            f"{'; '.join(parts)}. Run the inference again."
        )


def node_state(
    *,
    type: str,
    form: str,
    plates: tuple[int, ...],
    dims: tuple[tuple[int, ...], ...],
    observed: bool = False,
    moments: list[Array] | None = None,
    phi: list[Array] | None = None,
    trials: ArrayLike | None = None,
) -> dict[str, Any]:
    """Return one node for a Posterior's state; arrays are copied, and left out beyond KEPT."""
    size = 0 if moments is None else sum(int(np.size(part)) for part in moments)
    kept = not observed and size <= KEPT
    return {
        "type": type,
        "form": form,
        "plates": [int(side) for side in plates],
        "dims": [[int(side) for side in shape] for shape in dims],
        "observed": observed,
        "moments": _copies(moments) if kept else None,
        "phi": _copies(phi) if kept else None,
        "trials": None if trials is None or not kept else np.array(trials, dtype=np.float64),
        "size": size,
    }


def _copies(parts: list[Array] | None) -> list[Array] | None:
    if parts is None:
        return None
    return [np.array(part, dtype=np.float64) for part in parts]


def _frozen(parts: list[Array] | None) -> tuple[Array, ...] | None:
    if parts is None:
        return None
    views = []
    for part in parts:
        view = np.asarray(part).view()
        view.flags.writeable = False
        views.append(view)
    return tuple(views)
