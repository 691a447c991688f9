"""parse_grid, search: which of some settings does best on rows that it did not learn from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.classification.cross_validate import Learns, Measured, cross_validate
from headwater.engines.classification.declared import FALLING_METRICS, METRICS
from headwater.engines.classification.folds import Folds, Mask
from headwater.engines.parameters import ParameterError, Parameters
from headwater.engines.progress import Callback, Step

MOST_SETTINGS = 100
"""Combinations that a search tries, at most: each is fitted in every fold."""
_LONGEST = 10_000
_EXAMPLE = '{"C": [0.1, 1, 10], "kernel": ["linear", "rbf"]}'


@dataclass(frozen=True, slots=True)
class Grid:
    """Settings to try."""

    names: tuple[str, ...]
    settings: tuple[dict[str, Any], ...]
    """Every combination of the values, in the order in which they were written."""

    def __len__(self) -> int:
        return len(self.settings)


@dataclass(frozen=True, slots=True)
class Tried:
    """One combination and how it did."""

    setting: dict[str, Any]
    metrics: dict[str, Measured]
    """By name; empty where it failed."""
    failed: str | None = None
    """Why it could not be fitted."""


@dataclass(frozen=True, slots=True)
class Search:
    """All combinations in their order, and the best of them."""

    tried: tuple[Tried, ...]
    metric: str
    best: int
    """Its place in ``tried``."""

    @property
    def setting(self) -> dict[str, Any]:
        """The best combination; of equals, the first."""
        return dict(self.tried[self.best].setting)

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values: mean and two standard deviations of each metric."""
        return {
            "metric": self.metric,
            "best": self.best,
            "names": list(self.tried[self.best].setting),
            "tried": [
                {
                    "setting": each.setting,
                    "metrics": {
                        name: {"mean": measured.mean, "deviations": measured.deviations}
                        for name, measured in each.metrics.items()
                    },
                    "failed": each.failed,
                }
                for each in self.tried
            ],
        }


def parse_grid(
    text: str | None, parameters: Parameters, *, most: int = MOST_SETTINGS, name: str = "search"
) -> Grid | None:
    """Return the combinations that ``text`` asks for; None where it is empty.

    ``text`` is a JSON object of lists by the names of ``parameters``, whose values are cleaned as
    in a form. Raises ParameterError, with all that is wrong in one text under ``name``.
    """
    if text is None or not text.strip():
        return None
    try:
        lists = _read(text)
        values, wrong = _cleaned(lists, parameters)
        many = prod(len(each) for each in values.values())
        if not wrong and many > most:
            wrong.append(
                f"The search asks for {many:,} combinations; it takes at most {most}. Give fewer "
                "values."
            )
    except ValueError as error:
        raise ParameterError({name: str(error)}) from None
    if wrong:
        raise ParameterError({name: " ".join(wrong)})
    return Grid(
        tuple(values),
        tuple(dict(zip(values, each, strict=True)) for each in product(*values.values())),
    )


def search(
    make_with: Callable[[Mapping[str, Any]], Learns],
    data: Any,
    y: NDArray[np.int64],
    folds: Folds,
    settings: Grid | Sequence[Mapping[str, Any]],
    *,
    metric: str,
    positive: int | None = None,
    sample_weight: NDArray[np.float64] | None = None,
    always_train: Mask | None = None,
    n_classes: int | None = None,
    callback: Callback | None = None,
) -> Search:
    """Return how each of ``settings`` does by ``cross_validate`` in the same ``folds``.

    ``make_with`` gives a new learner with a setting. The best has the highest mean of ``metric``
    (the lowest of log loss); of equals the first is taken, so the simpler settings are written
    first. A setting that cannot be fitted (ValueError) is told as failed; where all fail, the error
    of the first is raised. ``callback`` is called as by ``cross_validate``, its ``restart``
    counting through all the parts of all the settings; whatever it raises stops the search.
    """
    if metric not in {key for key, _ in METRICS}:
        raise ValueError(
            f"“metric” was {metric!r}; it takes one of "
            f"{', '.join(f'“{key}”' for key, _ in METRICS)}."
        )
    asked = settings.settings if isinstance(settings, Grid) else tuple(map(dict, settings))
    if not asked:
        raise ValueError("There are no settings to try.")
    tried: list[Tried] = []
    errors: list[ValueError] = []
    names = (metric, *(key for key, _ in METRICS if key != metric))
    for at, setting in enumerate(asked):
        told = _Counting(callback, at, len(asked))
        try:
            judged = cross_validate(
                lambda setting=setting: make_with(setting),  # type: ignore[misc]
                data,
                y,
                folds,
                positive=positive,
                metrics=names,
                sample_weight=sample_weight,
                always_train=always_train,
                n_classes=n_classes,
                callback=told,
            )
        except ValueError as error:
            if told.raised is error:
                raise
            errors.append(error)
            tried.append(Tried(setting, {}, str(error)))
            continue
        tried.append(Tried(setting, judged.metrics))
    if len(errors) == len(asked):
        raise errors[0]
    return Search(tuple(tried), metric, _best(tried, metric))


class _Counting:
    """The caller's callback, counting on through the settings; it remembers what that raised."""

    def __init__(self, callback: Callback | None, at: int, n_settings: int) -> None:
        self.callback = callback
        self.at = at
        self.n_settings = n_settings
        self.raised: BaseException | None = None

    def __call__(self, step: Step) -> None:
        if self.callback is None:
            return
        try:
            self.callback(
                replace(
                    step,
                    phase="search",
                    restart=self.at * step.restarts + step.restart,
                    restarts=self.n_settings * step.restarts,
                )
            )
        except BaseException as error:
            self.raised = error
            raise


def _best(tried: Sequence[Tried], metric: str) -> int:
    sign = -1.0 if metric in FALLING_METRICS else 1.0
    best, highest = -1, -np.inf
    for at, each in enumerate(tried):
        if each.failed is not None:
            continue
        mean = each.metrics[metric].mean
        value = -np.inf if mean is None else sign * mean
        # Sums in another order may differ in the last digit: that is no better.
        if best < 0 or value > highest + 1e-12:
            best, highest = at, value
    return best


def _read(text: str) -> dict[str, Any]:
    if len(text) > _LONGEST:
        raise ValueError(
            f"The search is {len(text):,} characters long; it takes at most {_LONGEST:,}."
        )
    try:
        read = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"The search is not written as JSON: {error.msg} in line {error.lineno}, column "
            f"{error.colno}. It takes lists by name, such as {_EXAMPLE}."
        ) from None
    except RecursionError:
        read = None
    if not isinstance(read, dict) or not read:
        raise ValueError(f"The search takes lists by name, such as {_EXAMPLE}.")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"The search names “{name}” twice; put all its values in one list.")
    return dict(pairs)


def _cleaned(
    lists: Mapping[str, Any], parameters: Parameters
) -> tuple[dict[str, list[Any]], list[str]]:
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, list[Any]] = {}
    wrong: list[str] = []
    for name, given in lists.items():
        if name not in known:
            wrong.append(f"There is no parameter “{name}”; there are {', '.join(known)}.")
            continue
        if not isinstance(given, list) or not given:
            wrong.append(f"The search takes a list of values for “{name}”, such as [1, 2].")
            continue
        values[name] = []
        for value in given:
            try:
                cleaned = known[name].clean(value)
            except ValueError as error:
                wrong.append(str(error))
                continue
            if cleaned not in values[name]:
                values[name].append(cleaned)
    return values, wrong
