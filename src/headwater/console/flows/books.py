"""Section: the balance as a cash book, page by page, and what it says of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from headwater.console.flows.exports import with_parameters
from headwater.console.flows.needs import needs_counts
from headwater.console.flows.part import Part
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.letters import Mark
from headwater.console.words import counted, figure

if TYPE_CHECKING:
    from headwater.stockandflow.balance import BalancePage

PAGES = 6
"""Pages of the cash book that stand on one page of the console."""
PARAMETER = "book"


@dataclass(frozen=True, slots=True)
class BookLine:
    """One stock on one page."""

    name: str
    mark: Mark | None
    opening: str
    inflow: str
    outflow: str
    closing: str
    gap: int
    is_still: bool
    """Nothing came and nothing went."""

    @property
    def told_gap(self) -> str:
        """The gap with its sign; a dash where there is none."""
        return f"+{figure(self.gap)}" if self.gap > 0 else figure(self.gap or None)


@dataclass(frozen=True, slots=True)
class BookPage:
    """What one count closed."""

    number: int
    opened_at: datetime | None
    closed_at: datetime
    lines: tuple[BookLine, ...]
    is_exact: bool
    says: str


def books_section(part: Part, asked: Asked) -> Section | None:
    """Return the cash book of a partition; single stocks have none."""
    from headwater.stockandflow.balance import pages

    if part.partition is None:
        return None
    closed = pages(part.partition)
    if not closed:
        return Section("books", "The books", note=needs_counts(part, 1))
    if asked.since is not None:
        closed = [page for page in closed if page.closed_at >= asked.since]
    if asked.until is not None:
        closed = [page for page in closed if page.closed_at <= asked.until]
    if not closed:
        note = "No page of the books was closed in the days chosen. Choose more of them above."
        return Section("books", "The books", note=note)
    leaves = -(-len(closed) // PAGES)
    leaf = _leaf(asked.data.get(PARAMETER, ""), leaves)
    newest_first = closed[::-1]
    shown = newest_first[(leaf - 1) * PAGES : leaf * PAGES]
    inexact = sum(not page.is_exact for page in closed)
    return Section(
        "books",
        "The books",
        template="headwater/parts/stocks_books.html",
        context={
            "title": _title(len(closed), inexact),
            "summary": _summary(closed),
            "is_exact": not inexact,
            "pages": [_page(page, asked) for page in shown],
            "leaf": leaf,
            "leaves": leaves,
            "newer": with_parameters(asked.data, book=leaf - 1) if leaf > 1 else "",
            "older": with_parameters(asked.data, book=leaf + 1) if leaf < leaves else "",
            "narrowed": bool(asked.facet),
        },
        table=lambda: _table(closed),
    )


def _leaf(given: str, leaves: int) -> int:
    return min(max(int(given), 1), leaves) if given.isdecimal() and len(given) < 10 else 1


def _page(page: BalancePage, asked: Asked) -> BookPage:
    return BookPage(
        number=page.page,
        opened_at=page.opened_at,
        closed_at=page.closed_at,
        lines=tuple(
            BookLine(
                name=line.name,
                mark=asked.marks.get(line.stock),
                opening=figure(line.opening),
                inflow=figure(line.inflow),
                outflow=figure(line.outflow),
                closing=figure(line.closing),
                gap=line.gap,
                is_still=not (line.inflow or line.outflow or line.gap),
            )
            for line in page.lines
            if line.opening or line.closing or line.inflow or line.outflow
        ),
        is_exact=page.is_exact,
        says=_says(page),
    )


def _says(page: BalancePage) -> str:
    if not page.is_exact:
        off = [line for line in page.lines if line.gap]
        return f"Not exact: in {counted(len(off), 'stock')}, moves do not explain the level."
    if page.opened_at is None:
        return "Exact. The first page: every object came in as the books were opened."
    return "Exact: moves explain every level."


def _title(pages: int, inexact: int) -> str:
    if not inexact:
        if pages == 1:
            return "The books balance: the one page is exact"
        return f"The books balance: all {figure(pages)} pages are exact"
    verb = "does" if inexact == 1 else "do"
    return f"{figure(inexact)} of {counted(pages, 'page')} {verb} not balance"


def _summary(pages: Sequence[BalancePage]) -> str:
    first, last = pages[0], pages[-1]
    opening = sum(line.opening for line in first.lines)
    closing = sum(line.closing for line in last.lines)
    gap = closing - opening - sum(line.inflow - line.outflow for p in pages for line in p.lines)
    moved = sum(line.inflow for page in pages for line in page.lines)
    said = (
        f"From {figure(opening)} at the start of page {first.page} to {figure(closing)} at the end "
        f"of page {last.page}; {counted(moved, 'time')} an object came to a stock."
    )
    return said if not gap else f"{said} Together, {figure(gap)} are not explained by moves."


def _table(pages: Sequence[BalancePage]) -> Table:
    return Table(
        ("page", "opened_at", "closed_at", "stock", "opening", "in", "out", "closing", "gap"),
        [
            (
                page.page,
                page.opened_at,
                page.closed_at,
                line.stock,
                line.opening,
                line.inflow,
                line.outflow,
                line.closing,
                line.gap,
            )
            for page in pages
            for line in page.lines
        ],
    )
