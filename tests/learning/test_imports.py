"""A web process that never fits never pays for numbers: set-up imports and asks nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
import django
from django.db.backends.utils import CursorWrapper

def refuse(*args, **kwargs):
    raise AssertionError("a query at import")

CursorWrapper.execute = refuse
django.setup()
from django.contrib import admin
admin.autodiscover()
import headwater.learning.admin, headwater.learning.request, headwater.learning.tasks
import headwater.learning.cancel, headwater.learning.targets, headwater.learning.validate
import headwater.learning.count, headwater.learning.changes, headwater.learning.schedule
import headwater.learning.pending, headwater.learning.on_create, headwater.learning.follow
import headwater.learning.compare, headwater.sources.kinds, headwater.sources.filters
import headwater.networks.admin, headwater.networks.validate, headwater.networks.state
import headwater.segmentation.study, headwater.segmentation.tasks, headwater.segmentation.rerun
import headwater.segmentation.write_to_field, headwater.segmentation.segment_lists
import headwater.segmentation.comparable, headwater.segmentation.assign_rule
import headwater.spam.admin, headwater.spam.judge, headwater.spam.pending, headwater.spam.state
import headwater.spam.predict, headwater.spam.replay, headwater.spam.thresholds
import headwater.spam.pretraining, headwater.spam.request, headwater.spam.tasks
import headwater.networks.atypical, headwater.networks.restate, headwater.networks.informed
loaded = {name.split(".")[0] for name in sys.modules}
print(",".join(sorted(loaded & {"numpy", "scipy", "sklearn", "skops", "bayespy"})))
"""


def test_set_up_is_light() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
