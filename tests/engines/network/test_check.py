"""What is wrong with a network is said in sentences, node by node, and nothing is raised."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.engines.network.check import Problem, check
from headwater.engines.network.circles import find_circles
from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import build
from headwater.engines.network.node_types import NODE_TYPES

ONE = Definition(
    nodes=(
        Node("mu", "stochastic", "GaussianARD", "0, 1e-6"),
        Node("tau", "stochastic", "Gamma", "1e-6, 1e-6"),
        Node("avg1", "stochastic", "GaussianARD", "mu, tau", ("smartdjango.UserInfo.avg1",)),
    ),
    edges=(("mu", "avg1"), ("tau", "avg1")),
)
TWO = Definition(
    nodes=(
        Node("alpha", "stochastic", "Dirichlet", "numpy.full(10, 1e-05)"),
        Node("Z", "stochastic", "Categorical", "alpha, plates=(:dl|Y, ), :ifr"),
        Node(
            "mu", "stochastic", "Gaussian", "numpy.zeros(2), [[1e-5,0], [0, 1e-5]], plates=(10, )"
        ),
        Node("Lambda", "stochastic", "Wishart", "2, [[1e-5,0], [0, 1e-5]], plates=(10 , )"),
        Node(
            "Y",
            "stochastic",
            "Mixture",
            "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
            ("smartdjango.UserInfo.avg_time_pages", "smartdjango.UserInfo.avg_time_pages_a"),
        ),
    ),
    edges=(("alpha", "Z"), ("Z", "Y"), ("mu", "Y"), ("Lambda", "Y")),
    network_type="clustering",
)


def changed(definition: Definition, node_name: str, /, **changes: object) -> Definition:
    """Return ``definition`` with one node changed."""
    nodes = tuple(
        replace(node, **changes) if node.name == node_name else node for node in definition.nodes
    )
    return replace(definition, nodes=nodes)


def state(*rows: str) -> Definition:
    """Return rows “name ~ Type: parameters” as nodes with all their edges; y observes."""
    nodes = []
    for row in rows:
        name, kind, parameters = re.fullmatch(r"(\w+) ~ (\w+): (.*)", row).groups()  # type: ignore[union-attr]
        columns = ("app.Model.x",) if name == "y" else ()
        nodes.append(Node(name, NODE_TYPES[kind].kind, kind, parameters, columns))
    bare = Definition(tuple(nodes))
    return replace(bare, edges=tuple(p.missing_edge for p in check(bare) if p.missing_edge))


def only(definition: Definition, code: str) -> Problem:
    """Return the one problem that there is; it must be of this kind."""
    problems = check(definition)
    assert [problem.code for problem in problems] == [code], problems
    return problems[0]


@pytest.mark.parametrize("definition", [ONE, TWO])
def test_networks_of_the_examples_are_in_order(definition: Definition) -> None:
    assert check(definition) == []


def test_a_missing_edge_is_offered() -> None:
    problem = only(replace(ONE, edges=(("tau", "avg1"),)), "missing_edge")
    assert problem.node == "avg1"
    assert problem.missing_edge == ("mu", "avg1")
    assert problem.sentence == (
        "“avg1” uses “mu”, and there is no edge from mu to avg1. Add the edge, or take mu out of "
        "its parameters."
    )


def test_adding_the_edges_that_are_offered_mends_all() -> None:
    bare = replace(TWO, edges=())
    offered = tuple(problem.missing_edge for problem in check(bare) if problem.missing_edge)
    assert check(replace(bare, edges=offered)) == []
    assert set(offered) == set(TWO.edges)


def test_an_edge_that_nothing_uses() -> None:
    problem = only(replace(ONE, edges=(*ONE.edges, ("mu", "tau"))), "unused_edge")
    assert problem.node == "tau"
    assert "“mu” to “tau”" in problem.sentence


def test_an_edge_to_itself_twice_and_to_nowhere() -> None:
    codes = {
        problem.code: problem
        for problem in check(
            replace(ONE, edges=(*ONE.edges, ("mu", "mu"), ("mu", "avg1"), ("ta", "avg1")))
        )
    }
    assert set(codes) == {"self_edge", "duplicate_edge", "unknown_edge_node"}
    assert "2 edges from “mu” to “avg1”" in codes["duplicate_edge"].sentence
    assert codes["unknown_edge_node"].sentence == (
        "An edge goes from “ta” to “avg1”, and there is no node “ta”; did you mean “tau”?"
    )


def test_a_circle_is_named_along_the_way() -> None:
    circle = Definition(
        nodes=(
            Node("y", "stochastic", "GaussianARD", "a, 1", ("app.Model.x",)),
            Node("a", "stochastic", "GaussianARD", "c, 1"),
            Node("b", "stochastic", "GaussianARD", "a, 1"),
            Node("c", "stochastic", "GaussianARD", "b, 1"),
        ),
        edges=(("a", "y"), ("c", "a"), ("a", "b"), ("b", "c")),
    )
    problem = only(circle, "circle")
    assert problem.node == "a"
    assert "“a” → “b” → “c” → “a”" in problem.sentence


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"name": "1mu"}, "bad_name", "begins with a letter"),
        ({"name": "Größe"}, "bad_name", "letters without accents"),
        ({"name": ""}, "bad_name", "no name"),
        ({"type": "Gausian"}, "unknown_type", "did you mean “Gaussian”?"),
        ({"type": ""}, "unknown_type", "has no type"),
        ({"kind": "deterministic"}, "wrong_kind", "GaussianARD is stochastic"),
        ({"parameters": ""}, "missing_arguments", "lacks “mu” and “alpha”"),
        ({"parameters": "0"}, "missing_arguments", "lacks “alpha”: The precision"),
        ({"parameters": "0, 1, 2"}, "too_many_arguments", "3 values"),
        ({"parameters": "0, 1, plats=(2,)"}, "unknown_keyword", "did you mean “plates”?"),
        ({"parameters": "0, 1, alpha=2"}, "named_argument", "write the value alone"),
        ({"parameters": "0, 1, plates=(0,)"}, "bad_plates", "whole numbers of at least 1"),
        ({"parameters": "0, 1, plates=2.5"}, "bad_plates", "“2.5”"),
        ({"parameters": "0, (1"}, "language", "Character 4"),
        ({"parameters": "0, tou"}, "unknown_node", "did you mean “tau”?"),
        ({"parameters": "0, true"}, "unknown_node", "did you mean True?"),
        ({"parameters": "0, :dl|tau"}, "no_data_length", "“tau” observes nothing"),
        ({"parameters": "0, np.ones(3)"}, "unknown_function", "write “numpy.ones”"),
        ({"parameters": "0, numpy.full(3)"}, "language", "lacks “fill_value”"),
        ({"parameters": "0, numpy.eye(100000)"}, "language", "10,000,000,000 numbers"),
        ({"parameters": "0, @bayespy.nodes.Gamma()"}, "misplaced_reference", "character 4"),
        ({"parameters": "0, mu"}, "self_use", "uses itself"),
    ],
)
def test_what_is_wrong_with_one_node(changes: dict[str, object], code: str, words: str) -> None:
    definition = changed(replace(ONE, edges=(("mu", "avg1"), ("tau", "avg1"))), "mu", **changes)
    first = next(problem for problem in check(definition) if problem.code == code)
    assert words in first.sentence
    assert first.node == definition.nodes[0].name
    if "name" not in changes:
        only(definition, code)


def test_two_nodes_of_one_name() -> None:
    definition = replace(ONE, nodes=(*ONE.nodes, ONE.nodes[0]))
    assert only(definition, "duplicate_name").sentence == (
        "2 nodes are called “mu”; give each a name of its own."
    )


def test_what_cannot_observe() -> None:
    column = ("app.Model.x",)
    definition = changed(ONE, "tau", columns=column)
    assert check(definition) == []
    definition = changed(TWO, "Lambda", columns=column)
    assert "Wishart, which cannot observe" in only(definition, "not_observable").sentence
    network = Definition(
        nodes=(
            Node("a", "stochastic", "GaussianARD", "0, 1"),
            Node("b", "stochastic", "GaussianARD", "0, 1"),
            Node("s", "deterministic", "Add", "a, b", column),
        ),
        edges=(("a", "s"), ("b", "s")),
    )
    assert only(network, "observed_deterministic").node == "s"


def test_a_column_twice() -> None:
    only(changed(ONE, "avg1", columns=("a.B.c", "a.B.c")), "duplicate_column")


def test_the_whole_network() -> None:
    assert only(Definition(()), "no_nodes").node is None
    assert only(changed(ONE, "avg1", columns=()), "nothing_observed").node is None
    problem = only(replace(ONE, network_type="clustering"), "no_groups")
    assert "Mixture" in problem.sentence
    assert "Categorical" in problem.sentence


def test_groups_need_an_observed_mixture_over_a_categorical() -> None:
    unobserved = changed(TWO, "Y", columns=())
    codes = [problem.code for problem in check(unobserved)]
    assert codes == ["no_data_length", "nothing_observed", "no_groups"]


def test_what_a_mixture_may_be_of() -> None:
    wrong = changed(TWO, "Y", parameters="Z, @bayespy.nodes.Gausian, mu, Lambda")
    problem = only(wrong, "unknown_reference")
    assert "did you mean “bayespy.nodes.Gaussian”?" in problem.sentence
    wrong = changed(TWO, "Y", parameters="Z, 3, mu, Lambda")
    assert "by its name" in only(wrong, "reference_expected").sentence
    wrong = changed(TWO, "Y", parameters="Z, @bayespy.nodes.Gaussian, mu")
    wrong = replace(wrong, edges=TWO.edges[:3])
    assert "gives it 1 value after" in only(wrong, "wrong_groups").sentence
    assert "Gaussian takes 2: mu, Lambda." in only(wrong, "wrong_groups").sentence
    for key in ("Wishart", "GaussianWishart", "Mixture", "Dot", "MaximumLikelihood"):
        wrong = changed(TWO, "Y", parameters=f"Z, @bayespy.nodes.{key}, mu, Lambda")
        only(wrong, "unknown_reference")


def test_what_cannot_be_inferred_says_what_to_use() -> None:
    definition = changed(
        TWO, "Lambda", type="GaussianWishart", parameters=NODE_TYPES["GaussianWishart"].example
    )
    assert "Wishart for the precision" in only(definition, "not_supported").sentence


def test_a_function_takes_best_values_only() -> None:
    network = Definition(
        nodes=(
            Node("a", "stochastic", "GaussianARD", "0, 1"),
            Node("f", "deterministic", "Function", "@headwater.square, a"),
            Node("y", "stochastic", "Gaussian", "[0], f", ("app.Model.x",)),
        ),
        edges=(("a", "f"), ("f", "y")),
    )
    assert "which is GaussianARD" in only(network, "not_a_point").sentence
    network = changed(network, "a", type="MaximumLikelihood", parameters="numpy.identity(1)")
    assert check(network) == []
    wrong = changed(network, "f", parameters="@headwater.squire, a")
    assert "did you mean “headwater.square”?" in only(wrong, "unknown_reference").sentence
    assert check(wrong, functions={"headwater.squire": abs}) == []


def test_deterministic_nodes_do_not_start_anywhere() -> None:
    network = Definition(
        nodes=(
            Node("a", "stochastic", "GaussianARD", "0, 1"),
            Node("s", "deterministic", "Add", "a, 1, :ifr"),
            Node("y", "stochastic", "GaussianARD", "s, 1", ("app.Model.x",)),
        ),
        edges=(("a", "s"), ("s", "y")),
    )
    only(network, "useless_keyword")


def test_best_values_have_no_random_start() -> None:
    definition = state("a ~ GammaShape: :ifr", "y ~ Gamma: a, 1")
    assert "no distribution to draw" in only(definition, "useless_keyword").sentence


PRIOR = "a ~ GaussianARD: 0, 1"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((PRIOR, "f ~ Add: a, a", "y ~ GaussianARD: f, 1"), "“f” takes “a” twice, and"),
        (
            (PRIOR, "b ~ Add: a, 1", "f ~ Add: a, b", "y ~ GaussianARD: f, 1"),
            "“f” takes “a” by itself and through “b”, and",
        ),
        (
            (PRIOR, "b ~ Add: a, 1", "c ~ Add: a, 1", "f ~ Add: b, c", "y ~ GaussianARD: f, 1"),
            "“f” takes “a” through “b” and “c”, and",
        ),
        (
            (PRIOR, "b ~ GaussianARD: a, 1", "f ~ Add: a, b", "y ~ GaussianARD: f, 1"),
            None,  # b has a factor of its own
        ),
        (
            (
                "Z ~ Categorical: [0.5, 0.5], plates=(:dl|y, )",
                "a ~ GaussianARD: 0, 1",
                "f ~ Choose: Z, a, a",
                "y ~ GaussianARD: f, 1",
            ),
            None,
        ),
        (
            (
                "L ~ MaximumLikelihood: numpy.identity(2)",
                "f ~ Function: @headwater.multiply, L, L",
                "y ~ Gaussian: [0, 0], f",
            ),
            None,
        ),
    ],
)
def test_what_a_node_takes_is_independent_as_bayespy_asks(
    rows: tuple[str, ...], words: str | None
) -> None:
    definition = state(*rows)
    data = np.ones((5, 2)) if "y ~ Gaussian:" in rows[-1] else np.ones(5)
    if words is None:
        assert check(definition) == []
        assert build(definition, {"y": data}).nodes
        return
    assert words in only(definition, "taken_twice").sentence
    with pytest.raises(NetworkError, match="not independent"):
        build(definition, {"y": data})


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            ("m ~ GaussianARD: 0, 1", "y ~ GaussianARD: 0, m"),
            "“y” takes “m” as “alpha”, and “m” is GaussianARD. There fit numbers, Gamma, "
            "Exponential.",
        ),
        (
            ("m ~ Poisson: 3", "y ~ Binomial: m, 0.5"),
            "“y” takes “m” as “n”, and “m” is Poisson. There fit numbers only.",
        ),
        (
            ("m ~ Gamma: 1, 1, plates=(3, )", "t ~ Take: m, [0]", "y ~ Bernoulli: t"),
            "“y” takes “t” as “p”, and “t” gives Gamma. There fit numbers, Beta.",
        ),
        (
            (
                "Z ~ Categorical: [0.5, 0.5], plates=(:dl|y, )",
                "m ~ Gamma: 1, 1, plates=(2, )",
                "y ~ Mixture: Z, @bayespy.nodes.GaussianARD, m, m",
            ),
            "“y” takes “m” as “mu”, and “m” is Gamma. There fit numbers, Gaussian, GaussianARD.",
        ),
    ],
)
def test_what_does_not_fit_is_said(rows: tuple[str, ...], sentence: str) -> None:
    definition = state(*rows)
    found = [problem for problem in check(definition) if problem.code == "misplaced_node"]
    assert [problem.sentence for problem in found] == [sentence]
    with pytest.raises(NetworkError, match="cannot be built"):
        build(definition, {"y": np.ones(5)})


def test_functions_of_the_project_are_known() -> None:
    definition = changed(ONE, "mu", parameters="0, shop.prior(3)")
    assert "shop.prior" in only(definition, "unknown_function").sentence
    assert check(definition, functions={"shop.prior": lambda n: n}) == []


def test_problems_come_in_the_order_of_the_nodes() -> None:
    definition = Definition(
        nodes=(
            Node("b", "stochastic", "Gamma", "1"),
            Node("a", "stochastic", "Gamma", "("),
            Node("c", "stochastic", "Gamma", ""),
        ),
        edges=(("c", "b"),),
    )
    problems = check(definition)
    assert [problem.node for problem in problems] == ["b", "b", "a", "c", None]


def test_import_takes_no_numpy() -> None:
    code = (
        "import sys; import headwater.engines.network.check; "
        "import headwater.engines.network.language; import headwater.engines.network.layout; "
        "heavy = {'numpy', 'scipy', 'bayespy', 'sklearn'} & set(sys.modules); "
        "from headwater.engines.network.definition import Definition, Node; "
        "found = headwater.engines.network.check.check("
        "Definition((Node('mu', 'stochastic', 'Gamma', '1, 1'),))); "
        "heavy |= {'numpy'} & set(sys.modules); "
        "print(sorted(heavy), len(found))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "1"]


EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@settings(deadline=None)
@given(EDGES)
def test_circles_are_circles_and_none_is_left(pairs: list[tuple[int, int]]) -> None:
    names = [str(n) for n in range(10)]
    edges = {(str(a), str(b)) for a, b in pairs}
    circles = find_circles(names, edges)
    gone = [name for circle in circles for name in circle]
    assert len(gone) == len(set(gone))
    for circle in circles:
        assert len(circle) > 1
        assert circle[0] == min(circle, key=names.index)
        assert all(step in edges for step in zip(circle, (*circle[1:], circle[0]), strict=True))
    left = {(a, b) for a, b in edges if a != b and a not in gone and b not in gone}
    reached = set(left)
    while True:
        further = {(a, d) for a, b in reached for c, d in left if b == c} - reached
        if not further:
            break
        reached |= further
    assert not any(a == b for a, b in reached)


NAMES = st.sampled_from(["mu", "tau", "Y", "Z", "", "1", "None", "é", "a" * 200])
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [node.parameters for node in TWO.nodes] + [t.example for t in NODE_TYPES.values()]
    ),
    st.lists(
        st.sampled_from(["mu", "Y", ",", "(", ")", "=", ":dl|", ":ifr", "@", "1", "plates", "'d'"]),
        max_size=12,
    ).map(" ".join),
)
NODES = st.builds(
    Node,
    NAMES,
    st.sampled_from(["stochastic", "deterministic"]),
    st.sampled_from(["", "Foo", *NODE_TYPES]),
    TEXTS,
    st.sampled_from([(), ("a.B.c",), ("a.B.c", "a.B.c")]),
)
DEFINITIONS = st.builds(
    Definition,
    st.lists(NODES, max_size=6).map(tuple),
    st.lists(st.tuples(NAMES, NAMES), max_size=10).map(tuple),
    st.sampled_from(["general", "clustering"]),
)


@settings(max_examples=300, deadline=None)
@given(DEFINITIONS)
def test_any_definition_is_checked_and_none_raises(definition: Definition) -> None:
    problems = check(definition)
    assert problems == check(definition)
    names = [node.name for node in definition.nodes]
    place = [len(names) if p.node is None else names.index(p.node) for p in problems]
    assert place == sorted(place)
    for problem in problems:
        assert problem.sentence[0].isupper() or problem.sentence[0] in "“23456"
        assert problem.sentence[-1] in ".?"
        if problem.missing_edge:
            assert problem.missing_edge not in definition.edges
            assert set(problem.missing_edge) <= set(names)
