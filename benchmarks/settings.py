"""Settings of the benchmarks: one app, one database (``DATABASE_URL``, or a SQLite file)."""

from __future__ import annotations

import os
from pathlib import Path

from headwater_demo.database import from_url, sqlite

SECRET_KEY = "only for benchmarks"  # noqa: S105
URL = os.environ.get("DATABASE_URL", "")
DATABASES = {
    "default": from_url(URL) if URL else sqlite(Path(os.environ["BENCHMARK_FOLDER"]) / "db.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "headwater.sources",
    "headwater.learning",
    "headwater.networks",
    "headwater.segmentation",
    "headwater.classification",
    "headwater.spam",
    "headwater.stockandflow",
    "benchmarks.visits",
]
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
