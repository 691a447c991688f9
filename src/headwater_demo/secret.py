"""Secrets that are made on first use and kept in a file that only their owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(path: Path, *, length: int) -> str:
    """Return the secret in ``path``; make it, of ``length`` random bytes, where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return path.read_text().strip() or _make(path, length)
    except FileNotFoundError:
        return _make(path, length)


def _make(path: Path, length: int) -> str:
    secret = secrets.token_urlsafe(length)
    # Written beside and linked into place, so that no other process reads half of it, and the
    # first of two that start together wins.
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
    try:
        if path.exists() and not path.read_text().strip():
            path.unlink()
        os.link(beside, path)
    except FileExistsError:
        return path.read_text().strip()
    finally:
        beside.unlink()
    return secret
