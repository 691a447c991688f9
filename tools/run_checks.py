"""Run every check of the project, one after the other, and print how long each took.

A step that fails does not stop the others. The exit code is 1 if one failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TOOLS = Path(PYTHON).parent


@dataclass(frozen=True, slots=True)
class Step:
    """One command, with the name it is reported under."""

    name: str
    command: list[str]
    static: bool = True
    """Whether the step reads the sources only, and so belongs to ``make lint``."""


STEPS = [
    Step("ruff check", [str(TOOLS / "ruff"), "check", "."]),
    Step("ruff format", [str(TOOLS / "ruff"), "format", "--check", "."]),
    Step("import contracts", [str(TOOLS / "lint-imports")]),
    Step("types", [PYTHON, "-m", "mypy"]),
    Step("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    Step("tests on SQLite", [PYTHON, "-m", "pytest", "-q", "--durations=5"], static=False),
    # Numbers, browser and tools do not depend on the database: they run once.
    Step(
        "tests on PostgreSQL",
        [
            *[PYTHON, "tools/with_postgres.py", PYTHON, "-m", "pytest", "-q", "--durations=5"],
            *["--ignore=tests/engines", "--ignore=tests/browser", "--ignore=tests/tools"],
        ],
        static=False,
    ),
]


def run(step: Step) -> tuple[bool, float]:
    """Run ``step`` from the root of the project; return whether it passed, and its seconds."""
    print(f"\n=== {step.name}", flush=True)
    environment = dict(os.environ)
    if step.name != "tests on PostgreSQL":
        environment.pop("DATABASE_URL", None)
    started = time.monotonic()
    code = subprocess.run(step.command, cwd=ROOT, env=environment, check=False).returncode
    return code == 0, time.monotonic() - started


def main() -> int:
    """Run the steps, print a table of them, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--static", action="store_true", help="leave out the tests")
    static = parser.parse_args().static

    results = [(step, *run(step)) for step in STEPS if step.static or not static]
    print()
    for step, passed, seconds in results:
        print(f"{'passed' if passed else 'FAILED'}  {seconds:7.1f} s  {step.name}")
    total = sum(seconds for _, _, seconds in results)
    failed = sum(not passed for _, passed, _ in results)
    print(f"{'FAILED' if failed else 'passed'}  {total:7.1f} s  all")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
