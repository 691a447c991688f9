"""The parameter language: what it takes, what it means, and where it points when it refuses."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from headwater.engines.network.errors import NetworkError
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
    evaluate,
    evaluate_all,
    is_node_name,
    parse,
    write,
)

PRECISION = Listing((Listing((Literal(1e-5), Literal(0))), Listing((Literal(0), Literal(1e-5)))))
TEN = ("plates", Listing((Literal(10),), is_tuple=True))


@pytest.mark.parametrize(
    ("text", "expected", "written"),
    [
        ("", Arguments(), ""),
        (" \n\t", Arguments(), ""),
        (
            "numpy.full(10 , 1e-05)",
            Arguments((Call("numpy.full", (Literal(10), Literal(1e-5))),)),
            "numpy.full(10, 1e-05)",
        ),
        (
            "alpha, plates=(:dl|Y, ), :ifr",
            Arguments(
                (NodeName("alpha"),),
                (("plates", Listing((DataLength("Y"),), is_tuple=True)),),
                initialise_from_random=True,
            ),
            "alpha, plates=(:dl|Y,), :ifr",
        ),
        (
            "numpy.zeros(2), [[1e-5,0], [0, 1e-5]], plates=(10, )",
            Arguments((Call("numpy.zeros", (Literal(2),)), PRECISION), (TEN,)),
            "numpy.zeros(2), [[1e-05, 0], [0, 1e-05]], plates=(10,)",
        ),
        (
            "2,  [[1e-5,0], [0, 1e-5]], plates=(10 , )",
            Arguments((Literal(2), PRECISION), (TEN,)),
            "2, [[1e-05, 0], [0, 1e-05]], plates=(10,)",
        ),
        (
            "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
            Arguments(
                (
                    NodeName("Z"),
                    Reference("bayespy.nodes.Gaussian"),
                    NodeName("mu"),
                    NodeName("Lambda"),
                ),
                no_plates=True,
            ),
            "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
        ),
        ("0, 1e-6", Arguments((Literal(0), Literal(1e-6))), "0, 1e-06"),
        ("mu, tau", Arguments((NodeName("mu"), NodeName("tau"))), "mu, tau"),
        (":dl_Y", Arguments((DataLength("Y"),)), ":dl|Y"),
        (":dl_a_b, : dl | c", Arguments((DataLength("a_b"), DataLength("c"))), ":dl|a_b, :dl|c"),
        ("@a.b, @c ( )", Arguments((Reference("a.b"), Reference("c"))), "@a.b(), @c()"),
        (
            "'d,d->', \"it's\", '\\\\\\''",
            Arguments((Literal("d,d->"), Literal("it's"), Literal("\\'"))),
            "'d,d->', \"it's\", \"\\\\'\"",
        ),
        (
            "True, False, None,",
            Arguments((Literal(True), Literal(False), Literal(None))),
            "True, False, None",
        ),
        (
            "-1, +2, - .5, 3., 1E+3, 007",
            Arguments(tuple(Literal(x) for x in (-1, 2, -0.5, 3.0, 1000.0, 7))),
            "-1, 2, -0.5, 3.0, 1000.0, 7",
        ),
        (
            "(), [], (1), (1,), [1,], ((2, 3), [4])",
            Arguments(
                (
                    Listing((), is_tuple=True),
                    Listing(()),
                    Literal(1),
                    Listing((Literal(1),), is_tuple=True),
                    Listing((Literal(1),)),
                    Listing(
                        (
                            Listing((Literal(2), Literal(3)), is_tuple=True),
                            Listing((Literal(4),)),
                        ),
                        is_tuple=True,
                    ),
                )
            ),
            "(), [], 1, (1,), [1], ((2, 3), [4])",
        ),
        (
            "numpy.full(shape=(2, n), fill_value=numpy.ones(2),), :ifr, :noplates, a=b",
            Arguments(
                (
                    Call(
                        "numpy.full",
                        (),
                        (
                            ("shape", Listing((Literal(2), NodeName("n")), is_tuple=True)),
                            ("fill_value", Call("numpy.ones", (Literal(2),))),
                        ),
                    ),
                ),
                (("a", NodeName("b")),),
                initialise_from_random=True,
                no_plates=True,
            ),
            "numpy.full(shape=(2, n), fill_value=numpy.ones(2)), a=b, :noplates, :ifr",
        ),
    ],
)
def test_what_a_text_says(text: str, expected: Arguments, written: str) -> None:
    found = parse(text)
    assert found == expected
    assert repr(_without_positions(found)) == repr(_without_positions(expected))
    assert write(found) == written
    assert parse(written) == found


def _without_positions(arguments: Arguments) -> Any:
    """Return it as nested tuples, in which 1, 1.0 and True differ when shown."""

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(plain(item) for item in value)
        if not hasattr(value, "__slots__"):
            return value
        return (
            type(value).__name__,
            *(plain(getattr(value, slot)) for slot in value.__slots__ if slot != "position"),
        )

    return plain(arguments)


def test_names_positions_and_keywords() -> None:
    found = parse("mu, [tau, mu], numpy.full(2, c), plates=(:dl|Y, :dl|mu), x=@a.b(), y='mo'")
    assert found.names() == ("mu", "tau", "c", "Y")
    assert [value.position for value in found.positional] == [0, 4, 15]
    assert found.keyword("x") == Reference("a.b")
    assert found.keyword("z") is None
    plates = found.keyword("plates")
    assert isinstance(plates, Listing)
    assert [item.position for item in plates.items] == [41, 48]


@pytest.mark.parametrize("name", ["mu", "Lambda", "a1_b", "inf", "nan", "true"])
def test_names_of_nodes(name: str) -> None:
    assert is_node_name(name)
    assert parse(name).names() == (name,)


@pytest.mark.parametrize("name", ["", "1a", "_a", "None", "True", "a.b", "a b", "é", "a\n", "ａ"])
def test_no_names_of_nodes(name: str) -> None:
    assert not is_node_name(name)


@pytest.mark.parametrize(
    ("text", "character", "words"),
    [
        ("1 2", 3, "a comma is missing before “2”."),
        ("mu tau", 4, "a comma is missing before “tau”."),
        (",", 1, "a value is missing before “,”."),
        ("a,,b", 3, "a value is missing before “,”."),
        ("a=", 3, "a value is missing."),
        ("=1", 1, "a value is missing before “=”."),
        ("f(", 2, "“(” is not closed; “)” is missing."),
        ("[1, (2, 3]", 10, "“]” cannot close the “(” of character 5; “)” is expected."),
        ("1)", 2, "“)” closes nothing; no bracket is open here."),
        ("[1, [2, 3]", 1, "“[” is not closed; “]” is missing."),
        ("a=1, a=2", 6, "“a=” is given twice."),
        ("f(a=1, a=2)", 8, "“a=” is given twice."),
        (
            "a=1, 2",
            6,
            "a value without a name stands after “a=”; values without a name come first.",
        ),
        (":noplate", 1, "did you mean “:noplates”?"),
        (":foo", 1, "“:foo” is no keyword; there are :ifr, :noplates and :dl|Y."),
        (":", 1, "a colon begins a keyword; there are :ifr, :noplates and :dl|Y."),
        (":ifr, :ifr", 7, "“:ifr” is given twice."),
        ("(:ifr, )", 2, "“:ifr” stands by itself, between commas."),
        ("a=:ifr", 3, "“:ifr” stands by itself, between commas."),
        ("1, :dl|", 4, "“:dl|” is followed by the name of a node, as in :dl|Y."),
        (":dl", 1, "“:dl|” is followed by the name of a node, as in :dl|Y."),
        (":dl_", 1, "“:dl|” is followed by the name of a node, as in :dl|Y."),
        (":dl|3", 1, "“:dl|” is followed by the name of a node, as in :dl|Y."),
        (":dl|None", 1, "“:dl|” is followed by the name of a node, as in :dl|Y."),
        ("1e999", 1, "the number is too large."),
        ("-1e-999", 1, "the number is too close to 0 to be told from it."),
        ("1234567890123456789", 1, "a whole number has 18 digits at most."),
        ("0." + "1" * 60, 1, "a number has 60 characters at most."),
        ("3a", 1, "the number 3 runs into “a”."),
        ("1.2.3", 1, "the number 1.2 runs into “.”."),
        ("1_000", 1, "the number 1 runs into “_”."),
        ("0x10", 1, "the number 0 runs into “x”."),
        ("-mu", 1, "“-” stands only before a number."),
        ("--1", 1, "“-” stands only before a number."),
        ("numpy.pi", 1, "what is meant by its name only begins with “@”."),
        ("None(1)", 1, "“None” is no function."),
        ("True=1", 1, "“True” cannot be named with “=”."),
        ("a.b=1", 1, "“a.b” cannot be named with “=”."),
        ("[a=1]", 2, "a name with “=” stands in the brackets of a function, not of a list."),
        ("@", 1, "“@” stands before a name, as in @bayespy.nodes.Gaussian()."),
        ("@3", 1, "“@” stands before a name, as in @bayespy.nodes.Gaussian()."),
        ("@a(1)", 4, "“@a” is not called, so its brackets are empty."),
        ("'abc", 1, "the quote ' is not closed."),
        ("'a\\n'", 3, "within quotes a backslash stands only before a quote or a backslash."),
        ("'a\nb'", 3, "within quotes there are no line breaks and no invisible characters."),
        ("'\N{RIGHT-TO-LEFT OVERRIDE}'", 2, "no invisible characters."),
        ("“a”", 1, "““” (left double quotation mark) has no meaning here; quotes are straight"),
        ("−1", 1, "(minus sign) has no meaning here; a minus is the hyphen of the keyboard."),
        ("1\N{NO-BREAK SPACE}", 2, "no-break space has no meaning here; use an ordinary space."),
        ("mu; tau", 3, "parameters are separated by commas."),
        ("2 * 3", 3, "there is no arithmetic in parameters; write the result."),
        ("{1}", 1, "lists stand in [ ] and tuples in ( )."),
        ("_a", 1, "names begin with a letter."),
        ("a.", 2, "a dot stands between two names, or within a number."),
        ("a.__class__", 2, "a dot stands between two names, or within a number."),
        ("numpy.__dict__", 6, "a dot stands between two names, or within a number."),
        ("ｍu", 1, "(fullwidth latin small letter m) has no meaning here."),
        ("mµ", 2, "(micro sign) has no meaning here."),
        ("1\N{ARABIC-INDIC DIGIT ONE}", 2, "(arabic-indic digit one) has no meaning here."),
        ("\x00", 1, "the character u+0000 has no meaning here."),
        ("\ud800", 1, "the character u+d800 has no meaning here."),
        ("lambda x: x", 8, "a comma is missing before “x”."),
    ],
)
def test_refusals_point_at_the_character(text: str, character: int, words: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse(text)
    error = caught.value
    assert words in str(error)
    assert str(error).startswith(f"Character {character}, at ")
    assert str(error).endswith((".", "?"))
    assert error.position == character - 1
    assert error.text == text
    assert isinstance(error, NetworkError)


def test_error_survives_pickling() -> None:
    with pytest.raises(LanguageError) as caught:
        parse("mu, (")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert str(again) == str(caught.value)
    assert (again.text, again.position) == ("mu, (", 4)


def test_what_is_shown_of_a_text() -> None:
    with pytest.raises(LanguageError, match=r"^Character 4, at “%{24}”: "):
        parse("a, " + "%" * 1000)
    with pytest.raises(LanguageError, match=r"^Character 6, at the end: "):
        parse("a, b=")


def test_depth_is_bounded() -> None:
    deep = "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH
    assert parse(deep).positional
    for opened, closed in ("[]", "()"):
        text = opened * (MAX_DEPTH + 1) + "1" + closed * (MAX_DEPTH + 1)
        with pytest.raises(LanguageError, match="20 brackets at most") as caught:
            parse(text)
        assert caught.value.position == MAX_DEPTH
    with pytest.raises(LanguageError, match="20 brackets at most"):
        parse("f(" * 30_000)
    beside = parse("[[1]], " * 100)
    assert len(beside.positional) == 100


def test_length_is_bounded() -> None:
    assert parse("1," * (MAX_TEXT // 2)).positional[-1] == Literal(1)
    with pytest.raises(LanguageError, match="100,001 characters; it may have 100,000 at most"):
        parse(" " * (MAX_TEXT + 1))


def value_of(text: str, **options: Any) -> Any:
    """Return what the one value of ``text`` stands for."""
    (value,) = parse(text).positional
    return evaluate(value, **{"nodes": {}, "lengths": {}, "text": text, **options})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("numpy.full(10, 1e-05)", np.full(10, 1e-5)),
        ("numpy.full((2, 3), [1, 2, 3])", np.array([[1, 2, 3], [1, 2, 3]])),
        ("numpy.zeros(2)", np.zeros(2)),
        ("numpy.zeros(shape=[2, 1])", np.zeros((2, 1))),
        ("numpy.ones((2, 0))", np.ones((2, 0))),
        ("numpy.eye(3, 2, k=-1)", np.eye(3, 2, -1)),
        ("numpy.eye(2, None)", np.eye(2)),
        ("numpy.identity(3)", np.identity(3)),
        ("numpy.arange(4)", np.arange(4)),
        ("numpy.arange(1, 2, .25)", np.arange(1, 2, 0.25)),
        ("numpy.arange(3, 0, -1)", np.array([3, 2, 1])),
        ("numpy.arange(3, 0)", np.arange(3, 0)),
        ("numpy.linspace(0, 1, 5)", np.linspace(0, 1, 5)),
        ("numpy.linspace(0, 1)", np.linspace(0, 1)),
        ("numpy.array([[1, 2], (3, 4)])", np.array([[1, 2], [3, 4]])),
        ("numpy.array(3)", np.array(3)),
        ("numpy.array([])", np.array([])),
        ("numpy.diag([1, 2], k=1)", np.diag([1, 2], k=1)),
        ("numpy.diag([[1, 2], [3, 4]])", np.array([1, 4])),
        ("numpy.diag(numpy.full(2, 1e-5))", np.diag([1e-5, 1e-5])),
        ("numpy.repeat([1, 2], 2)", np.array([1, 1, 2, 2])),
        ("numpy.repeat([[1, 2]], [1, 3], axis=1)", np.array([[1, 2, 2, 2]])),
        ("numpy.tile([1, 2], (2, 2))", np.tile([1, 2], (2, 2))),
    ],
)
def test_functions_give_what_numpy_gives(text: str, expected: np.ndarray) -> None:
    found = value_of(text)
    assert isinstance(found, np.ndarray)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


def test_every_function_is_tested_above_and_called_by_its_own_name() -> None:
    names = "full zeros ones eye identity arange linspace array diag repeat tile"
    assert set(FUNCTIONS) == {f"numpy.{name}" for name in names.split()}
    assert all(path == f"numpy.{function.name}" for path, function in FUNCTIONS.items())


def test_nodes_lengths_and_references_are_what_the_caller_gives() -> None:
    mu, gaussian = object(), object()
    found = value_of(
        "(mu, [:dl|Y, @bayespy.nodes.Gaussian()], 'd,d->', None, True)",
        nodes={"mu": mu},
        lengths={"Y": 7},
        references={"bayespy.nodes.Gaussian": gaussian},
    )
    assert found == (mu, [7, gaussian], "d,d->", None, True)
    assert value_of("numpy.zeros((:dl|Y, 2))", lengths={"Y": 7}).shape == (7, 2)


def test_all_arguments_at_once() -> None:
    positional, keywords = evaluate_all(
        parse("mu, 2, plates=(:dl|Y, ), :ifr"), nodes={"mu": 1.5}, lengths={"Y": 3}
    )
    assert positional == (1.5, 2)
    assert keywords == {"plates": (3,)}


@pytest.mark.parametrize(
    ("text", "character", "words"),
    [
        ("[1, foo]", 5, "there is no node “foo”."),
        ("[1, tua]", 5, "there is no node “tua”; did you mean “tau”?"),
        (":dl|Z", 1, "there is no observed node “Z”."),
        ("@bayespy.nodes.Gausian()", 1, "did you mean “bayespy.nodes.Gaussian”?"),
        ("@os.system", 1, "there is no reference “os.system”."),
        ("np.full(2, 1)", 1, "“np.full” is not known; write “numpy.full”."),
        ("numpy.ful(2, 1)", 1, "did you mean “numpy.full”? There are numpy.arange, numpy.array,"),
        ("eval('1')", 1, "there is no function “eval”."),
        ("numpy.load('x')", 1, "there is no function “numpy.load”"),
        ("numpy.full(2)", 1, "numpy.full lacks “fill_value”: numpy.full(shape, fill_value)."),
        ("numpy.zeros(2, 3)", 1, "is given 2 values, more than it takes: numpy.zeros(shape)."),
        ("numpy.zeros(2, dtype='O')", 1, "has no “dtype”: numpy.zeros(shape)."),
        ("numpy.eye(2, N=3)", 1, "is given “N” twice: numpy.eye(N, [M], [k])."),
        ("numpy.zeros(2.0)", 1, "takes a whole number as “shape”."),
        ("numpy.zeros(True)", 1, "takes a whole number as “shape”."),
        ("numpy.zeros((2, -1))", 1, "takes a whole number of at least 0 as “shape”, not -1."),
        ("numpy.zeros('3')", 1, "takes a whole number as “shape”."),
        ("numpy.zeros(numpy.ones(2))", 1, "takes a whole number as “shape”."),
        ("numpy.zeros([1, " + "1, " * 32 + "])", 1, "takes 32 numbers at most as “shape”."),
        ("numpy.full(2, tau)", 1, "takes numbers, and lists of numbers, only."),
        ("numpy.full(2, 'a')", 1, "takes numbers, and lists of numbers, only."),
        ("numpy.full(2, [1, 2, 3])", 1, "“fill_value” that does not fit its “shape”."),
        ("numpy.full(2, [[1, 2]])", 1, "“fill_value” with more dimensions than its “shape”."),
        ("numpy.array([[1], [2, 3]])", 1, "is given lists whose rows have different lengths."),
        ("numpy.array([1, None])", 1, "takes numbers, and lists of numbers, only."),
        ("numpy.arange(0, 1, 0)", 1, "takes a “step” other than 0."),
        ("numpy.arange(0, [1])", 1, "takes a number as “stop”."),
        ("numpy.arange(-1e308, 1e308)", 1, "has more steps than can be counted."),
        ("numpy.linspace(-1e308, 1e308, 3)", 1, "gives something that is not a finite number."),
        ("numpy.diag(3)", 1, "takes a list of numbers, or a list of lists, as “v”."),
        ("numpy.repeat([1, 2], [1, 2, 3])", 1, "numpy.repeat failed with ValueError: "),
        ("numpy.repeat([1, 2], 2, 1)", 1, "has an “axis” that “a” does not have."),
    ],
)
def test_what_cannot_be_worked_out(text: str, character: int, words: str) -> None:
    with pytest.raises(LanguageError) as caught:
        value_of(
            text,
            nodes={"tau": object()},
            lengths={"Y": 3},
            references={"bayespy.nodes.Gaussian": object()},
        )
    assert words in str(caught.value)
    assert caught.value.position == character - 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("numpy.full(1000000000000, 1)", "1,000,000,000,000"),
        ("numpy.zeros((1000, 1001))", "1,001,000"),
        ("numpy.zeros((1000000000000, 0))", "1,000,000,000,000"),
        ("numpy.ones(1000001)", "1,000,001"),
        ("numpy.eye(1000000)", "1,000,000,000,000"),
        ("numpy.eye(1, 1000001)", "1,000,001"),
        ("numpy.identity(1001)", "1,002,001"),
        ("numpy.arange(1e300)", "1,"),
        ("numpy.arange(0, 1, 1e-9)", "1,000,000,"),
        ("numpy.linspace(0, 1, 1000001)", "1,000,001"),
        ("numpy.diag([1], 1000)", "1,002,001"),
        ("numpy.diag([1], -1000)", "1,002,001"),
        ("numpy.repeat([1, 2], 500001)", "1,000,002"),
        ("numpy.repeat([1, 2], [999999, 1])", "1,999,998"),
        ("numpy.tile([1, 2], (1000, 501))", "1,002,000"),
        ("numpy.tile([[1, 2]], 1000000000000)", "2,000,000,000,000"),
        ("[numpy.zeros(600000), numpy.zeros(600000)]", "together with others 1,200,000"),
        ("numpy.array([numpy.zeros(600000)])", "together with others 1,200,000"),
    ],
)
def test_nothing_is_made_that_is_too_large(
    text: str, count: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size is known before NumPy is asked: with NumPy's makers gone, the answer is the same."""

    def made(*_given: object, **_named: object) -> None:
        raise AssertionError("a value was made")

    for function in FUNCTIONS.values():
        if not text.startswith(("[", "numpy.array(")):
            monkeypatch.setattr(np, function.name, made)
    with pytest.raises(LanguageError) as caught:
        value_of(text)
    assert f"{count}" in str(caught.value)
    assert "parameters may hold 1,000,000 at most." in str(caught.value)


def test_the_largest_that_may_be_made() -> None:
    assert value_of("numpy.zeros(1000000)").size == MAX_ELEMENTS
    assert value_of("numpy.identity(1000)").size == MAX_ELEMENTS


def test_numbers_in_lists_count_with_those_of_calls() -> None:
    assert len(value_of("[numpy.zeros(999998), [1, 2], 'a', None]")) == 4
    with pytest.raises(LanguageError, match="1 number, together with others 1,000,001") as caught:
        value_of("[numpy.zeros(999998), [1, 2], (3, )]")
    assert caught.value.position == 31


def test_all_arguments_share_the_bound() -> None:
    arguments = parse("numpy.zeros(600000), x=numpy.zeros(600000)")
    with pytest.raises(LanguageError, match="together with others 1,200,000") as caught:
        evaluate_all(arguments, nodes={}, lengths={})
    assert caught.value.position == 23


def test_functions_of_the_caller() -> None:
    functions = {
        "shop.double": lambda x: [2 * x, 2.5],
        "numpy.ones": lambda n: n,
        "shop.fails": lambda: 1 / 0,
        "shop.text": lambda: "a",
        "shop.nan": lambda: [1.0, float("nan")],
        "shop.many": lambda: np.zeros(MAX_ELEMENTS + 1),
        "shop.huge": lambda: 10**400,
    }

    def called(text: str) -> Any:
        return value_of(text, functions=functions)

    assert called("shop.double(x=3)") == [6, 2.5]
    assert called("numpy.ones(3)") == 3
    assert called("numpy.zeros(1)") == np.zeros(1)
    assert called("shop.huge()") == 10**400
    for text, words in [
        ("shop.fails()", "shop.fails failed with ZeroDivisionError: division by zero."),
        ("shop.double(1, 2)", "shop.double failed with TypeError: "),
        ("shop.text()", "shop.text takes numbers"),
        ("shop.nan()", "shop.nan gives something that is not a finite number."),
        ("shop.many()", "this would make 1,000,001 numbers"),
        ("shop.dubble(1)", "did you mean “shop.double”?"),
    ]:
        with pytest.raises(LanguageError, match=r"^Character 1, ") as caught:
            called(text)
        assert words in str(caught.value)


def test_an_error_without_the_text_shows_the_value() -> None:
    (value,) = parse("[ numpy.zeros( -1 ) ]").positional
    with pytest.raises(LanguageError, match=r"^Character 3, at “numpy.zeros\(-1\)”: "):
        evaluate(value, nodes={}, lengths={})
