"""simple_rules: a short rule for each group, and how much of the group it tells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from headwater.engines.scales import Floats, mean_and_spread
from headwater.engines.segments.categories import coded, indicator, most_frequent
from headwater.engines.segments.members import Members
from headwater.engines.table import ColumnKind, Table

CONDITIONS = 3
"""Conditions of a rule, at most."""
CATEGORIES = 20
"""Categories of a column that a rule may name, the most frequent."""
WORTH = 0.01
"""What one more condition must add to a rule's F1."""


@dataclass(frozen=True, slots=True, eq=False)
class _Feature:
    """What one condition can ask."""

    column: str
    kind: ColumnKind
    category: str | None
    values: Floats
    """(m,) of the rows that are in a group, NaN: missing."""

    def scaled(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return what a tree splits: single precision, so centred first, missing in the middle."""
        values = self.values[rows]
        missing = np.isnan(values)
        if missing.all():
            return np.zeros(len(values), dtype=np.float32)
        mean, spread = mean_and_spread(values[~missing])
        return np.where(missing, 0.0, (values - mean) / (spread or 1.0)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Condition:
    """The feature's values at most ``cut``, or above it."""

    feature: int
    below: bool
    cut: float


def simple_rules(
    table: Table,
    labels: NDArray[Any],
    letters: Sequence[str],
    *,
    limit: int = 20_000,
    seed: int = 0,
) -> dict[str, dict[str, Any]]:
    """Return for each letter the ``conditions`` that tell its group from all others best.

    A condition has ``column``, ``op`` and ``value``: “<=” or “>” a number (own units, rounded as
    far as the rows allow), “=” true or false, “=” or “!=” a category. All of them hold together,
    three at most; they are the node with the best F1 (harmonic mean of precision and recall) of a
    decision tree of the group against the rest, grown on a sample above ``limit`` rows.
    ``precision`` is the share of the group among the rows that the rule takes, ``recall`` the share
    of the group that it takes, both of all rows in groups; a row that lacks a value meets no
    condition on it. Without another group, or where no column tells anything, there are no
    conditions, so all rows are taken; both are None for a group without rows.
    """
    members = Members.of(np.asarray(labels))
    features = _features(table, members)
    drawn = members.sample(limit, np.random.default_rng(seed))
    at = np.searchsorted(members.rows, drawn.rows)
    X = np.column_stack([f.scaled(at) for f in features]) if features else np.zeros((len(at), 0))
    weights = (members.sizes / drawn.sizes)[drawn.codes] if len(drawn) else np.zeros(0)
    found: dict[str, dict[str, Any]] = {}
    places = {int(group): code for code, group in enumerate(members.groups)}
    for group, letter in enumerate(letters):
        if group not in places:
            found[letter] = {"conditions": [], "precision": None, "recall": None}
            continue
        mine = members.codes == places[group]
        rule: list[_Condition] = []
        if len(members) > 1 and features:
            rule = _best(X, mine[at], weights, features, at)
        taken = _taken(rule, features, len(mine))
        hits = int((taken & mine).sum())
        found[letter] = {
            "conditions": [_as_json(each, features[each.feature]) for each in rule],
            "precision": hits / max(int(taken.sum()), 1),
            "recall": hits / int(mine.sum()),
        }
    return found


def _features(table: Table, members: Members) -> list[_Feature]:
    """Return what can be asked of the rows in groups; columns of one value ask nothing."""
    features = []
    for name, values in table.columns.items():
        kind, own = table.kinds[name], values[members.rows]
        if kind != "categorical":
            features.append(_Feature(name, kind, None, own.astype(np.float64)))
            continue
        names, codes = coded(own)
        for place in most_frequent(names, codes, CATEGORIES):
            features.append(_Feature(name, kind, names[place], indicator(codes, place)))
    return features


def _best(
    X: NDArray[Any],
    mine: NDArray[np.bool_],
    weights: Floats,
    features: list[_Feature],
    at: NDArray[np.int64],
) -> list[_Condition]:
    """Return the conditions on the way to the node that tells the group best.

    ``weights`` are the rows that each drawn one stands for.
    """
    tree = DecisionTreeClassifier(max_depth=CONDITIONS, random_state=0)
    size, total = float(weights[mine].sum()), float(weights.sum())
    # The group weighs as much as the rest, so that a small one is not overlooked.
    even = weights / np.where(mine, size, total - size)
    grown = tree.fit(X, mine, sample_weight=even).tree_
    best: list[_Condition] = []
    best_score = 2 * size / (total + size)  # of no conditions
    waiting: list[tuple[int, list[_Condition], NDArray[np.bool_]]] = [
        (0, [], np.ones(len(mine), dtype=np.bool_))
    ]
    while waiting:
        node, way, taken = waiting.pop(0)  # short rules before long ones
        score = 2 * float(weights[taken & mine].sum()) / (float(weights[taken].sum()) + size)
        if score > best_score + WORTH * (len(way) - len(best)):
            best, best_score = way, score
        left, right = int(grown.children_left[node]), int(grown.children_right[node])
        if left < 0:
            continue
        feature = int(grown.feature[node])
        values = features[feature].values[at]
        cut = _cut(values, X[:, feature] <= grown.threshold[node], features[feature].kind)
        for child, below in ((left, True), (right, False)):
            condition = _Condition(feature, below, cut)
            held = values <= cut if below else values > cut
            waiting.append((child, _joined(way, condition, features), taken & held))
    return best


def _joined(way: list[_Condition], added: _Condition, features: list[_Feature]) -> list[_Condition]:
    """Return the conditions with one more, without those that it makes superfluous."""
    new = features[added.feature]
    is_category = new.category is not None and not added.below
    kept = [
        each
        for each in way
        if (each.feature, each.below) != (added.feature, added.below)
        and not (is_category and features[each.feature].column == new.column)
    ]
    return [*kept, added]


def _cut(values: Floats, below: NDArray[np.bool_], kind: ColumnKind) -> float:
    """Return the shortest number between the values that a split parts."""
    if kind != "numeric":
        return 0.5
    known = ~np.isnan(values)
    # Missing values stand at the mean, so values are known on both sides.
    low, high = float(values[below & known].max()), float(values[~below & known].min())
    middle = low / 2 + high / 2
    if not low < high or math.isinf(high - low):
        return low
    for digits in range(-math.floor(math.log10(high - low)) - 1, 400):
        for number in (round(middle, digits) + 0.0, round(low, digits) + 0.0):
            if low <= number < high:
                return number
    return low


def _taken(rule: list[_Condition], features: list[_Feature], n: int) -> NDArray[np.bool_]:
    """Return which rows meet all conditions; a missing value meets none."""
    taken = np.ones(n, dtype=np.bool_)
    for condition in rule:
        values = features[condition.feature].values
        taken &= values <= condition.cut if condition.below else values > condition.cut
    return taken


def _as_json(condition: _Condition, feature: _Feature) -> dict[str, Any]:
    """Return a condition as people say it."""
    value: Any = condition.cut
    op = "<=" if condition.below else ">"
    if feature.kind == "boolean":
        op, value = "=", not condition.below
    elif feature.kind == "categorical":
        op, value = "!=" if condition.below else "=", feature.category
    return {"column": feature.column, "op": op, "value": value}
