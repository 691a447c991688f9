"""``python -m benchmarks [NAME ...]``: run the benchmarks, print their table, write its page."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.report import printed, write_page
from benchmarks.row import Row

NUMBERS = (
    "mixture_iteration",
    "mixture_bound",
    "usage_groups",
    "network_mixture",
    "spam_filter",
    "page_latency",
    "segment_pages",
)
"""Benchmarks that run once: they need no database, or bring their own."""
DATABASES = ("reading", "writing", "network_assign", "stock_counting", "stock_diff")
"""Benchmarks that run on PostgreSQL and on SQLite."""


def run_one(name: str) -> None:
    """Run one benchmark in this process and print its rows as JSON."""
    if name in DATABASES:
        import django

        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        django.setup()
    rows: list[Row] = import_module(f"benchmarks.{name}").rows()
    print(json.dumps([asdict(row) for row in rows]))


def in_process(name: str, url: str = "") -> list[Row]:
    """Return the rows of a benchmark, run in a process and a folder of its own."""
    where = f" on {url.partition(':')[0] or 'sqlite'}" if name in DATABASES else ""
    print(f"{name}{where} ...", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="headwater-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks", "--json", name],
            env={**os.environ, "DATABASE_URL": url, "BENCHMARK_FOLDER": folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    rows = [Row(**fields) for fields in json.loads(done.stdout.splitlines()[-1])]
    print(printed(rows))
    print(f"({time.monotonic() - started:.0f} s)\n", flush=True)
    return rows


def run(names: list[str]) -> list[Row]:
    """Return the rows of the benchmarks called ``names``, on each database where one is needed."""
    rows = [row for name in names if name in NUMBERS for row in in_process(name)]
    with_database = [name for name in names if name in DATABASES]
    if not with_database:
        return rows
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tools.with_postgres import postgres

    given = os.environ.get("DATABASE_URL", "")
    with nullcontext(given) if given else postgres() as url:
        for name in with_database:
            rows += in_process(name, url)
            rows += in_process(name)
    return rows


def main() -> int:
    """Run what was asked for; return 0 where every goal was reached, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NUMBERS + DATABASES))
    parser.add_argument("--json", action="store_true", help="one benchmark, its rows as JSON")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NUMBERS + DATABASES]
    if unknown:
        parser.error(f"there is no benchmark “{unknown[0]}”")
    if options.json:
        run_one(options.names[0])
        return 0
    rows = run(options.names or [*NUMBERS, *DATABASES])
    print(printed(rows))
    if not options.names:
        print(f"\nWritten to {write_page(rows, machine()).relative_to(Path.cwd())}.")
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
