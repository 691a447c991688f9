"""What was learned as the next start: informed priors, a lower limit, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headwater.learning.errors import FitError, NotInferredError
from headwater.networks.functions import network_functions
from headwater.networks.restate import restate

if TYPE_CHECKING:
    from headwater.engines.network.definition import Definition
    from headwater.learning.models import Fit
    from headwater.networks.models import BayesianNetwork

WEIGHT = 0.1
"""How much of what was learned goes into a prior, unless another weight is given."""


def inform_priors(network: BayesianNetwork, *, weight: float = WEIGHT) -> Definition:
    """Let the priors of ``network`` know what its last inference found; return the definition.

    Each prior moves towards the posterior by ``weight``, from 0 (not at all) to 1: a power prior,
    which counts the rows learned from as so much of themselves. A clustering network keeps its
    groups and one spare one with the stated prior. Nothing is inferred.

    Raises ``NotInferredError``, ``DefinitionChanged`` and ``NetworkError``, each with a sentence.
    """
    from headwater.engines.network.prior import informed

    engine = network.engine_object
    if engine is None:
        raise NotInferredError(f"“{network}” has no inference yet to learn a prior from.")
    definition = informed(
        network.stated(), engine.posterior, weight=weight, functions=network_functions()
    )
    restate(network, definition)
    return definition


def limit_components(network: BayesianNetwork, limit: int) -> Definition:
    """Let the mixture of ``network`` have at most ``limit`` components; return the definition.

    Raises ``NetworkError`` where it is no mixture whose limit can be told from its parameters.
    """
    from headwater.engines.network.prior import limited

    definition = limited(network.stated(), limit, functions=network_functions())
    restate(network, definition)
    return definition


def restore_definition(network: BayesianNetwork, fit: Fit) -> Definition:
    """State ``network`` as it was when ``fit`` was asked for; return the definition."""
    from headwater.engines.network.definition import Definition

    if fit.model_id != network.pk or not fit.definition:
        raise FitError(f"Run {fit.pk} is none of “{network}”.")
    definition = Definition.from_json(fit.definition)
    restate(
        network,
        definition,
        filters=fit.definition.get("filters", {}),
        graph_intervals=fit.definition.get("graph_intervals", {}),
    )
    return definition
