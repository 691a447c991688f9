"""The package offers verbs, also those that live in a module of their own name."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("first", ["balance", "count", "diff"])
def test_a_verb_is_a_verb_whatever_was_imported_before(first: str) -> None:
    # In a process of its own: what is imported here already would hide it.
    code = f"""
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth",
    "headwater.stockandflow"])
django.setup()
import headwater.stockandflow.{first}
from headwater.stockandflow import balance, count_stocks, diff_partition
print(*(verb.__name__ for verb in (balance, count_stocks, diff_partition)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["balance", "count_stocks", "diff_partition"], done.stderr
