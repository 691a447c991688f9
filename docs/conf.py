"""The documentation: Sphinx, MyST, furo. ``make docs`` builds it; warnings are errors."""

from __future__ import annotations

import sys
from pathlib import Path

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

from headwater.conf import APPS

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django_tasks",
        "django_tasks_db",
        *APPS,
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
)
django.setup()

project = "Headwater"
copyright = "The Headwater developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "from_the_code"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Headwater"
html_show_sourcelink = False
html_show_copyright = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_use_ivar = True
napoleon_use_rtype = False
