"""The parameter language against chance: any text, any syntax, any value."""

from __future__ import annotations

import math
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from headwater.engines.network.functions import Misfit, shape_of
from headwater.engines.network.language import (
    FUNCTIONS,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_TEXT,
    Arguments,
    Call,
    DataLength,
    LanguageError,
    Listing,
    Literal,
    NodeName,
    Reference,
    Value,
    evaluate,
    evaluate_all,
    is_node_name,
    parse,
    walk,
    write,
)

SEEDS = (
    "numpy.full(10, 1e-05)",
    "numpy.full(10 , 1e-05)",
    "alpha, plates=(:dl|Y, ), :ifr",
    "numpy.zeros(2), [[1e-5,0], [0, 1e-5]], plates=(10, )",
    "2,  [[1e-5,0], [0, 1e-5]], plates=(10 , )",
    "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
    "0, 1e-6",
    "mu, tau",
    "'d,d->', weights, X, :dl_Y, x=\"y\"",
    "True, False, None, -1.5, +2, (), [], ((1, ), )",
)
MARKS = """
    mu 1 1e-5 ( ) [ ] , = : :ifr :noplates :dl|Y :dl_Y @ | + - . _ numpy.full( numpy.eye( plates=
    ' " \\ True None 1e400 99999999999999999999 é “
"""
PIECES = (*MARKS.split(), " ", "\n", "\u202e", "\x00")
LOOPS = """
    a a. 9 1e 1, a, [], '\\' \\' f(), a=1, :dl|a, ((1),) @a.b, a.b.c 1. .1. :: (( [( f([
"""
REPEATED = (*LOOPS.split(), "x y ")


def read(text: str) -> Arguments | None:
    """Return what a text says, or None where it is refused; nothing else may happen."""
    try:
        return parse(text)
    except LanguageError as error:
        refusal = error
    assert refusal.text == text
    assert 0 <= refusal.position <= len(text)
    assert str(refusal).startswith(f"Character {refusal.position + 1}, at ")
    assert str(refusal).isprintable()
    assert len(str(refusal)) < 500
    return None


def work_out(arguments: Arguments) -> Any:
    """Return the values, or None where they are refused; nothing else may happen."""
    try:
        return evaluate_all(
            arguments,
            nodes={"mu": 0.5, "alpha": [1.0]},
            lengths={"Y": 200},
            references={"bayespy.nodes.Gaussian": object},
        )
    except LanguageError as error:
        refusal = error
    assert str(refusal)[-1] in ".?"
    return None


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    read(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_row_of_pieces_of_the_language(text: str) -> None:
    found = read(text)
    if found is not None:
        assert parse(write(found)) == found
        work_out(found)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_texts_of_the_examples_with_mistakes(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SEEDS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        upto = data.draw(st.integers(at, min(len(text), at + 5)))
        text = text[:at] + data.draw(st.sampled_from(("", *PIECES)) | st.characters()) + text[upto:]
    found = read(text)
    if found is not None:
        assert parse(write(found)) == found
        work_out(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_texts_of_the_examples_are_in_order(seed: str) -> None:
    found = read(seed)
    assert found is not None
    assert parse(write(found)) == found


@pytest.mark.parametrize("piece", [*PIECES, *REPEATED])
@pytest.mark.parametrize("head", ["", "'", "f(", "["])
def test_the_longest_texts(head: str, piece: str) -> None:
    """Whatever is repeated up to the limit is read or refused; going back over it would not end."""
    text = (head + piece * (MAX_TEXT // len(piece)))[:MAX_TEXT]
    read(text)


def literals() -> st.SearchStrategy[Literal]:
    finite = st.floats(allow_nan=False, allow_infinity=False)
    printable = st.text(st.characters().filter(str.isprintable), max_size=8)
    whole = st.integers(-(10**18) + 1, 10**18 - 1)
    return st.builds(Literal, st.none() | st.booleans() | whole | finite | printable)


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,6}", fullmatch=True).filter(is_node_name)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)


def keywords(values: st.SearchStrategy[Value]) -> st.SearchStrategy[tuple[tuple[str, Value], ...]]:
    return st.dictionaries(NAMES, values, max_size=2).map(lambda given: tuple(given.items()))


def containers(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    many = st.lists(values, max_size=3).map(tuple)
    return st.builds(Listing, many, st.booleans()) | st.builds(Call, PATHS, many, keywords(values))


VALUES: st.SearchStrategy[Value] = st.recursive(
    literals()
    | st.builds(NodeName, NAMES)
    | st.builds(Reference, PATHS)
    | st.builds(DataLength, NAMES),
    containers,
    max_leaves=12,
)
ARGUMENTS = st.builds(
    Arguments,
    st.lists(VALUES, max_size=4).map(tuple),
    keywords(VALUES),
    st.booleans(),
    st.booleans(),
)


def depth(value: Value) -> int:
    """Return how many brackets stand around the innermost."""
    if isinstance(value, Listing):
        return 1 + max(map(depth, value.items), default=0)
    if isinstance(value, Call):
        inner = (*value.positional, *(item for _, item in value.keywords))
        return 1 + max(map(depth, inner), default=0)
    return int(isinstance(value, Reference))


@settings(max_examples=200, deadline=None)
@given(ARGUMENTS)
@example(Arguments((Literal("'\"\\"), Literal("it's"), Literal(-0.0), Literal(5e-324))))
def test_what_is_written_is_read_back(arguments: Arguments) -> None:
    assume(all(depth(value) <= MAX_DEPTH for value in arguments.positional))
    found = parse(write(arguments))
    assert found == arguments
    assert write(found) == write(arguments)
    # equality alone would let 1, 1.0 and True, and 0.0 and -0.0, pass for each other
    assert [repr(v.value) for v in found.values() if isinstance(v, Literal)] == [
        repr(v.value) for v in arguments.values() if isinstance(v, Literal)
    ]
    text = write(arguments)
    for value in found.values():
        assert 0 <= value.position < len(text)
        if isinstance(value, NodeName):
            assert text.startswith(value.name, value.position)
    assert set(found.names()) == {
        value.name if isinstance(value, NodeName) else value.node
        for top in (*found.positional, *(item for _, item in found.keywords))
        for value in walk(top)
        if isinstance(value, (NodeName, DataLength))
    }


SIZES = st.integers(0, 12) | st.sampled_from([999, 1000, 1001, 10**6, 10**6 + 1, 10**9, 10**17])
NUMBERS = st.integers(-9, 9) | st.floats(-9, 9).map(lambda x: round(x, 2))


def number_lists() -> st.SearchStrategy[Value]:
    row = st.lists(st.builds(Literal, NUMBERS), min_size=2, max_size=2)
    rows = row.map(tuple).map(Listing)
    return st.lists(rows, min_size=1, max_size=3).map(tuple).map(Listing) | rows


def call(name: str, *given: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.tuples(*given).map(lambda values: Call(f"numpy.{name}", values))


SIZE = st.builds(Literal, SIZES)
SHAPE = SIZE | st.lists(SIZE, max_size=3).map(tuple).map(lambda items: Listing(items, True))
NUMBER = st.builds(Literal, NUMBERS)
ARRAY: st.SearchStrategy[Value] = st.one_of(
    number_lists(),
    call("zeros", SHAPE),
    call("ones", SHAPE),
    call("full", SHAPE, NUMBER),
    call("eye", SIZE),
    call("eye", SIZE, SIZE, SIZE),
    call("identity", SIZE),
    call("arange", SIZE),
    call("arange", NUMBER, SIZE, NUMBER),
    call("linspace", NUMBER, NUMBER, SIZE),
)
MADE: st.SearchStrategy[Value] = st.one_of(
    ARRAY,
    call("array", ARRAY),
    call("diag", ARRAY),
    call("diag", ARRAY, SIZE),
    call("repeat", ARRAY, SIZE),
    call("tile", ARRAY, SHAPE),
    st.lists(ARRAY, max_size=2).map(tuple).map(Listing),
)


def oracle(value: Value) -> Any:
    """Return the value as NumPy itself makes it, read off the syntax."""
    if isinstance(value, Literal):
        return value.value
    if isinstance(value, Listing):
        items = [oracle(item) for item in value.items]
        return tuple(items) if value.is_tuple else items
    assert isinstance(value, Call)
    return getattr(np, value.path.removeprefix("numpy."))(*map(oracle, value.positional))


def numbers(value: Value) -> float:
    """Return an upper limit of the numbers that all calls in ``value`` make, in plain Python."""
    total = 0.0
    for inner in walk(value):
        if isinstance(inner, Call):
            total += math.prod(result_sides(inner))
    return total


def result_sides(value: Value) -> tuple[float, ...]:
    """Return the shape of the result, a side of 0 as 1, by the rules of each function."""
    if isinstance(value, Literal):
        return ()
    if isinstance(value, Listing):
        inner = [result_sides(item) for item in value.items]
        return (max(len(inner), 1), *(inner[0] if inner else ()))
    assert isinstance(value, Call)
    given = value.positional
    plain: list[Any] = [item.value if isinstance(item, Literal) else None for item in given]
    name = value.path.removeprefix("numpy.")
    if name in ("zeros", "ones", "full"):
        return sides(given[0])
    if name in ("eye", "identity"):
        return (max(plain[0], 1), max(plain[1] if len(plain) > 1 else plain[0], 1))
    if name == "arange":
        start, stop, step = plain if len(plain) == 3 else (0, plain[0], 1)
        return (max(math.ceil((stop - start) / step), 0) + 1,) if step else (0,)
    if name == "linspace":
        return (plain[2],)
    of = result_sides(given[0])
    if name == "array":
        return of
    if name == "diag":
        offset = plain[1] if len(plain) > 1 else 0
        return (of[0] + offset,) * 2 if len(of) == 1 else (1,)
    if name == "repeat":
        return (math.prod(of) * plain[1],)
    assert name == "tile"
    return (math.prod(of) * math.prod(sides(given[1])),)


def sides(value: Value) -> tuple[float, ...]:
    items = value.items if isinstance(value, Listing) else (value,)
    return tuple(max(item.value, 1) for item in items)  # type: ignore[union-attr, type-var, misc]


@settings(max_examples=300, deadline=None)
@given(MADE)
@example(
    Listing((Call("numpy.eye", (Literal(1000),)), Listing((Listing((Literal(0), Literal(0))),))))
)
def test_values_are_those_of_numpy_and_never_too_many(value: Value) -> None:
    (again,) = parse(write(Arguments((value,)))).positional
    tracemalloc.start()
    try:
        try:
            found = evaluate(again, nodes={}, lengths={})
        except LanguageError as error:
            found = error
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # 8 bytes a number; a finite check and a shape of lists take a little besides
    assert peak < 3 * 8 * MAX_ELEMENTS
    if isinstance(found, LanguageError):
        if numbers(value) <= MAX_ELEMENTS - 10:
            assert "would make" not in str(found)
            refused_by_numpy_too(value)
        return
    assert numbers(value) <= MAX_ELEMENTS + 10
    assert sum(np.size(part) for part in parts(found)) <= MAX_ELEMENTS
    expected = oracle(value)
    assert type(found) is type(expected)
    for ours, theirs in zip(parts(found), parts(expected), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def parts(value: Any) -> list[Any]:
    """Return the arrays and numbers of a value, lists taken apart."""
    if isinstance(value, (list, tuple)):
        return [part for item in value for part in parts(item)]
    return [value]


def refused_by_numpy_too(value: Value) -> None:
    """Assert that what is refused for its sense is refused by NumPy, or has no shape of numbers."""
    with pytest.raises((ValueError, TypeError, ArithmeticError)):
        raise_for(value)


def raise_for(value: Value) -> None:
    for inner in walk(value):
        if isinstance(inner, Call):
            result = oracle(inner)
            given = [oracle(item) for item in inner.positional]
            try:
                shape_of(result)
                # NumPy makes arrays of mixed lists where we ask for rows of one length
                if inner.path in ("numpy.array", "numpy.diag", "numpy.repeat", "numpy.tile"):
                    shape_of(given[0])
            except Misfit as misfit:
                raise ValueError(str(misfit)) from None


@settings(max_examples=150, deadline=None)
@given(ARGUMENTS)
def test_any_syntax_is_worked_out_or_refused(arguments: Arguments) -> None:
    work_out(arguments)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(FUNCTIONS)),
    st.lists(VALUES | ARRAY, max_size=4).map(tuple),
    st.dictionaries(
        st.sampled_from(sorted({p for f in FUNCTIONS.values() for p in f.parameters})),
        VALUES | ARRAY,
        max_size=2,
    ),
)
def test_any_call_is_worked_out_or_refused(
    path: str, positional: tuple[Value, ...], named: dict[str, Value]
) -> None:
    result = work_out(Arguments((Call(path, positional, tuple(named.items())),)))
    if result is not None:
        array = result[0][0]
        assert isinstance(array, np.ndarray)
        assert array.dtype.kind in "biuf"
        assert array.size <= MAX_ELEMENTS
