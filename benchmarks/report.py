"""Print the rows as a table, and write them into the documentation."""

from __future__ import annotations

from pathlib import Path

from benchmarks.row import Row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "benchmarks.md"
HEAD = ("work", "ours", "peer", "ratio", "goal", "reached")


def cells(row: Row) -> tuple[str, ...]:
    """Return the row as texts, in the order of ``HEAD``."""
    reached = "yes" if row.reached else "no"
    return (row.work, row.ours, row.peer, row.ratio, row.goal, reached)


def printed(rows: list[Row]) -> str:
    """Return the table for a terminal."""
    table = [HEAD, *(cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )


def page(rows: list[Row], machine: str) -> str:
    """Return the page of the documentation."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`, which measures ours and the peer in one run, one after the "
        "other, each in a process of its own for each kind of work.",
        "",
        f"Measured on {machine}",
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'---|' * len(HEAD)}",
        *(f"| {' | '.join(cells(row))} |" for row in rows),
        "",
        "## How each was measured",
        "",
        *(f"- **{row.work}**: {row.how}" for row in rows),
        "",
    ]
    return "\n".join(lines)


def write_page(rows: list[Row], machine: str) -> Path:
    """Write the page and return where it is."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(rows, machine), encoding="utf-8")
    return PAGE
