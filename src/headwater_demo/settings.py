"""Settings of the demo site. It listens on this machine only; its data lie in one folder.

``HEADWATER_DEMO_DIR`` names that folder (default ``var`` in the current one), ``DATABASE_URL`` a
PostgreSQL to use in place of the SQLite file, ``HEADWATER_DEMO_USERS`` the number of users that
SmartDjango has at first.
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from headwater.conf import APPS
from headwater_demo.database import from_url, sqlite
from headwater_demo.secret import kept_secret
from headwater_demo.users_option import users_setting

DEMO_DIR = Path(os.environ.get("HEADWATER_DEMO_DIR", "var")).resolve()
"""Everything the demo makes: database, secrets, collected static files."""

SECRET_KEY = kept_secret(DEMO_DIR / "secret_key", length=50)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_tasks",
    "django_tasks_db",
    *APPS,
    "headwater_demo",
    "headwater_demo.smartdjango",
    "headwater_demo.shop",
    "headwater_demo.restaurant",
    "headwater_demo.delivery",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "headwater_demo.urls"
WSGI_APPLICATION = "headwater_demo.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {
    "default": from_url(DATABASE_URL) if DATABASE_URL else sqlite(DEMO_DIR / "demo.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A fit whose worker has died is noticed after this long.
HEADWATER = {"LEASE_SECONDS": 20, "DATASET_ROOT": str(DEMO_DIR / "datasets")}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

HEADWATER_DEMO_USERS = users_setting(os.environ.get("HEADWATER_DEMO_USERS", "200"))
# What every visit of a page of SmartDjango goes through, in this order. A project adds its own.
SMARTDJANGO_METRICS = [
    "headwater_demo.smartdjango.metrics.average_by_type",
    "headwater_demo.smartdjango.metrics.average_over_all",
    "headwater_demo.smartdjango.metrics.count_for_refit",
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "headwater:sign-in"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DEMO_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Pages of the console send a policy of their own; these are for all others.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Other sites on “localhost” keep their own cookies.
SESSION_COOKIE_NAME = "headwater_demo_session"
CSRF_COOKIE_NAME = "headwater_demo_csrf"
CSRF_COOKIE_HTTPONLY = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname:<7} {name}: {message}",
            "datefmt": "%H:%M:%S",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Its own handler mails the admins, of whom there are none.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "headwater": {"level": "INFO"},
    },
}
