"""VariationalMixture: a Gaussian mixture that finds its number of groups."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin, DensityMixin
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import validate_data
from threadpoolctl import threadpool_limits

from headwater.engines.mixture import gaussian, student
from headwater.engines.mixture.climb import EMPTY, State
from headwater.engines.mixture.conflict import PriorConflictWarning, check_prior, lost_digits
from headwater.engines.mixture.coordinates import rechunk
from headwater.engines.mixture.data import Data, check_finite, checked_blocks
from headwater.engines.mixture.fitted import Fitted
from headwater.engines.mixture.gaussian import Prior
from headwater.engines.mixture.given import checked_prior, checked_responsibilities
from headwater.engines.mixture.outliers import core_scales
from headwater.engines.mixture.run import Plan, Run, Runner, threads
from headwater.engines.mixture.student import StudentState
from headwater.engines.progress import Callback, Step

Array = NDArray[np.float64]


class VariationalMixture(Fitted, ClusterMixin, DensityMixin, BaseEstimator):  # type: ignore[misc]
    """Bayesian Gaussian mixture with Dirichlet weights, independent means and precisions.

    The model is ``π ~ Dirichlet(concentration_prior)``, ``μ_k ~ N(mean_prior,
    (mean_precision_prior I)⁻¹)``, ``Λ_k ~ Wishart(dof_prior, scale_prior I)`` (an inverse scale:
    ``E[Λ] = dof_prior / scale_prior``; both may also be given as full matrices), fitted by
    mean-field variational inference. With a small concentration components that are not needed
    lose all their rows, so the number of groups is found. The lower bound is that of BayesPy's
    ``Mixture(Categorical, Gaussian, μ, Λ)``.

    A fit is a loose ascent from k-means++, moves (merge, delete, split, new divisions) that are
    kept when the bound rises, and a tight ascent.

    Parameters
    ----------
    n_components : int, default=10
        Groups at most.
    n_init : int, default=1
        Searches from different starts, the best of which is kept.
    max_iter : int, default=1000
        Iterations of the tight ascent, at most.
    tol : float, default=1e-6
        The ascent has converged when what the bound can still rise, estimated from the rate of
        its last rises, is below ``tol * max(1, |bound| / 1000)`` nats.
    concentration_prior : float, default=1e-5
        Of the Dirichlet, per component.
    mean_prior : array-like (n_features,) or None
        None is zeros.
    mean_precision_prior : float or array-like (n_features, n_features), default=1e-5
    dof_prior : float or None
        None is the number of columns; must be above that number less one.
    scale_prior : float or array-like (n_features, n_features), default=1e-5
    init : {"k-means++", "random"}
    moves : bool, default=True
        False: ascent only. All components are then kept in the order of the start, and with
        given responsibilities each iteration is BayesPy's update of μ, Λ, Z, π.
    family : {"gaussian", "student_t"}
        "student_t": components with heavy tails, so that outliers do not bend the groups. Each
        row's precision is ``u Λ_k`` with ``u ~ Gamma(tail/2, tail/2)``; the tail of each group
        is the one (1 to 1000) that maximises the bound, a point estimate. Rows scattered thinly
        around all groups are not made a group of their own (but with ``moves=False`` they may
        be). After Svensén & Bishop (2005) and Archambeau & Verleysen (2007).
    random_state : int, RandomState or None
    n_threads : int or None
        None is one per core. The result does not depend on it.

    Attributes
    ----------
    n_groups_ : int
        Components that hold rows.
    weights_ : (n_groups_,)
        Expected weights, largest first.
    means_ : (n_groups_, n_features)
        Expected means.
    precisions_, covariances_ : (n_groups_, n_features, n_features)
        Expected precisions ``E[Λ]``, and their inverses.
    labels_ : (n,) int
        Group of each row of the fit (not kept by ``fit_blocks``).
    lower_bound_ : float
        In nats, of all rows together.
    lower_bounds_ : list of float
        After each iteration that led to the result: of the search (where it had all rows), and of
        the tight ascent.
    restart_lower_bounds_ : list of float
        Of each search.
    n_iter_ : int
        Iterations of the tight ascent.
    converged_ : bool
        Whether the tight ascent settled within ``max_iter``.
    notes_ : list of str
        What was warned of.
    concentration_ : (n_groups_,)
        Posterior of the weights.
    mean_covariances_ : (n_groups_, n_features, n_features)
        Posterior covariance of each mean.
    dof_, scales_ : (n_groups_,), (n_groups_, n_features, n_features)
        Posterior Wishart (inverse scales) of each precision.
    tail_ : (n_groups_,)
        Degrees of freedom of each group's tail: 1 is a Cauchy tail, 1000 as good as none. Only
        of ``family="student_t"``, where ``covariances_`` are the scale matrices of the groups.
    core_scales_ : (n_groups_,)
        What ``covariances_`` are to be multiplied by to be those of the core alone, without the
        tail. Only of ``family="student_t"``.
    """

    _parameter_constraints = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0.0, None, closed="left")],
        "concentration_prior": [Interval(Real, 0.0, None, closed="neither")],
        "mean_prior": ["array-like", None],
        "mean_precision_prior": [Interval(Real, 0.0, None, closed="neither"), "array-like"],
        "dof_prior": [Interval(Real, 0.0, None, closed="neither"), None],
        "scale_prior": [Interval(Real, 0.0, None, closed="neither"), "array-like"],
        "init": [StrOptions({"k-means++", "random"})],
        "moves": ["boolean"],
        "family": [StrOptions({"gaussian", "student_t"})],
        "random_state": ["random_state"],
        "n_threads": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        n_components: int = 10,
        *,
        n_init: int = 1,
        max_iter: int = 1000,
        tol: float = 1e-6,
        concentration_prior: float = 1e-5,
        mean_prior: ArrayLike | None = None,
        mean_precision_prior: float | ArrayLike = 1e-5,
        dof_prior: float | None = None,
        scale_prior: float | ArrayLike = 1e-5,
        init: str = "k-means++",
        moves: bool = True,
        family: str = "gaussian",
        random_state: Any = None,
        n_threads: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.concentration_prior = concentration_prior
        self.mean_prior = mean_prior
        self.mean_precision_prior = mean_precision_prior
        self.dof_prior = dof_prior
        self.scale_prior = scale_prior
        self.init = init
        self.moves = moves
        self.family = family
        self.random_state = random_state
        self.n_threads = n_threads

    def fit(
        self,
        X: ArrayLike,
        y: object = None,
        *,
        responsibilities: ArrayLike | None = None,
        callback: Callback | None = None,
    ) -> Self:
        """Fit rows ``X`` (n, n_features), from ``responsibilities`` (n, n_components) if given."""
        self._validate_params()
        X = np.asarray(validate_data(self, X, dtype=np.float64, ensure_all_finite=False))
        check_finite(X)
        self._check_rows(len(X))
        R = checked_responsibilities(responsibilities, len(X), self.n_components)
        data = Data.prepare(lambda: rechunk([X]), hold=True)
        self._fit(data, R, callback)
        self.labels_ = self.predict(X)
        return self

    def fit_blocks(self, blocks: Iterable[ArrayLike], *, callback: Callback | None = None) -> Self:
        """Fit the rows of ``blocks``, arrays (n_b, n_features) that can be read again.

        The result is that of ``fit`` on all rows together; ``labels_`` is not made (call
        ``predict`` per block). Nothing of the size of the data is kept.
        """
        self._validate_params()
        if iter(blocks) is blocks:
            raise ValueError(
                "fit_blocks reads the blocks more than once, and this iterator can be read only "
                "once: pass a list, or an object whose __iter__ starts anew."
            )

        def chunks() -> Iterator[Array]:
            return rechunk(checked_blocks(blocks))

        data = Data.prepare(chunks, hold=False)
        self.n_features_in_ = len(data.coordinates.centre)
        self._check_rows(data.n)
        self._fit(data, None, callback)
        if hasattr(self, "labels_"):
            del self.labels_
        return self

    def _check_rows(self, n: int) -> None:
        if n < 2:
            raise ValueError("A mixture needs at least 2 rows, and there is only 1 sample.")
        if n < self.n_components:
            raise ValueError(
                f"There are fewer rows ({n}) than there may be groups (n_components="
                f"{self.n_components}): lower n_components to {n} or less, or add rows."
            )

    def _prior(self, D: int) -> Prior:
        return checked_prior(
            D,
            concentration=self.concentration_prior,
            mean=self.mean_prior,
            mean_precision=self.mean_precision_prior,
            dof=self.dof_prior,
            scale=self.scale_prior,
        )

    def _fit(self, data: Data, R: Array | None, callback: Callback | None) -> None:
        prior = data.coordinates.prior(self._prior(data.dimension))
        plan = Plan(
            n_components=self.n_components,
            init=self.init,
            moves=self.moves,
            max_iter=self.max_iter,
            tol=self.tol,
            heavy=self.family == "student_t",
        )
        seeds = check_random_state(self.random_state).randint(2**31 - 1, size=self.n_init)
        runs: list[Run[State] | Run[StudentState]] = []
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads(self.n_threads)) as executor:
            for restart, seed in enumerate(seeds, start=1):

                def watch(phase: str, iteration: int, bound: float, n_groups: int) -> None:
                    if callback is not None:
                        callback(
                            Step(phase, len(runs) + 1, self.n_init, iteration, bound, n_groups)
                        )

                rng = np.random.default_rng(seed)
                if R is not None and restart > 1 and not self.moves:
                    break  # nothing is random in an ascent from a given start
                try:
                    runner = Runner(data, prior, plan, R, executor, watch)
                    runs.append(runner.student(rng) if plan.heavy else runner.gaussian(rng))
                except np.linalg.LinAlgError as error:
                    sentence = lost_digits(self._prior(data.dimension), data.coordinates)
                    raise ValueError(sentence) from error
            best = max(runs, key=lambda one: one.state.bound)
            self._keep(best, prior, data, executor)
        offset = data.n * data.coordinates.log_det
        self.n_iter_, self.converged_ = best.n_iter, best.converged
        self.restart_lower_bounds_ = [one.state.bound + offset for one in runs]
        self.lower_bounds_ = [bound + offset for bound in best.bounds]
        self.lower_bound_ = best.state.bound + offset

    def _keep(
        self, run: Run[State] | Run[StudentState], prior: Prior, data: Data, executor: Executor
    ) -> None:
        """Set the fitted attributes from the last state."""
        state = run.state
        counts = state.counts
        if self.moves:
            order = np.argsort(-counts, kind="stable")
            order = order[counts[order] > EMPTY]
        else:
            order = np.arange(len(counts))
        alive = counts[order]
        components = data.coordinates.restore(state.components.take(order))
        self.n_groups_ = int((alive > EMPTY).sum())
        self.concentration_ = self.concentration_prior + alive
        total = self.n_components * self.concentration_prior + data.n
        self.weights_ = np.where(alive > EMPTY, self.concentration_, 0.0) / total
        self.weights_ /= self.weights_.sum()
        self.means_ = components.mean
        self.mean_covariances_ = components.mean_covariance
        self.dof_ = components.dof
        self.scales_ = components.scale
        self.precisions_ = components.precision
        self.covariances_ = components.scale / components.dof[:, None, None]
        self._centre = data.coordinates.centre
        self._A = data.coordinates.A
        log_weights = gaussian.expected_log_weights(
            alive, self.concentration_prior, self.n_components
        )
        kept = state.components.take(order)
        if isinstance(state, StudentState):
            law = student.law(kept, log_weights, state.tails[order])
            self._W, self._offset, self._tails = law.W, law.offset, law.tails
            self.tail_ = law.tails
            self.core_scales_ = core_scales(data.rows(), kept, law, executor=executor)
        else:
            self._W = gaussian.natural(kept, log_weights)
            for name in ("_offset", "_tails", "core_scales_", "tail_"):
                if hasattr(self, name):  # of an earlier fit of the other family
                    delattr(self, name)
        self.notes_ = []
        if run.scatter > 0:
            self.notes_.append(
                f"About {run.scatter * data.n:,.0f} rows lie thinly around all groups. They were "
                "made no group of their own; the tails of the groups hold them."
            )
        if run.again:
            self.notes_.append(
                "A few rows lie far from all groups. Which groups there are was decided without "
                "them; then the groups learned from all rows."
            )
        warning = check_prior(prior, kept, state.sums.statistics[order], data.coordinates)
        if warning is not None:
            self.notes_.append(warning)
            warnings.warn(warning, PriorConflictWarning, stacklevel=4)

    # the names that all clustering techniques share

    @property
    def objective_(self) -> float:
        """The lower bound."""
        return self.lower_bound_

    @property
    def objectives_(self) -> list[float]:
        """The lower bound after each iteration."""
        return self.lower_bounds_

    @property
    def restart_objectives_(self) -> list[float]:
        """The lower bound of each search."""
        return self.restart_lower_bounds_
