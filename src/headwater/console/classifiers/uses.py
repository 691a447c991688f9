"""Which spam filters use a classifier's technique and settings."""

from __future__ import annotations

from typing import Any

from headwater.console.choices import User
from headwater.console.filters.may import may_look
from headwater.console.words import counted, listed
from headwater.learning.models import StatisticalModel
from headwater.spam.models import SpamFilter


def uses_of(classifier: StatisticalModel, user: User) -> str:
    """Return which filters use ``classifier``: “the filters “A” and “B” use”; empty: none does.

    Filters that ``user`` may not see are counted and not named.
    """
    found: Any = SpamFilter.objects.filter(classifier=classifier.pk).order_by("name")
    filters: list[SpamFilter] = list(found)
    names = [f"“{one}”" for one in filters if may_look(user, one)]
    n_hidden = len(filters) - len(names)
    if not names:
        hidden = counted(n_hidden, "filter that you may not see", "filters that you may not see")
        return f"{hidden} {_use(n_hidden)}" if n_hidden else ""
    others = [counted(n_hidden, "other")] if n_hidden else []
    word = "filter" if len(filters) == 1 else "filters"
    return f"the {word} {listed([*names, *others], last='and')} {_use(len(filters))}"


def _use(n: int) -> str:
    return "uses" if n == 1 else "use"
