"""Settings of the demo: the database's address, the secrets, the safe defaults."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from headwater_demo.database import from_url, sqlite
from headwater_demo.secret import kept_secret
from headwater_demo.users_option import users_setting


def test_database_url() -> None:
    found = from_url("postgresql://ann:s%40crt@db.example:5433/my%20shop")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert found["NAME"] == "my shop"
    assert (found["USER"], found["PASSWORD"]) == ("ann", "s@crt")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")


def test_database_url_with_a_socket() -> None:
    found = from_url("postgresql://postgres:@/postgres?host=/run/folder")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("/run/folder", "", "postgres")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://x/y", "must begin with “postgresql://”"),
        ("shop", "must begin with “postgresql://”"),
        ("postgresql://host:many/x", "port in DATABASE_URL is not a number"),
    ],
)
def test_database_url_that_does_not_fit(url: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        from_url(url)


def test_number_of_users() -> None:
    assert users_setting("2,000") == 2_000
    with pytest.raises(ImproperlyConfigured, match="HEADWATER_DEMO_USERS: the number of users was"):
        users_setting("many")


def test_sqlite_is_shared_by_two_processes(tmp_path: Path) -> None:
    options = sqlite(tmp_path / "x")["OPTIONS"]
    assert "journal_mode=WAL" in options["init_command"]
    assert options["transaction_mode"] == "IMMEDIATE"


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: kept_secret(path, length=30), range(16)))
    assert len(found) == 1
    assert len(found.pop()) >= 40
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_empty_secret_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("\n")
    assert len(kept_secret(path, length=30)) >= 40


def test_demo_settings_pass_the_checks(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "headwater_demo.settings",
        "HEADWATER_DEMO_DIR": str(tmp_path),
    }
    command = [sys.executable, "-W", "error", "-m", "django", "check", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "secret_key").exists()
