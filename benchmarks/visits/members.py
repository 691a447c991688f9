"""Make the table of members and fill it, by SQL of each database; and the tables of the books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from benchmarks.visits.models import Member
from benchmarks.visits.table import settle

STAGES = [f"stage-{n}" for n in range(5)]
VALUES = {name: [f"{name[0]}-{n}" for n in range(5)] for name in ("country", "plan", "source")}
"""The facets, and the values of each."""
FILL = {
    "postgresql": (
        "INSERT INTO visits_member (stage, score, country, plan, source) "
        "SELECT 'stage-' || floor(random() * 5), floor(random() * 100), "
        "'c-' || floor(random() * 5), 'p-' || floor(random() * 5), 's-' || floor(random() * 5) "
        "FROM generate_series(1, %s)"
    ),
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
        "INSERT INTO visits_member (stage, score, country, plan, source) "
        "SELECT 'stage-' || (abs(random()) %% 5), abs(random()) %% 100, "
        "'c-' || (abs(random()) %% 5), 'p-' || (abs(random()) %% 5), 's-' || (abs(random()) %% 5) "
        "FROM n"
    ),
}
MOVE = (
    "UPDATE visits_member SET stage = CASE stage WHEN 'stage-0' THEN 'stage-1' ELSE 'stage-0' END "
    "WHERE id %% %s = 0"
)


@contextmanager
def members(rows: int) -> Iterator[None]:
    """Give a table of ``rows`` members, and empty books; drop the members afterwards."""
    call_command("migrate", verbosity=0, interactive=False)
    with connection.schema_editor() as editor:
        editor.create_model(Member)
    try:
        with connection.cursor() as cursor:
            cursor.execute(FILL[connection.vendor], [rows])
        settle()
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Member)


def move_every(nth: int) -> int:
    """Have every ``nth`` member be in another stage, by SQL; return how many are."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [nth])
        return int(cursor.rowcount)
