"""Conditions: what a stock or partition holds, as sentences, read from its query's own tree."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Case, Q
from django.db.models.expressions import Col, Exists, NegatedExpression, ResolvedOuterRef, Subquery
from django.db.models.lookups import Lookup, Transform
from django.db.models.sql import Query
from django.db.models.sql.where import AND, OR, NothingNode, WhereNode

from headwater.stockandflow.condition_words import (
    expression_words,
    field_of,
    list_words,
    lookup_words,
    value_words,
)
from headwater.stockandflow.definitions import Partition, Stock
from headwater.stockandflow.definitions.subject import objects_of
from headwater.stockandflow.discover import find_partition

logger = logging.getLogger("headwater.stockandflow")


def conditions(what: Stock | Partition) -> list[str]:
    """Return what holds of the objects of ``what``, each condition as a sentence's part.

    All of them hold together. Of a partition they say whose objects they are and what divides
    them. What has no words is named plainly; nothing is raised. Asks the database nothing but for
    the partition of a stock whose field is followed.
    """
    try:
        if isinstance(what, Partition):
            return [*_of_subject(what), *_division(what)]
        if what.partition:
            partition = find_partition(what.partition)
            return [*_of_subject(partition, or_all=False), *_state(partition, what.state)]
        return _of_query(what.objects().query)
    except Exception:
        # A page that explains a stock must open, whatever stands in its query.
        logger.exception("The definition of “%s” could not be put into words.", what)
        return [f"as the code of “{what}” says"]


def _of_query(query: Query, *, or_all: bool = True) -> list[str]:
    found = _Words(query).top(query.where)
    if found or not or_all:
        return found
    return [f"all {query.get_meta().verbose_name_plural}"]


def _of_subject(partition: Partition, *, or_all: bool = True) -> list[str]:
    return _of_query(objects_of(partition.what, partition.subject).query, or_all=or_all)


def _division(partition: Partition) -> list[str]:
    query, value = _value(partition)
    words = _Words(query)
    if not isinstance(value, Case):
        return [f"divided by {words.expression(value)}"]
    states = dict.fromkeys(str(_result(when.result)) for when in value.cases)
    told = [
        f"“{partition.name_of(state)}” where {_joined(_state(partition, state), 'and')}"
        for state in states
        if state
    ]
    default = str(_result(value.default) or "")
    if default and default not in states:
        told.append(f"“{partition.name_of(default)}” otherwise")
    return told


def _state(partition: Partition, state: str) -> list[str]:
    """Return the conditions that an object of the partition is in ``state``."""
    query, value = _value(partition)
    words = _Words(query)
    if not isinstance(value, Case):
        return [words.compared(value, "exact", _python(value, state), partition.name_of(state))]
    before: list[str] = []
    ways: list[list[str]] = []
    for when in value.cases:
        condition = words.node(when.condition)
        if str(_result(when.result)) != state:
            before.append(f"not ({condition})")
        elif before and _is_choice(when.condition):
            ways.append([f"({condition})", *before])
        else:
            ways.append([condition, *before])
    if str(_result(value.default)) == state:
        ways.append(before)
    if len(ways) == 1:
        return ways[0]
    return [_joined([f"({_joined(way, 'and')})" for way in ways], "or")] if ways else ["nothing"]


def _value(partition: Partition) -> tuple[Query, Any]:
    query = partition.objects().query
    return query, query.annotations["headwater_value"]


def _result(expression: Any) -> Any:
    return getattr(expression, "value", expression)


def _python(expression: Any, state: str) -> Any:
    field = field_of(expression)
    if isinstance(field, models.ForeignKey):
        return state
    try:
        return field.to_python(state)
    except Exception:
        return state


def _joined(parts: Iterable[str], word: str) -> str:
    return f" {word} ".join(parts)


class _Words:
    """Puts the tree of one query into words."""

    def __init__(self, query: Query) -> None:
        self._aliases = query.alias_map
        self._base = query.base_table or query.get_initial_alias()

    def top(self, where: WhereNode) -> list[str]:
        """Return a sentence for each condition that must hold."""
        if where.connector != AND or where.negated:
            return [self.node(where)] if where.children else []
        found: list[str] = []
        for child in where.children:
            if isinstance(child, WhereNode) and child.connector == AND and not child.negated:
                found += self.top(child)
            else:
                found.append(self.node(child))
        return [one for one in dict.fromkeys(found) if one]

    def node(self, node: Any) -> str:
        """Return a condition, or several with “and” and “or”, in words."""
        match node:
            case WhereNode():
                return self._where(node)
            case NothingNode():
                return "nothing"
            case Exists():
                return f"there are {_described(node.query)}"
            case NegatedExpression():
                return f"not ({self.node(node.get_source_expressions()[0])})"
            case Lookup():
                return "" if self._is_outer(node) else self._lookup(node)
            case Q():
                return str(node)
        return self.expression(node)

    def expression(self, expression: Any) -> str:
        """Return an expression in words."""
        return expression_words(expression, self._aliases, self._base)

    def compared(self, left: Any, name: str, right: Any, words: str = "") -> str:
        """Return ``left`` compared with the value ``right``, which ``words`` may name."""
        field = field_of(left)
        own = self.expression(left)
        if isinstance(field, models.BooleanField) and isinstance(right, bool) and name == "exact":
            return f"{own} is {'true' if right else 'false'}"
        value = f"“{words}”" if words else value_words(right, field)
        if isinstance(left, Transform) and isinstance(right, int):  # such as a year: no quantity
            value = str(right)
        return f"{own} {lookup_words(name, field)} {value}"

    def _where(self, node: WhereNode) -> str:
        parts = [self._part(child, node.connector) for child in self._meant(node)]
        parts = [one for one in dict.fromkeys(parts) if one]
        if not parts:
            return ""
        if node.connector == AND:
            told = _joined(parts, "and")
        elif node.connector == OR:
            told = _joined(parts, "or")
        else:
            told = f"just an odd number of: {', '.join(parts)}"
        return f"not ({told})" if node.negated else told

    def _part(self, child: Any, connector: str) -> str:
        told = self.node(child)
        is_group = isinstance(child, WhereNode) and not child.negated and len(child.children) > 1
        if is_group and child.connector != connector:
            return f"({told})"
        return told

    def _meant(self, node: WhereNode) -> Sequence[Any]:
        """Return the children without what Django adds so that NULL is not equal to a value."""
        if not node.negated or node.connector != AND:
            return node.children
        compared = [_column(one) for one in node.children if not _is_given(one)]
        return [one for one in node.children if not (_is_given(one) and _column(one) in compared)]

    def _is_outer(self, lookup: Any) -> bool:
        """Return whether a condition of an inner query only ties it to the outer one."""
        return any(
            isinstance(side, ResolvedOuterRef)
            or (isinstance(side, Col) and side.alias not in self._aliases)
            for side in (lookup.lhs, lookup.rhs)
        )

    def _lookup(self, lookup: Any) -> str:
        left, name, right = lookup.lhs, lookup.lookup_name, lookup.rhs
        if isinstance(left, (Exists, NegatedExpression)) and isinstance(right, bool):
            return self.node(left) if right else f"not ({self.node(left)})"
        own = self.expression(left)
        if name == "isnull":
            return f"{own} is {'empty' if right else 'given'}"
        if isinstance(right, (Query, Subquery)):
            query: Any = right.query if isinstance(right, Subquery) else right
            word = "is among" if name == "in" else f"{lookup_words(name, field_of(left))} that of"
            return f"{own} {word} {_described(query)}"
        if name == "in":
            if not right:
                return "nothing"
            word = "is one of" if len(right) > 1 else "is"
            values = sorted(right, key=str) if isinstance(right, (set, frozenset)) else right
            return f"{own} {word} {list_words(values, field_of(left))}"
        if name == "range":
            low, high = (self._value(one, field_of(left)) for one in right)
            return f"{own} is from {low} to {high}"
        if hasattr(right, "get_source_expressions"):
            return f"{own} {lookup_words(name, field_of(left))} {self._value(right, None)}"
        return self.compared(left, name, right)

    def _value(self, value: Any, field: Any) -> str:
        if hasattr(value, "get_source_expressions"):
            return self.expression(value)
        return value_words(value, field)


def _described(query: Query) -> str:
    """Return the objects of a query within another one in words."""
    plural = str(query.get_meta().verbose_name_plural)
    found = _Words(query).top(query.where)
    if found and not query.alias_refcount.get(query.base_table or "", 1):
        # What Django makes of exclude() over a to-many relation: no row of the first table is read.
        return f"related rows where {_joined(found, 'and')}"
    return f"{plural} where {_joined(found, 'and')}" if found else plural


def _is_choice(node: Any) -> bool:
    """Return whether a condition is several with “or” between them."""
    if not isinstance(node, WhereNode) or node.negated:
        return False
    if len(node.children) == 1:
        return _is_choice(node.children[0])
    return node.connector != AND


def _is_given(node: Any) -> bool:
    return isinstance(node, Lookup) and node.lookup_name == "isnull" and node.rhs is False


def _column(node: Any) -> Any:
    left = getattr(node, "lhs", None)
    return (getattr(left, "alias", ""), getattr(left, "target", left))
