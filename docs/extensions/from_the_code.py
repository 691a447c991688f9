"""Tables of the reference that are made from the code: settings, techniques, parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import MISSING, fields
from itertools import cycle
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

from headwater.conf import Settings
from headwater.engines.catalog import ENCODING, TECHNIQUES, Technique
from headwater.engines.classification.declared import EVALUATION
from headwater.engines.network.functions import FUNCTIONS
from headwater.engines.network.node_types import NODE_TYPES
from headwater.engines.parameters import Parameter
from headwater.segmentation.placeholders import placeholders_of
from headwater.segmentation.rfm_words import RFM_WORDS
from headwater.segmentation.roles import ROLES
from headwater.segmentation.rule import Rule
from headwater.segmentation.rules import RULES


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def settings_table() -> list[str]:
    """Return the settings with their types, defaults and docstrings."""
    documented = ModuleAnalyzer.for_module("headwater.conf").find_attr_docs()
    return table(
        ("Key", "Type", "Default", "What it is"),
        (
            (
                f"`{field.name}`",
                f"`{field.type}`",
                f"`{_default(field)!r}`",
                " ".join(documented["Settings", field.name]).strip(),
            )
            for field in fields(Settings)
        ),
    )


def _default(field: Any) -> Any:
    return field.default_factory() if field.default is MISSING else field.default


def parameters_table(parameters: Iterable[Parameter]) -> list[str]:
    """Return declared parameters."""
    return table(
        ("Name", "In the forms", "Takes", "Default", "What it does"),
        (
            (
                f"`{one.name}`",
                one.label,
                one.expected,
                f"`{one.default!r}`",
                one.help,
            )
            for one in parameters
        ),
    )


class FromTheCode(SphinxDirective):
    """A directive whose content is Markdown that a function makes."""

    has_content = False

    def lines(self) -> list[str]:
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        container = nodes.container()
        self.state.nested_parse(StringList(self.lines(), "the code"), 0, container)
        return container.children


class SettingsDirective(FromTheCode):
    """``{settings}``: every key of ``settings.HEADWATER``."""

    def lines(self) -> list[str]:
        return settings_table()


def _searches(technique: Technique) -> str:
    """Return what the restarts and iterations of a statistical model are for ``technique``."""
    if technique.restarts_parameter:
        return (
            f"Restarts are its `{technique.restarts_parameter}`, iterations its "
            f"`{technique.iterations_parameter}`; both are set on the statistical model."
        )
    if technique.iterations_parameter:
        return (
            f"It has no restarts; iterations are its `{technique.iterations_parameter}`, set on "
            "the statistical model."
        )
    return "It has no restarts and no iterations."


class TechniqueDirective(FromTheCode):
    """``{technique} KEY``: what a technique does, and its parameters."""

    required_arguments = 1

    def lines(self) -> list[str]:
        technique = TECHNIQUES[self.arguments[0]]
        score = "more" if technique.objective_rises else "less"
        return [
            f"**{technique.label}.** {technique.summary}",
            "",
            f"Its score is the {technique.objective}; {score} is better. {_searches(technique)}",
            "",
            *parameters_table(technique.parameters),
        ]


class EncodingDirective(FromTheCode):
    """``{encoding}``: how columns become numbers."""

    def lines(self) -> list[str]:
        return parameters_table(ENCODING)


class EvaluationDirective(FromTheCode):
    """``{evaluation}``: how a classifier is judged."""

    def lines(self) -> list[str]:
        return parameters_table(EVALUATION)


class NodeTypesDirective(FromTheCode):
    """``{node-types} KIND``: the nodes that a network may have, stochastic or deterministic."""

    required_arguments = 1

    def lines(self) -> list[str]:
        return table(
            ("Node", "What it is", "Takes", "Values", "May be observed"),
            (
                (
                    f"`{one.key}`",
                    f"{one.summary} {one.limitation}".strip(),
                    f"`{one.signature}`",
                    one.support,
                    "yes" if one.observable else "no",
                )
                for one in NODE_TYPES.values()
                if one.kind == self.arguments[0]
            ),
        )


class FunctionsDirective(FromTheCode):
    """``{network-functions}``: what a parameter of a node may call."""

    def lines(self) -> list[str]:
        return table(
            ("Function", "What it gives"),
            ((f"`{one.signature}`", one.summary) for one in FUNCTIONS.values()),
        )


class RulesDirective(FromTheCode):
    """``{insight-rules}``: what is said of a segment, and when."""

    def lines(self) -> list[str]:
        return table(
            ("Rule", "Speaks when", "Conditions", "Insight", "Recommendation", "Message"),
            (
                (
                    f"`{rule.key}`",
                    rule.title,
                    _conditions(rule),
                    f"`{rule.insight}`",
                    rule.recommendation,
                    f"`{rule.message}`" if rule.message else "none",
                )
                for rule in RULES
            ),
        )


def _conditions(rule: Rule) -> str:
    told = [f"{one.role or 'any column'} {one.tends or 'either way'}" for one in rule.conditions]
    if rule.least_share:
        told.append(f"{rule.least_share:.0%} of the rows at least")
    if not rule.is_certain:
        told.append("nothing is clear")
    return ", ".join(told) or "nothing is distinctive"


class FiguresDirective(FromTheCode):
    """``{insight-figures} KEY``: what the templates of a rule may name."""

    required_arguments = 1

    def lines(self) -> list[str]:
        rule = next(rule for rule in RULES if rule.key == self.arguments[0])
        return table(
            ("Figure", "What it is"),
            ((f"`${one.name}`", one.meaning) for one in placeholders_of(rule)),
        )


class RolesDirective(FromTheCode):
    """``{column-roles}``: which words in a column's name tell what it is about."""

    def lines(self) -> list[str]:
        return table(
            ("Role", "About", "Words", "Or together"),
            (
                (
                    f"`{role.key}`",
                    role.title,
                    ", ".join(sorted(role.words)),
                    ", ".join(sorted(" + ".join(sorted(both)) for both in role.together)) or "–",
                )
                for role in ROLES
            ),
        )


class RfmWordsDirective(FromTheCode):
    """``{rfm-words}``: what rows are called by their mean scores."""

    def lines(self) -> list[str]:
        *words, last = RFM_WORDS
        rows = [
            (
                one.word,
                one.meaning,
                f"{one.recency:g} or more"
                + (f", below {one.recency_below:g}" if one.recency_below <= 5 else ""),
                f"{one.worth:g} or more",
            )
            for one in words
        ]
        return table(
            ("Word", "Meaning", "Recency", "Mean of frequency and monetary value"),
            [*rows, (last.word, last.meaning, "all others", "")],
        )


FITTED = re.compile(r"(?<![`\w.])(\w+_)(?![`\w])")
"""A fitted attribute, such as n_groups_, that stands in a docstring without backticks."""


def quote_fitted(
    app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]
) -> None:
    """Keep reStructuredText from taking names that end with “_” for links."""
    lines[:] = [
        "``".join(
            part if quoted else FITTED.sub(lambda found: found[1][:-1] + "\\_", part)
            for quoted, part in zip(cycle((False, True)), line.split("``"), strict=False)
        )
        for line in lines
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-docstring", quote_fitted, priority=900)
    app.add_directive("settings", SettingsDirective)
    app.add_directive("technique", TechniqueDirective)
    app.add_directive("encoding", EncodingDirective)
    app.add_directive("evaluation", EvaluationDirective)
    app.add_directive("node-types", NodeTypesDirective)
    app.add_directive("network-functions", FunctionsDirective)
    app.add_directive("insight-rules", RulesDirective)
    app.add_directive("insight-figures", FiguresDirective)
    app.add_directive("column-roles", RolesDirective)
    app.add_directive("rfm-words", RfmWordsDirective)
    return {"parallel_read_safe": True}
