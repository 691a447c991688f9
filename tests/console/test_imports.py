"""A web process that only shows pages never pays for numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
import django
django.setup()
import headwater.console.urls
loaded = {name.split(".")[0] for name in sys.modules}
print(",".join(sorted(loaded & {"numpy", "scipy", "sklearn", "skops"})))
"""


def test_the_addresses_of_the_console_are_light() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
