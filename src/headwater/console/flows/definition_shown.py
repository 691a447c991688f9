"""Section: what is counted, in readable conditions, and how it is split and counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import FieldError

from headwater.console.flows.part import Part, counted_things
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.rights import may_see_facet
from headwater.console.words import listed
from headwater.stockandflow.conditions import conditions
from headwater.stockandflow.definitions import Partition, Stock
from headwater.stockandflow.errors import DefinitionError

MOST = 30
"""States whose conditions are told."""


@dataclass(frozen=True, slots=True)
class Defined:
    """One partition or stock: what is said of it."""

    name: str
    slug: str
    description: str
    model: str
    split_by: str
    every: str
    facets: tuple[tuple[str, str], ...]
    """Of each facet its name and how it is read."""
    states: tuple[tuple[str, str, str], ...]
    """Of each stated state its words, its value and its conditions."""
    conditions: tuple[str, ...]
    """What holds of the objects, all together."""


@dataclass(frozen=True, slots=True)
class DefinedFlow:
    """One flow: its name and its ends."""

    name: str
    description: str
    sources: str
    sinks: str


def definition_section(part: Part, asked: Asked) -> Section:
    """Return the section with the definitions of ``part``."""
    defined = [_defined(one, asked) for one in counted_things(part)]
    flows = [
        DefinedFlow(
            str(flow),
            flow.description,
            listed([part.name_of(key) for key in flow.source_keys], "or"),
            listed([part.name_of(key) for key in flow.sink_keys], "or"),
        )
        for flow in part.flows
    ]
    return Section(
        "definition",
        "Definition",
        template="headwater/parts/stocks_definition.html",
        context={"defined": defined, "flows": flows},
        table=lambda: Table(
            ("slug", "name", "model", "conditions", "split_by", "every"),
            [
                (one.slug, one.name, one.model, listed([*one.conditions]), one.split_by, one.every)
                for one in defined
            ],
        ),
    )


def _defined(counted: Partition | Stock, asked: Asked) -> Defined:
    states: dict[str, str] = {}
    try:
        model = str(counted.model._meta.verbose_name_plural)
        label = counted.model._meta.label
        if isinstance(counted, Partition):
            states = counted.state_names()
    except (DefinitionError, FieldError) as broken:
        model, label = str(broken), ""
    return Defined(
        name=str(counted),
        slug=counted.slug,
        description=counted.description,
        model=f"{model} ({label})" if label else model,
        split_by=_split_by(counted) if isinstance(counted, Partition) else "",
        every=counted.every or "where code or somebody asks for it",
        facets=tuple(
            (use.facet.name, use.lookup)
            for use in counted.facet_uses
            if may_see_facet(asked.user, counted, use)
        ),
        states=tuple(
            (words, state, listed(conditions(counted.stock(state))))
            for state, words in [*states.items()][:MOST]
            if isinstance(counted, Partition)
        ),
        conditions=tuple(conditions(counted)),
    )


def _split_by(partition: Partition) -> str:
    if partition.field_name:
        field = partition.model._meta.get_field(partition.field_name)
        return f"{getattr(field, 'verbose_name', partition.field_name)} ({partition.field_name})"
    if isinstance(partition.by, str):
        return partition.by
    return "an expression in code"
