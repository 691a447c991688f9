"""Run every check of the project and print how long each took.

What reads the sources only runs first, one after the other. The steps of the tests then run two at
once, the longest first, each with a database of its own. A step that fails does not stop the
others. A step that has not ended after ``LIMIT`` seconds is ended, with all that it started, and
what it printed until then is shown; so it is where the checks are broken off. The exit code is 1 if
one failed.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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
# Pages of the documentation and most of the demo are run once, on the demo's own SQLite; what they
# show is tested on both databases elsewhere. What visitors do at the same time is tried on both.
AT_THE_SAME_TIME = ("comments", "smartdjango_concurrency", "smartdjango_metrics")
ONCE = ["--ignore=tests/docs"] + [
    f"--ignore={path.relative_to(ROOT)}"
    for path in sorted(ROOT.glob("tests/demo/test_*.py"))
    if path.stem.removeprefix("test_") not in AT_THE_SAME_TIME
]
TESTS = [
    Step("tests on PostgreSQL", [PYTHON, "tools/with_postgres.py", *PYTEST, *ROOMS, *ONCE]),
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
LIMIT = 1500
"""Seconds that a step may take. The longest takes a third of it; one that takes it all hangs."""
GRACE = 30
_printing = Lock()
_running: set[subprocess.Popen[bytes]] = set()


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
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            step.command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=None if at_once else told,
            stderr=None if at_once else subprocess.STDOUT,
            start_new_session=True,
        )
        code = _wait(process)
        seconds = time.monotonic() - started
        with _printing:
            if not at_once:
                print(head, flush=True)
                told.seek(0)
                sys.stdout.buffer.write(told.read())
            if code is None:
                print(f"{step.name}: not ended after {LIMIT} s, so it was ended.")
            sys.stdout.flush()
    return Result(step, code == 0, seconds)


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    """Return the exit code of ``process``, or None where it had to be ended at the limit."""
    _running.add(process)
    try:
        return process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        _end(process)
        return None
    finally:
        if process.poll() is not None:
            _running.discard(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End ``process`` and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)


def main() -> int:
    """Run the steps, print a table of them, return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--static", action="store_true", help="leave out the tests")
    static = parser.parse_args().static

    started = time.monotonic()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with ThreadPoolExecutor(AT_ONCE) as executor:
        try:
            results = [run(step) for step in STATIC]
            if not static:
                results += executor.map(partial(run, at_once=False), TESTS)
        except BaseException:  # Ctrl-C, or the end of the machine's patience
            executor.shutdown(wait=False, cancel_futures=True)
            for process in tuple(_running):
                _end(process)
            raise
    print()
    for result in results:
        told = "passed" if result.passed else "FAILED"
        print(f"{told}  {result.seconds:7.1f} s  {result.step.name}")
    failed = sum(not result.passed for result in results)
    print(f"{'FAILED' if failed else 'passed'}  {time.monotonic() - started:7.1f} s  all")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
