"""Make the table of visits and fill it, by SQL of each database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from benchmarks.visits.models import Visit

FILL = {
    "postgresql": (
        "INSERT INTO visits_visit (seconds, pages, spent) "
        "SELECT random() * 600, random() * 40, random() * 1000 FROM generate_series(1, %s)"
    ),
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
        "INSERT INTO visits_visit (seconds, pages, spent) "
        "SELECT abs(random() %% 600000) / 1000.0, abs(random() %% 40000) / 1000.0, "
        "abs(random() %% 1000000) / 1000.0 FROM n"
    ),
}


@contextmanager
def visits(rows: int) -> Iterator[None]:
    """Give a table of ``rows`` visits without labels; drop it afterwards."""
    with connection.schema_editor() as editor:
        editor.create_model(Visit)
    try:
        with connection.cursor() as cursor:
            cursor.execute(FILL[connection.vendor], [rows])
        settle()
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Visit)


def settle() -> None:
    """Have the database tidy up now, not during a measurement."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def database() -> str:
    """Return the name and version of the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
    import sqlite3

    return f"SQLite {sqlite3.sqlite_version}"
