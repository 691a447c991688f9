"""The demo as a person runs it: one command, three processes, Ctrl-C."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headwater_demo.__main__ import free_port, is_free
from headwater_demo.processes import Process, code_in_words, in_words

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("DATABASE_URL")), reason="these run on the demo's own SQLite file"
)

WARNINGS = "error,ignore::ResourceWarning"
"""Waitress leaves its socket to the end of the process."""
CHILDREN = ("web", "worker", "schedule")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests here: the first run sets up, the others find it done."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    return found


class Demo:
    """A running demo; ``said`` is what it has printed."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        environment = os.environ | {"HEADWATER_DEMO_DIR": str(folder), "PYTHONWARNINGS": WARNINGS}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "headwater_demo", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def wait_for(self, words: str) -> None:
        """Read what is printed up to ``words``."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        raise AssertionError(f"“{words}” was never said:\n{self.said}")

    def end(self) -> int:
        """Read to the end; return the exit code."""
        assert self.process.stdout is not None
        self.said += self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(30)

    def child(self, word: str) -> int | None:
        """Return the process id of the child with ``word`` on its command line, if there is one."""
        pid = self.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if word in Path(f"/proc/{child}/cmdline").read_text().split("\0"):
                return int(child)
        return None


def is_alive(pid: int | None) -> bool:
    """Return whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def eventually(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def start(*arguments: str) -> Demo:
        demo = Demo(folder, *arguments)
        started.append(demo)
        return demo

    yield start
    for demo in started:
        if demo.process.poll() is None:
            demo.process.terminate()
            demo.end()
        elif demo.process.stdout is not None:
            demo.process.stdout.close()


def get(port: int, path: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()


def test_the_whole_life_of_a_demo(start: Callable[..., Demo], folder: Path, port: int) -> None:
    demo = start(f"--port={port}", "--users=80")
    demo.wait_for("Ctrl-C stops it")
    for words in (
        "80 users generated",
        "4,372 customers",
        "BN1 (Example): fitted to 80 rows",
        "Clustering (Example): ",
        "Shop customers: ",
        "Comment Spam Filter (Example): learned from 500 texts",
        "messages of the last days; the moderator has judged ",
        "Shop, November 2011: ",
        f"http://localhost:{port}/smartdjango/",
        (folder / "password").read_text().strip(),
    ):
        assert words in demo.said

    # It answers, with its policy, and to nobody under another name.
    status, headers = get(port, "/smartdjango/")
    assert status == 302
    assert headers["location"].startswith("/sign-in/")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert get(port, "/sign-in/")[0] == 200

    # A worker or a schedule that is killed comes back.
    for name in ("worker", "schedule"):
        killed = demo.child(name)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        demo.wait_for(f"The {name} has ended (killed by signal 9)")
        assert eventually(lambda name=name, pid=killed: demo.child(name) not in (pid, None))

    children = [demo.child(name) for name in CHILDREN]
    assert all(is_alive(child) for child in children)
    demo.process.send_signal(signal.SIGINT)
    assert demo.end() == 0
    assert "Stopped the web server, the worker and the schedule." in demo.said
    assert "Traceback" not in demo.said
    assert not any(is_alive(child) for child in children)

    # The second time it is quick, and all is kept.
    again = start(f"--port={port}")
    again.wait_for("Ctrl-C stops it")
    assert "80 users are there" in again.said
    assert again.said.count("fitted already") == 9
    assert "its year was played back already" in again.said
    assert "Shop, November 2011" not in again.said

    # Its port is taken: a sentence, and another port that works.
    second = start(f"--port={port}")
    assert second.end() == 1
    assert f"Port {port} is taken" in second.said
    assert "make demo PORT=" in second.said

    # Killed without a chance to clean up, it leaves no process behind.
    children = [again.child(name) for name in CHILDREN]
    assert all(is_alive(child) for child in children)
    again.process.kill()
    again.process.wait(10)
    assert eventually(lambda: not any(is_alive(child) for child in children))
    assert is_free(port)


def test_sigterm_stops_it_while_it_sets_up(start: Callable[..., Demo], port: int) -> None:
    demo = start(f"--port={port}")
    demo.wait_for("Setting up")
    demo.process.terminate()
    assert demo.end() in (0, 130)
    assert "Traceback" not in demo.said


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("--port=http", "the port was “http”; it must be a number from 1 to 65535"),
        ("--port=70000", "the port was “70000”"),
        ("--users=none", "the number of users was “none”"),
    ],
)
def test_arguments_that_do_not_fit(
    start: Callable[..., Demo], argument: str, sentence: str
) -> None:
    demo = start(argument)
    assert demo.end() == 2
    assert sentence in demo.said


def test_free_port(port: int) -> None:
    assert is_free(port)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert not is_free(port)
        assert free_port(port) != port


def test_a_process_that_ends_at_once_is_given_a_pause() -> None:
    said: list[str] = []
    process = Process("thing", "of no kind")  # says what there is, and ends
    assert process.wait(30)
    first = process.pid
    process.keep_up(said.append)
    assert said == ["The thing has ended (exit code 1); a new one starts in 1 s."]
    assert process.pid == first

    def again() -> bool:
        process.keep_up(said.append)
        return process.pid != first

    assert eventually(again)
    assert len(said) == 1
    assert process.wait(30)
    process.keep_up(said.append)
    assert said[1:] == ["The thing has ended (exit code 1); a new one starts in 2 s."]


def test_words() -> None:
    assert code_in_words(3) == "exit code 3"
    assert in_words(4.0) == " in 4 s"
    assert in_words(0.0) == ""
