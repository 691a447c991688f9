"""Other processes on the database of the running test: workers that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment(**extra: str) -> dict[str, str]:
    """Return an environment in which ``tests.settings`` names the database of this test."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{given['NAME']}"
    else:
        user, password = quote(given["USER"]), quote(given["PASSWORD"])
        query = f"host={quote(given['HOST'], safe='')}&port={given['PORT']}".removesuffix("&port=")
        url = f"postgresql://{user}:{password}@/{given['NAME']}?{query}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
        "HEADWATER_TEST_LEASE_SECONDS": "2",
        **extra,
    }


def start(*arguments: str, **extra: str) -> subprocess.Popen[str]:
    """Start Python with ``arguments`` on the database of this test."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(condition: Callable[[], Any], *, seconds: float = 30, what: str) -> Any:
    """Return the first true value of ``condition``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds} s")
