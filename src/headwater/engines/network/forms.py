"""Forms: which moments a node carries. Standard library only."""

from __future__ import annotations

from typing import Any

FORMS = {
    "GaussianMoments": "gaussian",
    "GaussianGammaMoments": "gaussian_gamma",
    "GammaMoments": "gamma",
    "GammaPriorMoments": "gamma_shape",
    "WishartMoments": "wishart",
    "DirichletMoments": "dirichlet",
    "BetaMoments": "beta",
    "ConcentrationMoments": "concentration",
    "CategoricalMoments": "categorical",
    "MultinomialMoments": "multinomial",
    "BinomialMoments": "binomial",
    "BernoulliMoments": "bernoulli",
    "PoissonMoments": "poisson",
    "DeltaMoments": "point",
}
"""Class of BayesPy's moments -> what this package calls them."""


def form_of(made: Any) -> str:
    """Return the form of the moments of a node of BayesPy; “” for one that is not known."""
    return FORMS.get(type(made._moments).__name__, "")
