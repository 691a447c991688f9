"""One of the demo's processes: ``python -m headwater_demo.child web 8000``, or another name.

It stops when its standard input ends, so that a demo that was killed leaves nothing behind.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import django


def serve(port: int) -> None:
    """Serve the site, to this machine only, until told to stop."""
    import waitress

    from headwater_demo.wsgi import application

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)  # which the server's loop takes as the word to shut down

    signal.signal(signal.SIGTERM, stop)
    waitress.serve(application, host="127.0.0.1", port=port, threads=8, ident=None, _quiet=True)


def work() -> None:
    """Run tasks as they come, until told to stop; a task that runs is finished first."""
    from django.core.management import call_command

    django.setup()
    call_command(
        "db_worker", queue_name="*", interval=0.5, startup_delay=False, reload=False, verbosity=0
    )


def keep_schedule() -> None:
    """Run what is due of the schedule, such as counting stocks, and look again every minute."""
    from django.core.management import call_command

    django.setup()
    with Path(os.devnull).open("w") as nowhere:  # what was done is logged as well
        call_command("run_periodic_schedule", watch=60, stdout=nowhere)


def stop_with_parent() -> None:
    """Stop this process, gently, once the pipe from its parent is closed."""
    # Not sys.stdin: its lock must be free when the interpreter ends.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main(arguments: list[str]) -> None:
    """Be the process that ``arguments`` name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headwater_demo.settings")
    threading.Thread(target=stop_with_parent, name="parent watch", daemon=True).start()
    match arguments:
        case ["web", port]:
            serve(int(port))
        case ["worker"]:
            work()
        case ["schedule"]:
            keep_schedule()
        case _:
            raise SystemExit("usage: python -m headwater_demo.child (web PORT | worker | schedule)")


if __name__ == "__main__":
    main(sys.argv[1:])
