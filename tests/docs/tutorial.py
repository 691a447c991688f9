"""Read the tutorial as a list of steps, and do them as a reader would."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

FENCE = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
CAPTION = re.compile(r"^:caption: (.*)$", re.M)
LINK = re.compile(r"<(http://127\.0\.0\.1:8000/[^>]*)>")

DOCTEST = """
import doctest, sys
from pathlib import Path
import django
django.setup()
blocks = Path(sys.argv[1]).read_text(encoding="utf-8")
test = doctest.DocTestParser().get_doctest(blocks, {"__name__": "__main__"}, "tutorial", None, 0)
runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
runner.run(test)
sys.exit(1 if runner.failures or not runner.tries else 0)
"""


@dataclass(frozen=True)
class Step:
    """One fenced block."""

    kind: str
    """“file”, “append”, “console”, “terminal” (kept running) or “shell”."""
    body: str
    path: str = ""


def steps(text: str) -> list[Step]:
    """Return the tutorial's blocks in their order."""
    found = []
    for match in FENCE.finditer(text):
        kind, body = match["kind"].strip(), match["body"]
        caption = CAPTION.search(body)
        name = caption[1] if caption else ""
        if caption:
            body = CAPTION.sub("", body, count=1).lstrip("\n")
        if kind == "pycon":
            found.append(Step("shell", body))
        elif "terminal" in name:
            found.append(Step("terminal", body))
        elif "console" in kind:
            found.append(Step("console", body))
        elif name.endswith("(at the end)"):
            found.append(Step("append", body, name.split()[0]))
        elif name:
            found.append(Step("file", body, name))
        else:
            raise AssertionError(f"A block of the tutorial has no meaning: {match[0][:200]}")
    return found


def commands(body: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a console block, each with the lines that it should print."""
    found: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line)
    return found


def matches(expected: str, printed: str) -> bool:
    """Say whether a line was printed as expected, where “...” stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, expected.split("..."))), printed) is not None


@dataclass
class Reader:
    """Someone who does the tutorial in ``folder``."""

    folder: Path
    port: int = 0
    history: str = ""
    """What was typed into the Python shell so far."""
    terminals: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a new terminal, with this Python first in the path."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DJANGO_", "DATABASE_", "HEADWATER_", "PYTEST_"))
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**kept, "PATH": path, "PYTHONUTF8": "1"}

    def do(self, step: Step) -> None:
        """Do one step; what it should print is checked."""
        if step.kind == "file":
            (self.folder / step.path).write_text(step.body, encoding="utf-8")
        elif step.kind == "append":
            with (self.folder / step.path).open("a", encoding="utf-8") as file:
                file.write("\n" + step.body)
        elif step.kind == "shell":
            self.shell(step.body)
        elif step.kind == "terminal":
            for command, _ in commands(step.body):
                self.keep_running(command)
        else:
            for command, expected in commands(step.body):
                self.run(command, expected)

    def run(self, command: str, expected: list[str]) -> None:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        printed = done.stdout.splitlines()
        for line in expected:
            assert any(matches(line, one) for one in printed), f"{line!r} is not in {printed}"

    def shell(self, body: str) -> None:
        """Run the block as the reader's shell would; earlier blocks are in its memory."""
        script, typed = self.folder / "doctest_blocks.py", self.folder / "typed.txt"
        script.write_text(DOCTEST, encoding="utf-8")
        typed.write_text(self.history + body, encoding="utf-8")
        settings = next(self.folder.glob("*/settings.py")).parent.name
        done = subprocess.run(
            [sys.executable, script, typed],
            cwd=self.folder,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": f"{settings}.settings"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        # Later blocks need the names, not the rows, of earlier ones.
        self.history += "".join(f"{line}\n" for line in lasting(body))

    def keep_running(self, command: str) -> None:
        command = command.replace("8000", f"{self.port} --noreload")
        self.terminals.append(
            subprocess.Popen(
                ["sh", "-c", f"exec {command}"],
                cwd=self.folder,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )

    def open(self, address: str) -> tuple[str, str]:
        """Return the address that a page ends at and its text; wait until the server is up."""
        page = address.replace("8000", str(self.port))
        for _ in range(100):
            try:
                with urlopen(page, timeout=20) as answer:  # noqa: S310
                    return answer.url, answer.read().decode()
            except URLError as error:
                if not isinstance(error.reason, ConnectionRefusedError):
                    raise
                time.sleep(0.1)
        raise AssertionError("The web server did not start.")

    def leave(self) -> None:
        """Press Ctrl-C in each terminal."""
        for process in self.terminals:
            process.send_signal(signal.SIGINT)
        for process in self.terminals:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def lasting(body: str) -> list[str]:
    """Return the lines of a block that only import, or fetch what it has saved."""
    lines = [line for line in body.splitlines() if line.startswith((">>> import ", ">>> from "))]
    if ">>> model.save()" in body:
        name = re.search(r'name="([^"]+)",\n\.\.\.     technique', body)
        assert name is not None
        lines.append(f'>>> model = StatisticalModel.objects.get(name="{name[1]}")')
    return lines
