"""What the numbers were measured on, without names of machines or folders."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

LIBRARIES = ("Django", "numpy", "scipy", "scikit-learn", "bayespy", "psycopg")


def machine() -> str:
    """Return one sentence: cores, architecture, Python and libraries."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()}), "
        f"Python {platform.python_version()}, {libraries}."
    )
