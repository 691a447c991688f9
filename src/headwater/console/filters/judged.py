"""Whose rows a filter judges, and why some have no verdict."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.console.words import counted, listed
from headwater.spam.models import SpamFilter
from headwater.spam.pending import unjudged, why_unjudged
from headwater.spam.state import judged_models


@dataclass(frozen=True, slots=True)
class JudgedRows:
    """The models that name a filter, and their rows that have no verdict."""

    models: tuple[str, ...]
    """In the plural, as people call them."""
    n: int
    """Rows without a verdict."""
    sentence: str
    """How many have none; empty where all have one."""
    reason: str
    """Why the filter cannot judge now; empty where it can."""

    @property
    def named(self) -> str:
        """The models in one phrase."""
        return listed(list(self.models), last="and")


def models_named(spam_filter: SpamFilter) -> list[str]:
    """Return the models that ``spam_filter`` judges, in the plural."""
    return [str(one.model._meta.verbose_name_plural) for one in judged_models(spam_filter.name)]


def judged_rows(spam_filter: SpamFilter) -> JudgedRows:
    """Return whose rows ``spam_filter`` judges and how many wait for it."""
    name = spam_filter.name
    waiting = [one for one in unjudged(name) if one.n]
    n = sum(one.n for one in waiting)
    told = [
        counted(
            one.n,
            str(one.spammable.model._meta.verbose_name),
            str(one.spammable.model._meta.verbose_name_plural),
        )
        for one in waiting
    ]
    verb = "has" if n == 1 else "have"
    sentence = f"{listed(told, last='and')} {verb} no verdict yet" if n else ""
    return JudgedRows(
        tuple(models_named(spam_filter)), n, sentence, why_unjudged(name) if n else ""
    )
