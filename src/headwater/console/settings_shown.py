"""The settings of a model or of a fit, with their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from headwater.console.words import figure, listed
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.classification.declared import EVALUATION
from headwater.engines.parameters import Parameter, ParameterError, Parameters

_ASKED = ("time_column", "search")
"""Settings of how a classifier is judged that mostly nobody asks for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of a list of settings."""

    label: str
    name: str
    value: str
    help: str
    is_default: bool
    is_folded: bool
    """Advanced, and as it comes: seen only by those who ask."""


def _shown(parameter: Parameter, value: Any) -> str:
    if parameter.kind == "choice":
        return dict(parameter.choices).get(value, str(value))
    if parameter.kind == "columns":
        return listed([str(name) for name in value]) if value else "none"
    if value is None:
        return "chosen by itself"
    return figure(value, 6)


def _settings(parameters: Parameters, given: Mapping[str, Any]) -> list[Setting]:
    try:
        values = parameters.clean(given)
    except ParameterError:
        values = {**parameters.defaults(), **given}
    defaults = parameters.defaults()
    return [
        Setting(
            label=parameter.label,
            name=parameter.name,
            value=_shown(parameter, values[parameter.name]),
            help=parameter.help,
            is_default=values[parameter.name] == defaults[parameter.name],
            is_folded=parameter.advanced and values[parameter.name] == defaults[parameter.name],
        )
        for parameter in parameters
    ]


def technique_settings(technique: str, given: Mapping[str, Any]) -> list[Setting]:
    """Return the parameters of ``technique`` with the values that ``given`` sets."""
    known = TECHNIQUES.get(technique)
    return _settings(known.parameters, given) if known else []


def encoding_settings(given: Mapping[str, Any]) -> list[Setting]:
    """Return how columns are prepared."""
    return _settings(ENCODING, given)


def evaluation_settings(given: Mapping[str, Any]) -> list[Setting]:
    """Return how a classifier is judged; what is not asked for is “none”."""
    return [
        replace(setting, value="none")
        if setting.name in _ASKED and not given.get(setting.name)
        else setting
        for setting in _settings(EVALUATION, given)
    ]
