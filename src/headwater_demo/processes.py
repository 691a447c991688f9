"""The demo's processes: start them, keep those beside the web server up, stop them all."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Event

GRACE_SECONDS = 8.0
"""How long a process may take to stop before it is told again, and then killed."""
LONGEST_WAIT = 30.0


class Process:
    """One child process: it gets no signals from the terminal, and stops when its pipe closes."""

    def __init__(self, name: str, *arguments: str) -> None:
        self.name = name
        self._arguments = arguments
        self._pause = 0.0
        self._restart_at: float | None = None
        self.start()

    def start(self) -> None:
        """Start the process."""
        self.started_at = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "headwater_demo.child", *self._arguments],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env=os.environ,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return the exit code, or None while the process runs."""
        return self._process.poll()

    def tell_to_stop(self) -> None:
        """Ask the process to stop; returns at once."""
        if self.exit_code() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; return whether it came in time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        self._close()
        return True

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        self._close()

    def keep_up(self, say: Callable[[str], None]) -> None:
        """Start the process again if it has ended, and say so; returns at once.

        One that ends as soon as it starts is given longer and longer pauses.
        """
        code = self.exit_code()
        if code is None:
            return
        now = time.monotonic()
        if self._restart_at is None:
            quick = now - self.started_at < 10
            self._pause = min(LONGEST_WAIT, max(1.0, 2 * self._pause)) if quick else 0.0
            self._restart_at = now + self._pause
            say(
                f"The {self.name} has ended ({code_in_words(code)}); a new one starts"
                f"{in_words(self._pause)}."
            )
        if now >= self._restart_at:
            self._restart_at = None
            self._close()
            self.start()

    def _close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()


def stop(processes: list[Process]) -> None:
    """Stop all of ``processes``: gently, then firmly, then by force."""
    for _ in range(2):
        for process in processes:
            process.tell_to_stop()
        deadline = time.monotonic() + GRACE_SECONDS
        processes = [
            process
            for process in processes
            if not process.wait(max(0, deadline - time.monotonic()))
        ]
    for process in processes:
        process.kill()


def wait_until_ready(web: Process, port: int, *, seconds: float = 60) -> bool:
    """Return whether the web server answers before ``seconds`` pass and before it ends."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and web.exit_code() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("HEAD", "/")
            return connection.getresponse().status < 500
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    return False


def keep_running(
    web: Process, others: list[Process], stopping: Event, say: Callable[[str], None]
) -> bool:
    """Restart each of ``others`` whenever it ends, until told to stop, and return True.

    Returns False as soon as the web server ends.
    """
    while not stopping.wait(0.3):
        if web.exit_code() is not None:
            say(f"The web server has ended (exit code {web.exit_code()}); see above.")
            return False
        for process in others:
            process.keep_up(say)
    return True


def code_in_words(code: int) -> str:
    """Return an exit code as people say it.

    >>> code_in_words(-9), code_in_words(1)
    ('killed by signal 9', 'exit code 1')
    """
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def in_words(pause: float) -> str:
    """Return when something happens that happens after ``pause`` seconds."""
    return f" in {pause:.0f} s" if pause else ""
