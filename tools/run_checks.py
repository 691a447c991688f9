"""Run every check of the project and print how long each took.

What reads the sources only runs first, one after the other. The steps of the tests then run two at
once, the longest first, each with a database of its own. A step that fails does not stop the
others. The exit code is 1 if one failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TOOLS = Path(PYTHON).parent


@dataclass(frozen=True, slots=True)
class Step:
    """One command, with the name it is reported under."""

    name: str
    command: list[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a step."""

    step: Step
    passed: bool
    seconds: float


STATIC = [
    Step("ruff check", [str(TOOLS / "ruff"), "check", "."]),
    Step("ruff format", [str(TOOLS / "ruff"), "format", "--check", "."]),
    Step("import contracts", [str(TOOLS / "lint-imports")]),
    Step("types", [PYTHON, "-m", "mypy"]),
    Step("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
]
PYTEST = [PYTHON, "-m", "pytest", "-q", "--durations=5"]
# What does not depend on the database runs once.
MIXTURE, NETWORKS = "tests/engines/mixture", "tests/engines/network"
NUMBERS = ["tests/engines", "tests/tools", "tests/sources/files"]
BROWSER = ["tests/browser"]
ROOMS = [f"--ignore={folder}" for folder in (*NUMBERS, *BROWSER)]
TESTS = [
    Step("tests on PostgreSQL", [PYTHON, "tools/with_postgres.py", *PYTEST, *ROOMS]),
    Step("tests in the browser", [*PYTEST, *BROWSER]),
    Step("tests on SQLite", [*PYTEST, *ROOMS]),
    Step("tests of the mixture", [*PYTEST, MIXTURE]),
    Step("tests of networks' numbers", [*PYTEST, NETWORKS]),
    Step(
        "tests of other numbers and files",
        [*PYTEST, *NUMBERS, f"--ignore={MIXTURE}", f"--ignore={NETWORKS}"],
    ),
]
AT_ONCE = 2
_printing = Lock()


def run(step: Step, *, at_once: bool = True) -> Result:
    """Run ``step`` from the root of the project; without ``at_once`` print it whole at its end."""
    environment = dict(os.environ)
    if step.name != "tests on PostgreSQL":
        environment.pop("DATABASE_URL", None)
    started = time.monotonic()
    head = f"\n=== {step.name}"
    if at_once:
        print(head, flush=True)
    else:
        with _printing:
            print(f"{head}: running; what it prints follows at its end", flush=True)
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=None if at_once else subprocess.PIPE,
        stderr=None if at_once else subprocess.STDOUT,
    )
    if not at_once:
        with _printing:
            print(head, flush=True)
            sys.stdout.buffer.write(done.stdout)
            sys.stdout.flush()
    return Result(step, done.returncode == 0, time.monotonic() - started)


def main() -> int:
    """Run the steps, print a table of them, return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--static", action="store_true", help="leave out the tests")
    static = parser.parse_args().static

    started = time.monotonic()
    results = [run(step) for step in STATIC]
    if not static:
        with ThreadPoolExecutor(AT_ONCE) as executor:
            results += executor.map(partial(run, at_once=False), TESTS)
    print()
    for result in results:
        told = "passed" if result.passed else "FAILED"
        print(f"{told}  {result.seconds:7.1f} s  {result.step.name}")
    failed = sum(not result.passed for result in results)
    print(f"{'FAILED' if failed else 'passed'}  {time.monotonic() - started:7.1f} s  all")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
