"""Settings of the tests: SQLite in a file of its own, or the server that DATABASE_URL names."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


def database(url: str) -> dict[str, Any]:
    """Return the ``DATABASES`` entry of a ``postgresql://`` or ``sqlite:///path`` address."""
    parts = urlsplit(url)
    if parts.scheme.startswith("postgres"):
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "postgres",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host", parts.hostname or ""),
            "PORT": query.get("port", str(parts.port or "")),
            "TEST": {"NAME": f"test_headwater_{os.getpid()}"},
        }
    path = parts.path.removeprefix("/") if parts.path.startswith("//") else parts.path
    name = path or str(Path(tempfile.gettempdir()) / f"headwater-tests-{os.getpid()}.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        # A file, not memory: threads and worker processes of the tests share it.
        "TEST": {"NAME": f"{name}.test"},
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "sqlite://"))}

SECRET_KEY = "only for tests"
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
ROOT_URLCONF = "tests.urls"
STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "headwater.sources",
    "headwater.learning",
    "headwater.networks",
    "headwater.segmentation",
    "headwater.classification",
    "headwater.spam",
    "headwater.stockandflow",
    "headwater.console",
    "headwater_demo",
    "headwater_demo.smartdjango",
    "headwater_demo.shop",
    "headwater_demo.restaurant",
    "headwater_demo.delivery",
    "tests.stockapp",
    "tests.testapp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

TASKS = {
    "default": {
        "BACKEND": os.environ.get(
            "HEADWATER_TEST_TASK_BACKEND", "django_tasks.backends.immediate.ImmediateBackend"
        )
    }
}
HEADWATER: dict[str, Any] = {
    "THREADS": 1,
    "DATASET_ROOT": str(Path(tempfile.gettempdir()) / f"headwater-datasets-{os.getpid()}"),
}
LEASE_OVERRIDE = os.environ.get("HEADWATER_TEST_LEASE_SECONDS")
if LEASE_OVERRIDE:
    HEADWATER["LEASE_SECONDS"] = int(LEASE_OVERRIDE)
