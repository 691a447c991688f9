"""The documents build without a warning, and what they name is there."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from headwater.conf import Settings
from headwater.engines.catalog import ENCODING, TECHNIQUES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    page for page in (*DOCS.rglob("*.md"), *ROOT.glob("*.md")) if "_build" not in page.parts
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the documents as ``make docs`` does, into a folder of their own."""
    folder = tmp_path_factory.mktemp("docs")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_settings_and_techniques_stand_in_the_reference(built: Path) -> None:
    settings = (built / "reference" / "settings.html").read_text(encoding="utf-8")
    for field in fields(Settings):
        assert f">{field.name}<" in settings
    techniques = (built / "reference" / "techniques.html").read_text(encoding="utf-8")
    for technique in TECHNIQUES.values():
        assert technique.label in techniques
        for parameter in (*technique.parameters, *ENCODING):
            assert f">{parameter.name}<" in techniques


def test_every_technique_has_its_section() -> None:
    text = (DOCS / "reference" / "techniques.md").read_text(encoding="utf-8")
    assert re.findall(r"```\{technique\} (\w+)", text) == list(TECHNIQUES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_files_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_files_that_the_house_names_are_there() -> None:
    text = (DOCS / "architecture" / "index.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "headwater"
    named = set(re.findall(r"\b(?:[a-z_]+/)*[a-z_]+\.py\b", text))
    assert len(named) > 15
    there = {str(path.relative_to(package)) for path in package.rglob("*.py")}
    for name in named:
        assert any(path == name or path.endswith(f"/{name}") for path in there), name


def test_the_benchmarks_page_names_no_machine() -> None:
    text = (DOCS / "reference" / "benchmarks.md").read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|tmp|usr|Users)/|\b20\d\d-\d\d-\d\d\b", text)
