"""System checks of what the project states."""

from __future__ import annotations
