"""Uploaded datasets lie outside of what is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from headwater.sources.checks import check_dataset_root
from headwater.sources.storage import dataset_root


def test_a_folder_of_its_own_is_fine(settings: Any, tmp_path: Path) -> None:
    settings.HEADWATER = {"DATASET_ROOT": str(tmp_path / "datasets")}
    settings.MEDIA_ROOT = str(tmp_path / "media")
    assert check_dataset_root() == []


def test_a_folder_that_is_served_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.HEADWATER = {"DATASET_ROOT": str(tmp_path / "datasets")}
    [error] = check_dataset_root()
    assert error.id == "headwater.E401"
    assert "inside of MEDIA_ROOT" in error.msg
    settings.STORAGES = {
        **settings.STORAGES,
        "headwater_datasets": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    assert check_dataset_root() == []


def test_the_default_lies_beside_the_project(settings: Any, tmp_path: Path) -> None:
    settings.HEADWATER = {}
    settings.BASE_DIR = tmp_path
    assert dataset_root() == tmp_path / "headwater-datasets"
