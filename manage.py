#!/usr/bin/env python
"""Django's commands for the demo site: ``python manage.py load_demo --users 2000``."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headwater_demo.settings")
    os.environ.setdefault("HEADWATER_DEMO_DIR", str(Path(__file__).resolve().parent / "var"))
    execute_from_command_line(sys.argv)
