"""Declared parameters clean what is given, or say what would fit."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.engines.parameters import Parameter, ParameterError, Parameters

SETTINGS = Parameters(
    [
        Parameter("groups", "Groups", "integer", 10, "How many.", minimum=1, maximum=500),
        Parameter("tol", "Tolerance", "number", 1e-6, "When.", minimum=0, exclusive_minimum=True),
        Parameter("moves", "Moves", "boolean", True, "Whether."),
        Parameter("init", "Start", "choice", "far", "How.", choices=(("far", "Far"), ("any", "A"))),
        Parameter("dof", "Freedom", "number", None, "More.", minimum=0, optional=True),
        Parameter("log", "Logs", "columns", (), "Which."),
        Parameter("note", "Note", "text", "", "Why."),
    ]
)


def test_defaults_fill_what_is_not_given() -> None:
    assert SETTINGS.clean({}) == SETTINGS.defaults()
    assert SETTINGS.clean({"groups": 3})["groups"] == 3
    assert SETTINGS.defaults()["log"] == []
    assert SETTINGS.clean({"dof": ""})["dof"] is None


@pytest.mark.parametrize(
    ("name", "value", "cleaned"),
    [
        ("groups", "12", 12),
        ("groups", 12.0, 12),
        ("tol", "1e-3", 1e-3),
        ("tol", 1, 1.0),
        ("moves", "off", False),
        ("moves", "True", True),
        ("moves", 1, True),
        ("init", "any", "any"),
        ("log", "a, b", ["a", "b"]),
        ("log", ("a",), ["a"]),
    ],
)
def test_values_of_forms_and_json_are_converted(name: str, value: Any, cleaned: Any) -> None:
    result = SETTINGS.clean({name: value})[name]
    assert result == cleaned
    assert type(result) is type(cleaned)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("groups", 0, "“Groups” (groups) was 0; it takes a whole number from 1 to 500."),
        ("groups", 2.5, "“Groups” (groups) was 2.5; it takes a whole number from 1 to 500."),
        ("groups", True, "“Groups” (groups) was True; it takes a whole number from 1 to 500."),
        ("groups", "many", "“Groups” (groups) was 'many'; it takes a whole number from 1 to 500."),
        ("groups", None, "“Groups” (groups) was nothing; it takes a whole number from 1 to 500."),
        ("tol", 0, "“Tolerance” (tol) was 0.0; it takes a number above 0."),
        ("tol", float("nan"), "“Tolerance” (tol) was nan; it takes a number above 0."),
        ("tol", "inf", "“Tolerance” (tol) was 'inf'; it takes a number above 0."),
        ("tol", 10**400, None),
        ("moves", "perhaps", "“Moves” (moves) was 'perhaps'; it takes true or false."),
        ("init", "x", "“Start” (init) was 'x'; it takes one of “far”, “any”."),
        ("init", ["far"], "“Start” (init) was ['far']; it takes one of “far”, “any”."),
        ("dof", -1, "“Freedom” (dof) was -1.0; it takes a number of at least 0, or nothing."),
        ("log", [1], "“Logs” (log) was [1]; it takes a list of column names."),
        ("note", 3, "“Note” (note) was 3; it takes a text."),
        ("colour", 3, "There is no parameter “colour”; there are groups, tol, moves, init, "),
    ],
)
def test_a_misfit_says_name_given_and_what_would_fit(
    name: str, value: Any, sentence: str | None
) -> None:
    with pytest.raises(ParameterError) as caught:
        SETTINGS.clean({name: value})
    assert list(caught.value.errors) == [name]
    if sentence is not None:
        assert caught.value.errors[name].startswith(sentence)


def test_all_errors_come_at_once_and_survive_a_process_boundary() -> None:
    with pytest.raises(ParameterError) as caught:
        SETTINGS.clean({"groups": 0, "moves": "x", "wrong": 1})
    assert set(caught.value.errors) == {"groups", "moves", "wrong"}
    assert pickle.loads(pickle.dumps(caught.value)).errors == caught.value.errors  # noqa: S301


def test_parameters_that_are_no_mapping_are_refused() -> None:
    with pytest.raises(ParameterError, match="names with their values"):
        SETTINGS.clean([1, 2])  # type: ignore[arg-type]


@given(
    st.dictionaries(
        st.sampled_from([parameter.name for parameter in SETTINGS] + ["other"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.lists(st.text() | st.integers()),
    )
)
def test_anything_is_either_cleaned_for_good_or_refused(given: dict[str, Any]) -> None:
    try:
        cleaned = SETTINGS.clean(given)
    except ParameterError as refusal:
        refused = set(refusal.errors)
    else:
        refused = set()
        assert SETTINGS.clean(cleaned) == cleaned
        assert json.loads(json.dumps(cleaned)) == cleaned
    assert refused <= set(given)


def test_catalog_and_parameters_are_import_light() -> None:
    code = (
        "import sys, headwater.engines.catalog, headwater.engines.parameters;"
        "heavy = {'numpy', 'scipy', 'sklearn', 'django', 'skops'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
