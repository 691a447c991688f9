"""BayesianNetwork: a stated network as an estimator, which the artifact of a fit holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from headwater.engines.network.definition import Definition
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.inference import infer
from headwater.engines.network.posterior import FoundGroups, NodePosterior, Posterior
from headwater.engines.network.scoring import Scoring
from headwater.engines.progress import Callback

Array = NDArray[np.float64]


class BayesianNetwork(BaseEstimator):  # type: ignore[misc]
    """A Bayesian network: ``fit`` infers it, ``network["mu"]`` is what is known of a node then.

    Parameters
    ----------
    definition : dict
        As ``Definition.to_json`` gives it.
    network_type : {"general", "clustering"}, default="general"
        “clustering”: the rows are divided by the observed Mixture. The definition may say so too.
    engine : {"auto", "bayespy"}, default="auto"
        See ``headwater.engines.network.inference.infer``, as for the other parameters.
    tol : float, default=1e-8
    random_state : int, default=0
    n_init : int, default=1
        Restarts.
    max_iter : int, default=1000
    n_threads : int or None
    functions : mapping or None
        Functions that parameters may call besides the built-in ones; not kept in an artifact.

    Attributes
    ----------
    posterior : Posterior
        All that was inferred.
    labels_ : (n,) int or None
        Group of each row, of a network that divides rows.
    n_groups_ : int
        Groups that hold rows; 0 for other networks.
    means_ : (n_groups_, D)
        Of the groups, in the columns of the rows.
    covariances_ : (n_groups_, D, D) or None
    weights_ : (n_groups_,)
        Shares of the rows.
    components_ : (n_groups_,) int
        The component of the Mixture that each group is.
    objective_, objectives_, restart_objectives_
        Lower bound: the last, after each iteration, and of each restart.
    n_iter_, converged_, notes_
    engine_, why_engine_ : str
        “mixture kernel” or “BayesPy”, and why, as a sentence.
    """

    def __init__(
        self,
        definition: Mapping[str, Any] | None = None,
        *,
        network_type: str = "general",
        engine: str = "auto",
        tol: float = 1e-8,
        random_state: int = 0,
        n_init: int = 1,
        max_iter: int = 1000,
        n_threads: int | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self.definition = definition
        self.network_type = network_type
        self.engine = engine
        self.tol = tol
        self.random_state = random_state
        self.n_init = n_init
        self.max_iter = max_iter
        self.n_threads = n_threads
        self.functions = functions

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {**state, "functions": None}

    def fit(
        self,
        data: Mapping[str, NDArray[Any]],
        y: object = None,
        *,
        callback: Callback | None = None,
    ) -> Self:
        """Infer the network from ``data``: node -> (n,) values, or (n, D) of several columns."""
        if self.definition is None:
            raise NetworkError("There is no definition to infer: pass “definition”.")
        if self.engine not in ("auto", "bayespy"):
            raise NetworkError(f"engine was {self.engine!r}; it takes “auto” or “bayespy”.")
        posterior = infer(
            self._stated(),
            data,
            engine="bayespy" if self.engine == "bayespy" else "auto",
            restarts=self.n_init,
            iterations=self.max_iter,
            tol=self.tol,
            random_state=self.random_state,
            n_threads=self.n_threads,
            callback=callback,
            functions=self.functions,
        )
        self.state_ = posterior.state
        self.labels_ = posterior.labels
        return self

    def _stated(self) -> Definition:
        stated = dict(self.definition or {})
        if self.network_type == "clustering":
            stated["network_type"] = "clustering"
        return Definition.from_json(stated)

    @property
    def posterior(self) -> Posterior:
        """All that was inferred."""
        check_is_fitted(self, "state_")
        return Posterior(self.state_, getattr(self, "labels_", None))

    def __getitem__(self, name: str) -> NodePosterior:
        return self.posterior[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.posterior)

    # what all techniques tell

    @property
    def objective_(self) -> float:
        """The lower bound of the log evidence, in nats."""
        return self.posterior.bound

    @property
    def objectives_(self) -> list[float]:
        """The lower bound after each iteration of the best restart."""
        return self.posterior.bounds

    @property
    def restart_objectives_(self) -> list[float]:
        """The last lower bound of each restart."""
        return self.posterior.restart_bounds

    @property
    def n_iter_(self) -> int:
        """Iterations of the best restart."""
        return self.posterior.iterations

    @property
    def converged_(self) -> bool:
        """Whether the bound settled."""
        return self.posterior.converged

    @property
    def notes_(self) -> list[str]:
        """What a reader of the results should know, in sentences."""
        return self.posterior.notes

    @property
    def engine_(self) -> str:
        """“mixture kernel” or “BayesPy”."""
        return self.posterior.engine

    @property
    def why_engine_(self) -> str:
        """Why this engine ran."""
        return self.posterior.why_engine

    # of a network that divides rows

    @property
    def n_groups_(self) -> int:
        """Groups that hold rows; 0 for a network that divides no rows."""
        groups = self.posterior.groups
        return 0 if groups is None else len(groups.components)

    @property
    def means_(self) -> Array:
        """(n_groups_, D) means of the groups."""
        return self._groups().means

    @property
    def covariances_(self) -> Array | None:
        """(n_groups_, D, D) of Gaussian groups with a precision matrix each, else None."""
        return self._groups().covariances

    @property
    def weights_(self) -> Array:
        """(n_groups_,) shares of the rows."""
        sizes = self._groups().sizes
        return np.asarray(sizes / sizes.sum())

    @property
    def components_(self) -> NDArray[np.intp]:
        """(n_groups_,) component of the Mixture that each group is."""
        return self._groups().components

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return the group of each of the rows ``X`` (n, D), (n,)."""
        scoring, name = self._scoring()
        return scoring.best(scoring.check(name, X)).astype(np.int64)

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the probability of each group for each of the rows ``X``, (n, n_groups_)."""
        scoring, name = self._scoring()
        logits = scoring.logits(scoring.check(name, X))
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def compile(self) -> Callable[[Array], int]:
        """Return a function that gives the group of one row (D,) in some microseconds."""
        return self._scoring()[0].compile()

    def _groups(self) -> FoundGroups:
        groups = self.posterior.groups
        if groups is None:
            raise NetworkError(
                "This network divides no rows into groups; its type is “general”. Make it a "
                "“clustering” network for that."
            )
        return groups

    def _scoring(self) -> tuple[Scoring, str]:
        groups = self._groups()
        if groups.scoring is None:
            raise NetworkError(
                f"A row of “{groups.rows}” cannot be assigned by itself: what divides the rows "
                f"takes other nodes of the row too, or differs from row to row, or “{groups.rows}” "
                "is of a kind that cannot be scored."
            )
        return groups.scoring.take(groups.components), groups.rows
