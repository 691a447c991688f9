"""The group of one row, in a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import models

from headwater.learning.assign import serving

if TYPE_CHECKING:
    from headwater.networks.models import BayesianNetwork


def assign_cluster(
    network: BayesianNetwork, observation: Sequence[object] | Mapping[str, object] | models.Model
) -> str:
    """Return the letter of the group that ``observation`` belongs to.

    A sequence gives the values in the order of the observed columns. Raises ``NotInferredError``
    before the first fit, and ValueError for a sequence of another length.
    """
    if isinstance(observation, (Mapping, models.Model)):
        return network.assign(observation)
    pipeline = serving(network)
    columns = pipeline.columns if pipeline is not None else ()
    values = list(observation)
    if pipeline is not None and len(values) != len(columns):
        raise ValueError(
            f"The observation has {len(values)} values; “{network}” observes {len(columns)}: "
            f"{', '.join(columns)}."
        )
    return network.assign(dict(zip(columns, values, strict=True)) if columns else {})
