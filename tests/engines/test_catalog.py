"""Every technique of the catalog can be loaded, built, and speaks plainly."""

from __future__ import annotations

import inspect

import pytest

from headwater.engines.catalog import ENCODING, TECHNIQUES, Technique
from headwater.engines.parameters import ParameterError, Parameters

EVERY = pytest.mark.parametrize("technique", TECHNIQUES.values(), ids=TECHNIQUES)
OF_ROWS = {key: one for key, one in TECHNIQUES.items() if one.family not in ("text",)}
EVERY_OF_ROWS = pytest.mark.parametrize("technique", OF_ROWS.values(), ids=OF_ROWS)
"""A text filter is put together from a representation and a classifier of its own."""
NO_ITERATIONS = {
    *("hierarchical", "dbscan", "hdbscan", "pca", "svc", "multinomial_nb", "complement_nb"),
    *("bernoulli_nb", "random_forest", "gradient_boosting"),
}


@EVERY
def test_keys_and_words(technique: Technique) -> None:
    assert TECHNIQUES[technique.key] is technique
    assert technique.summary.endswith(".")
    names = [parameter.name for parameter in technique.parameters]
    assert technique.limit_parameter in [*names, None]
    # What a network is made of stands in its nodes, and so does its number of groups; where
    # groups are dense rows nothing bounds it; a decomposition has none, and classes are given.
    assert (technique.limit_parameter is None) == (
        technique.key in ("bayesian_network", "dbscan", "hdbscan", "pca")
        or technique.family in ("classification", "text")
    )


@pytest.mark.parametrize(
    "parameters",
    [technique.parameters for technique in TECHNIQUES.values()] + [ENCODING],
    ids=[*TECHNIQUES, "encoding"],
)
def test_each_parameter_has_help_and_a_default_that_fits(parameters: Parameters) -> None:
    assert parameters.clean(parameters.defaults()) == parameters.defaults()
    assert len({parameter.name for parameter in parameters}) == len(parameters)
    for parameter in parameters:
        assert parameter.help[0].isupper()
        assert parameter.help.endswith(".")


@EVERY_OF_ROWS
def test_declared_parameters_are_those_of_the_constructor(technique: Technique) -> None:
    accepted = inspect.signature(technique.load()).parameters
    for parameter in technique.parameters:
        assert parameter.name in accepted
        if parameter.name not in ("random_state", "n_clusters"):
            assert accepted[parameter.name].default == parameter.default


@EVERY_OF_ROWS
def test_build_sets_restarts_iterations_and_threads(technique: Technique) -> None:
    estimator = technique.build({}, restarts=3, iterations=77, threads=2)
    given = estimator.get_params()
    assert given["n_threads"] == 2
    assert given.get("n_init") == (3 if technique.restarts_parameter else None)
    if technique.iterations_parameter is not None:
        assert given["max_iter"] == 77
    assert (technique.iterations_parameter is None) == (technique.key in NO_ITERATIONS)


@EVERY_OF_ROWS
def test_build_refuses_parameters_that_do_not_fit(technique: Technique) -> None:
    with pytest.raises(ParameterError, match="There is no parameter “colour”"):
        technique.build({"colour": "red"}, restarts=1, iterations=10)


@EVERY
def test_trusted_types_are_ours(technique: Technique) -> None:
    for name in (*technique.trusted, technique.encoder_type):
        assert name.startswith("headwater.engines.")
