"""What the workbench holds when it opens: for rows, or like an analysis that is there."""

from __future__ import annotations

import json
from typing import Any

from headwater.console.learning_form import prefixed
from headwater.console.technique_form import OF_ENCODING, OF_TECHNIQUE
from headwater.console.workbench.rows import value_of
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.learning.models import StatisticalModel
from headwater.sources.models import Source


def values_of_analysis(model: StatisticalModel, *, anew: bool = False) -> dict[str, Any]:
    """Return the settings of ``model`` as the form holds them; ``anew``: for another analysis."""
    source = model.source or Source()
    values: dict[str, Any] = {
        "rows": value_of(model.source),
        "columns": list(source.columns),
        "filter": json.dumps(source.filter, ensure_ascii=False) if source.filter else "",
        "name_column": source.name_column,
        "known_column": source.known_column,
        "technique": model.technique,
        "engine_meta_iterations": model.engine_meta_iterations,
        "engine_iterations": model.engine_iterations,
    }
    technique = TECHNIQUES.get(model.technique)
    if technique is not None:
        values |= prefixed(OF_TECHNIQUE, technique.parameters, model.parameters)
    values |= prefixed(OF_ENCODING, ENCODING, model.encoding)
    if not anew:
        values |= {"name": model.name, "description": model.description}
    return values
