"""Pre-training rows, a page of them at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import QueryDict

from headwater.console.moderation.text_shown import Piece, line

ROWS = 25
"""Rows on one page."""
LABELS = (("", "Spam and not spam"), ("spam", "Spam"), ("ham", "Not spam"))


@dataclass(frozen=True, slots=True)
class PretrainingRow:
    """One row."""

    key: object
    pieces: tuple[Piece, ...]
    is_spam: bool
    origin: str


@dataclass(frozen=True, slots=True)
class PretrainingPage:
    """Some rows of a pre-training model."""

    rows: list[PretrainingRow]
    n: int
    """Rows that meet what is asked."""
    number: int
    n_pages: int
    text: str
    label: str
    origin: str
    origins: list[str]
    earlier: str
    """What the address of the page before asks for; empty where there is none."""
    later: str


def pretraining_page(model: type[models.Model], asked: QueryDict) -> PretrainingPage:
    """Return the rows of ``model`` that ``asked`` wants: text, label, origin, page."""
    text = asked.get("text", "")[:200].replace("\x00", "").strip()
    label, origin = asked.get("label", ""), asked.get("origin", "").replace("\x00", "")[:200]
    manager: Any = model._default_manager
    origins = list(
        manager.exclude(origin="")
        .order_by("origin")
        .values_list("origin", flat=True)
        .distinct()[:100]
    )
    rows = manager.order_by("pk")
    if text:
        rows = rows.filter(content__icontains=text)
    if label in ("spam", "ham"):
        rows = rows.filter(is_spam=label == "spam")
    if origin:
        rows = rows.filter(origin=origin)
    n = rows.count()
    n_pages = max(1, -(-n // ROWS))
    given = asked.get("page", "1")
    number = min(n_pages, max(1, int(given))) if given.isdecimal() and len(given) < 9 else 1
    shown = rows[(number - 1) * ROWS : number * ROWS]
    return PretrainingPage(
        [
            PretrainingRow(row.pk, line(row.content), bool(row.is_spam), str(row.origin))
            for row in shown
        ],
        n,
        number,
        n_pages,
        text,
        label if label in ("spam", "ham") else "",
        origin,
        origins,
        _asking(asked, number - 1) if number > 1 else "",
        _asking(asked, number + 1) if number < n_pages else "",
    )


def _asking(asked: QueryDict, page: int) -> str:
    query = asked.copy()
    query["page"] = str(page)
    return query.urlencode()
