"""Secrets that are made on first use and kept in a file that only their owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from tempfile import mkstemp


def kept_secret(path: Path, *, length: int) -> str:
    """Return the secret in ``path``; make it, of ``length`` random bytes, where there is none."""
    if path.exists():
        kept = path.read_text().strip()
        if kept:
            return kept
        path.unlink()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written beside and linked into place: nobody reads half of it, and of two that start
    # together the first one's secret is the one that both get.
    descriptor, name = mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(length) + "\n")
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
    return path.read_text().strip()
