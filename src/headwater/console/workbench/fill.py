"""Fill: what the workbench's fields hold, for rows and a technique that were just chosen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from headwater.console.choices import User
from headwater.console.learning_form import prefixed
from headwater.console.technique_form import OF_ENCODING, OF_TECHNIQUE
from headwater.console.workbench.chosen import chosen_of
from headwater.console.workbench.helped import Helped, help_of
from headwater.console.workbench.naming import suggested_name
from headwater.console.workbench.rows import Rows, rows_of
from headwater.console.workbench.suggest import RESTARTS, Size, Suggested, suggested
from headwater.console.workbench.techniques import technique_keys
from headwater.console.workbench.values import entered
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.learning.models import StatisticalModel

NEIGHBOURS = f"{OF_TECHNIQUE}min_samples"
ITERATIONS = 1000


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form is made of."""

    rows: Rows | None
    technique: str
    values: dict[str, Any]
    data: QueryDict | None
    suggested: dict[str, Suggested]
    """Name of a field -> what is suggested for it."""
    helped: Helped
    """What was seen of the data while the page was made."""
    is_behind: bool = False


def fill(
    values: dict[str, Any],
    data: QueryDict | None,
    *,
    user: User,
    instance: StatisticalModel | None = None,
    as_given: bool = False,
) -> Filled:
    """Return what the form holds: ``values`` at first, or ``data`` that was given so far.

    Where the rows or the technique of ``data`` changed, what belongs to them is filled in anew;
    ``as_given`` leaves all of it as it came.
    """
    if data is None:
        return _begun(values, user, instance)
    given = data.copy()
    label, technique = given.get("rows", ""), given.get("technique", "")
    other_rows = given.get("shown_rows", "") != label
    other_technique = given.get("shown_technique", "") != technique
    rows = rows_of(label, user, instance)
    if not technique:
        technique = _first_technique(rows)
        given["technique"] = technique
    behind = other_rows or other_technique
    if as_given and not behind:
        found, helped = _suggestions(rows, technique, given, user, instance)
        values = _values_at_first(rows, technique, found)
        return Filled(rows, technique, values, given, found, helped)
    if other_rows:
        _put(given, _of_rows(rows))
    before = _before(given.get("shown_suggested", ""))
    if behind or entered(given.get(NEIGHBOURS)) == before.get(NEIGHBOURS):
        given.pop(NEIGHBOURS, None)  # it is suggested anew, and so is what hangs on it
    found, helped = _suggestions(rows, technique, given, user, instance)
    if other_technique:
        for key in [key for key in given if key.startswith(OF_TECHNIQUE)]:
            del given[key]
        _put(given, _of_technique(technique, found))
        before.pop("engine_meta_iterations", None)
        given["engine_meta_iterations"] = str(RESTARTS.get(technique, 1))
    given.setdefault("engine_iterations", str(ITERATIONS))
    for name, suggestion in found.items():
        was = before.get(name)
        if not given.get(name) or entered(given.get(name)) == was:
            given[name] = entered(suggestion.value)
    given["shown_rows"], given["shown_technique"] = label, technique
    given["shown_suggested"] = _state(technique, found)
    return Filled(rows, technique, {}, given, found, helped, is_behind=behind)


def _begun(values: dict[str, Any], user: User, instance: StatisticalModel | None) -> Filled:
    rows = rows_of(values.get("rows", ""), user, instance)
    technique = values.get("technique") or _first_technique(rows)
    plain = _values_at_first(rows, technique, {})
    plain.pop(NEIGHBOURS, None)
    plain |= values
    found, helped = _suggestions(rows, technique, plain, user, instance)
    whole = _values_at_first(rows, technique, found) | values | {"technique": technique}
    whole |= {"shown_rows": values.get("rows", ""), "shown_technique": technique}
    whole["shown_suggested"] = _state(technique, found)
    return Filled(rows, technique, whole, None, found, helped)


def _first_technique(rows: Rows | None) -> str:
    """Return the technique that is chosen where nobody has: a sample's own, or the best known."""
    sample = rows.sample if rows else None
    return sample.technique if sample else technique_keys()[0]


def _values_at_first(
    rows: Rows | None, technique: str, found: Mapping[str, Suggested]
) -> dict[str, Any]:
    values = {"engine_meta_iterations": RESTARTS.get(technique, 1)}
    values["engine_iterations"] = ITERATIONS
    values |= _of_technique(technique, found)
    values |= _of_rows(rows)
    return values | {name: suggestion.value for name, suggestion in found.items()}


def _of_rows(rows: Rows | None) -> dict[str, Any]:
    sample = rows.sample if rows else None
    return {
        **prefixed(OF_ENCODING, ENCODING, sample.encoding if sample else {}),
        "columns": list(rows.at_first) if rows else [],
        "filter": "",
        "name_column": rows.name_column if rows else "",
        "known_column": rows.known_column if rows else "",
    }


def _of_technique(technique: str, found: Mapping[str, Suggested]) -> dict[str, Any]:
    known = TECHNIQUES.get(technique)
    if known is None:
        return {}
    values = prefixed(OF_TECHNIQUE, known.parameters, {})
    return values | {name: s.value for name, s in found.items() if name in values}


def _suggestions(
    rows: Rows | None,
    technique: str,
    given: QueryDict | Mapping[str, Any],
    user: User,
    instance: StatisticalModel | None,
) -> tuple[dict[str, Suggested], Helped]:
    """Return name of a field -> suggestion for what is ``given``, and what it comes from."""
    if rows is None:
        return {}, Helped()
    chosen = chosen_of(rows, given)
    size = Size(rows.n_rows, len(chosen.columns) if chosen else 1)
    helped = help_of(chosen, technique, size, user)
    found = {
        OF_TECHNIQUE + name: suggestion
        for name, suggestion in suggested(technique, size, helped.found).items()
    }
    found["name"] = Suggested(suggested_name(technique, rows, instance), "")
    return found, helped


def _put(given: QueryDict, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            given.setlist(name, list(value))
        elif value is False:
            given.pop(name, None)
        else:
            given[name] = entered(value)


def _before(text: str) -> dict[str, str]:
    """Return what was suggested when the page was made."""
    try:
        told = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else {}


def _state(technique: str, found: Mapping[str, Suggested]) -> str:
    """Return what was filled in: a value that is still the same was not typed by anybody."""
    filled = _of_technique(technique, found) | {name: s.value for name, s in found.items()}
    return json.dumps({name: entered(value) for name, value in filled.items()}, ensure_ascii=False)
