"""tools/with_postgres.py: a real server while a command runs, and nothing of it afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "with_postgres.py"
ASK = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("show server_version_num").fetchone()[0])
raise SystemExit(7)
"""


def run(*command: str, url: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if url:
        environment["DATABASE_URL"] = url
    return subprocess.run(
        [sys.executable, str(TOOL), *command], env=environment, capture_output=True, text=True
    )


def test_a_server_while_the_command_runs() -> None:
    done = run(sys.executable, "-c", ASK)
    assert done.returncode == 7, done.stderr
    assert int(done.stdout) >= 150000


def test_nothing_is_left_behind() -> None:
    done = run(sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])")
    folder = Path(done.stdout.strip().partition("host=")[2])
    assert folder.name == "data"
    assert not folder.parent.exists()


def test_a_server_that_is_given_is_used() -> None:
    done = run(
        sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])", url="postgresql://x/y"
    )
    assert done.stdout.strip() == "postgresql://x/y"


def test_a_command_that_is_not_there() -> None:
    done = run("no-such-command-anywhere")
    assert done.returncode == 127
    assert "no-such-command-anywhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_command() -> None:
    done = run()
    assert done.returncode == 2
    assert "give the command" in done.stderr


@pytest.mark.parametrize("code", [0, 1, 42])
def test_exit_code_is_the_commands_own(code: int) -> None:
    done = run(sys.executable, "-c", f"raise SystemExit({code})", url="postgresql://x/y")
    assert done.returncode == code
