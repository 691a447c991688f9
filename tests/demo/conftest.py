"""What the demo's tests share: its folder, its pages, its people."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User

from headwater_demo.people import load_people
from headwater_demo.shop.load import DATA
from headwater_demo.smartdjango.load import load_users


def chance(seed: int) -> random.Random:
    """Return numbers by chance that are the same in every run."""
    return random.Random(seed)  # noqa: S311 - nothing secret


@pytest.fixture(autouse=True)
def demo_folder(settings: Any, tmp_path: Path) -> Path:
    """A folder of the test's own for everything that the demo makes."""
    settings.DEMO_DIR = tmp_path
    settings.LOGIN_URL = "headwater:sign-in"
    return tmp_path


@pytest.fixture
def small_shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The shop's files as they are, but only the customers with a number below 12,450."""
    for name in ("customers.csv", "customer_months.csv"):
        head, *rows = (DATA / name).read_text().splitlines()
        kept = [row for row in rows if int(row.split(",")[0]) < 12_450]
        (tmp_path / name).write_text("\n".join([head, *kept]) + "\n")
    monkeypatch.setattr("headwater_demo.shop.load.DATA", tmp_path)


@pytest.fixture
def admin(db: None) -> User:
    """The person who may do everything, among 40 generated users."""
    load_users(40)
    load_people("a password of the tests")
    return User.objects.get(username="demo")


@pytest.fixture
def analyst(admin: User) -> User:
    """The person who may look."""
    return User.objects.get(username="analyst")


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody who can sign in and may do nothing."""
    return User.objects.create_user("stranger", password="x")


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], AbstractContextManager[None]]:
    """Return a context in which tokens are made as if it were so many seconds ago."""

    @contextmanager
    def ago(seconds: float) -> Iterator[None]:
        with monkeypatch.context() as patched:
            then = SimpleNamespace(time=lambda: time.time() - seconds)
            patched.setattr("django.core.signing.time", then)
            yield

    return ago
