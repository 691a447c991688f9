"""Learn: what the nodes observe becomes a posterior, in memory; nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from headwater.conf import settings
from headwater.engines.artifact import Pipeline, pack
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.network.definition import Definition
from headwater.learning.describe import Learned, describe, scores_of, trace_of
from headwater.learning.errors import FitError
from headwater.learning.learn import fit_estimator
from headwater.learning.models import Fit
from headwater.learning.reporter import DESCRIBED, LEARNED, READ, Reporter
from headwater.networks.describe import Components, describe_posterior, predictive_of
from headwater.networks.functions import network_functions
from headwater.networks.read import Observed, read_observed
from headwater.networks.state import main_node
from headwater.networks.validate import network_problems


def learn(fit: Fit, reporter: Reporter) -> Learned:
    """Read, infer, and describe, as ``fit`` says.

    Raises what its parts raise for bad input (each a sentence), and ``FitStopped``.
    """
    definition = Definition.from_json(fit.definition)
    problems = network_problems(fit.definition)
    if problems:
        raise FitError(" ".join(problem.sentence for problem in problems))
    estimator = TECHNIQUES[fit.technique].build(
        fit.parameters,
        restarts=fit.engine_meta_iterations,
        iterations=fit.engine_iterations,
        threads=settings().THREADS,
    )
    estimator.set_params(definition=definition.to_json(), functions=network_functions())
    reporter.phase("reading", share=0.0)
    observed = read_observed(fit.definition, ENCODING.clean(fit.encoding))
    data = {name: one.values for name, one in observed.items()}
    reporter.phase("search", share=READ)
    fit_estimator(estimator, data, reporter)
    reporter.phase("finish", share=LEARNED)
    main = observed[str(main_node(definition))]
    return _learned(fit, main, estimator, reporter)


def _learned(fit: Fit, main: Observed, estimator: Any, reporter: Reporter) -> Learned:
    technique = TECHNIQUES[fit.technique]
    if estimator.labels_ is not None:
        learned = describe(
            fit, technique, main.table, main.matrix, main.encoder, estimator, reporter
        )
        told = _network(fit, main, estimator, learned.letters)
        return replace(learned, summary={**learned.summary, "network": told})
    columns = tuple(main.table.columns)
    artifact = pack(Pipeline(fit.technique, main.encoder, estimator, (), columns))
    reporter.phase("finish", share=DESCRIBED)
    return Learned(
        ids=main.table.ids,
        labels=None,
        members=None,
        artifact=artifact,
        letters=(),
        scores=scores_of(fit, technique, estimator),
        trace=trace_of(estimator),
        summary={
            "columns": main.encoder.report_,
            "notes": [*main.encoder.notes(), *estimator.notes_],
            "network": _network(fit, main, estimator, ()),
        },
    )


def _network(fit: Fit, main: Observed, estimator: Any, letters: tuple[str, ...]) -> dict[str, Any]:
    """Return what is told of the network besides its groups: see ``networks.describe``."""
    posterior = estimator.posterior
    groups = posterior.groups
    components = None
    if groups is not None:
        (n_components,) = posterior[groups.categories].dims[0]
        of_groups = zip(groups.components.tolist(), letters, strict=True)
        components = Components(n_components, dict(of_groups))
    return {
        "engine": posterior.engine,
        "why": posterior.why_engine,
        "suggested_limit": None if groups is None else len(groups.components) + 1,
        "nodes": describe_posterior(
            posterior,
            intervals=fit.definition.get("graph_intervals", {}),
            components=components,
        ),
        "predictive": predictive_of(posterior, main.encoder, functions=network_functions()),
    }
