"""Decompositions, as the catalog has them. Import-light: no NumPy here."""

from __future__ import annotations

from headwater.engines.parameters import Parameter, Parameters
from headwater.engines.technique import Technique

PCA = Technique(
    key="pca",
    label="Principal components",
    family="decomposition",
    summary=(
        "Finds the few directions along which the rows differ most, and says which columns make "
        "each of them up. It makes no groups; it shows many columns in one picture."
    ),
    path="headwater.engines.decomposition.pca:PCA",
    parameters=Parameters(
        [
            Parameter(
                "n_components",
                "Components",
                "integer",
                2,
                "How many directions to keep. Two make a picture; more keep more of what the "
                "columns say.",
                minimum=1,
                maximum=200,
            ),
        ]
    ),
    restarts_parameter=None,
    iterations_parameter=None,
    threads_parameter="n_threads",
    limit_parameter=None,
    finds_number=False,
    objective="explained variance",
    objective_rises=True,
    trusted=("headwater.engines.decomposition.pca.PCA",),
)
