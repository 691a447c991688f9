"""Wording: the rules' sentences as somebody put them for the segments of the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from headwater.segmentation import models
from headwater.segmentation.placeholders import Sentence, placeholders_of
from headwater.segmentation.rule import Rule
from headwater.segmentation.rules import RULES
from headwater.words import listed

TEXTS = ("insight", "recommendation", "message")
"""The templates of a rule."""
LONGEST = 1_000
"""Characters of a template, at most."""


class WordingError(ValueError):
    """A template that cannot be kept; ``errors`` has a sentence for each text."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def rules_for(rows: str) -> tuple[Rule, ...]:
    """Return the rules for the segments of ``rows`` (``rows_key``), with what was changed."""
    changed = _kept(rows)
    return tuple(_worded(rule, changed.get(rule.key, {})) for rule in RULES)


def changed_rules(rows: str) -> frozenset[str]:
    """Return the keys of the rules whose wording somebody changed for ``rows``."""
    return frozenset(_kept(rows))


def change_wording(rows: str, key: str, texts: Mapping[str, str], user: Any) -> Rule:
    """Keep ``texts`` (insight, recommendation, message) for rule ``key`` and ``rows``; return it.

    A text that is not given stays. One that is as built in is not kept. Raises ``WordingError``.
    """
    built_in = _built_in(key)
    errors = problems_of(built_in, texts)
    if errors:
        raise WordingError(errors)
    with transaction.atomic():
        models.Wording.objects.get_or_create(rows=rows)
        kept = models.Wording.objects.select_for_update().get(rows=rows)
        changed = _by_key(kept.rules)
        own = {**changed.get(key, {}), **{name: _clean(text) for name, text in texts.items()}}
        changed[key] = {name: text for name, text in own.items() if text != getattr(built_in, name)}
        _keep(kept, changed, user)
    return _worded(built_in, changed[key])


def reset_wording(rows: str, key: str | None = None, user: Any = None) -> None:
    """Go back to the built-in texts for ``rows``: of one rule, or of all."""
    if key is None:
        models.Wording.objects.filter(rows=rows).delete()
        return
    _built_in(key)
    with transaction.atomic():
        kept = models.Wording.objects.select_for_update().filter(rows=rows).first()
        if kept is not None:
            changed = _by_key(kept.rules)
            changed.pop(key, None)
            _keep(kept, changed, user)


def problems_of(rule: Rule, texts: Mapping[str, str]) -> dict[str, str]:
    """Return text -> a sentence for each of ``texts`` that cannot be a template of ``rule``."""
    return {
        name: problem for name, text in texts.items() if (problem := _problem(rule, name, text))
    }


def _problem(rule: Rule, name: str, text: str) -> str:
    if name not in TEXTS:
        return f"A rule has no text “{name}”; it has {listed(list(TEXTS))}."
    text = _clean(text)
    if not text and name != "message":
        return f"The {name} is empty. Write a sentence, or go back to the built-in one."
    if len(text) > LONGEST:
        return f"The {name} has {len(text):,} characters; it may have at most {LONGEST:,}."
    template = Sentence(text)
    if not template.is_valid():
        return (
            f"The {name} has a “$” that begins no figure. Write “$$” for the sign itself, and "
            "“$size” or “${size}” for a figure."
        )
    known = [one.name for one in placeholders_of(rule)]
    unknown = [f"“${one}”" for one in template.get_identifiers() if one not in known]
    if unknown:
        is_no = "is no figure" if len(unknown) == 1 else "are no figures"
        return (
            f"{listed(unknown)} {is_no} that this rule knows. There are "
            f"{listed([f'${one}' for one in known])}."
        )
    return ""


def _built_in(key: str) -> Rule:
    rule = next((rule for rule in RULES if rule.key == key), None)
    if rule is None:
        raise WordingError({"rule": f"There is no rule “{key}”."})
    return rule


def _worded(rule: Rule, texts: Mapping[str, str]) -> Rule:
    return replace(
        rule,
        insight=texts.get("insight", rule.insight),
        recommendation=texts.get("recommendation", rule.recommendation),
        message=texts.get("message", rule.message),
    )


def _clean(text: str) -> str:
    return " ".join(text.split())


def _kept(rows: str) -> dict[str, dict[str, str]]:
    kept = models.Wording.objects.filter(rows=rows).first()
    return _by_key(kept.rules) if kept is not None else {}


def _by_key(kept: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return rule -> its changed texts; what no rule of today has is left out."""
    keys = {rule.key for rule in RULES}
    return {
        one["key"]: {name: one[name] for name in TEXTS if name in one}
        for one in kept
        if one.get("key") in keys
    }


def _keep(kept: models.Wording, changed: Mapping[str, Mapping[str, str]], user: Any) -> None:
    rules = [{"key": key, **texts} for key, texts in changed.items() if texts]
    if not rules:
        kept.delete()
        return
    kept.rules = rules
    kept.changed_by = user if user is not None and user.pk else None
    kept.save()
