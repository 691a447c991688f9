"""The how-to pages do what they say: their blocks run in order, as one session."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
FENCE = re.compile(r"^```(python|pycon)\n(.*?)^```$", re.M | re.S)
PAGES = ("networks.md", "act-by-group.md", "track.md", "export-segments.md", "use-segments.md")
PAGES_ON_DATASETS = (
    "upload.md",
    "find-segments.md",
    "judge-segments.md",
    "classify.md",
    "moderate.md",
    "filter-spam.md",
)


@pytest.fixture
def smartdjango(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """Load the demo's users and models, and run those that the pages speak of."""
    from headwater.learning.models import StatisticalModel

    settings.DEMO_DIR = tmp_path
    call_command("load_demo", users=200, verbosity=0)
    model = StatisticalModel.objects.get(name="Clustering (Example)")
    model.engine_meta_iterations = 1
    model.save()
    model.perform_inference()


def run_page(page: Path) -> int:
    """Run the blocks of ``page`` in order and return how many examples were compared."""
    session: dict[str, Any] = {"__name__": "how_to"}
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for kind, block in FENCE.findall(page.read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(block, str(page), "exec"), session)  # noqa: S102 - our own document
        else:
            test = parser.get_doctest(block, session, page.name, str(page), 0)
            runner.run(test, clear_globs=False)
            session.update(test.globs)
    assert not runner.failures, f"{runner.failures} examples of {page.name} failed; see above"
    return runner.tries


@pytest.mark.parametrize("page", PAGES)
def test_a_page_works_as_written(smartdjango: None, page: str) -> None:
    from headwater.learning.models import StatisticalModel

    if page == "networks.md":  # which takes over the field of the demo's own model
        model = StatisticalModel.objects.get(name="Clustering (Example)")
        model.reset_inference()
        model.delete()
    assert run_page(HOW_TO / page) >= 5


@pytest.mark.parametrize("page", PAGES_ON_DATASETS)
def test_a_page_on_datasets_works_as_written(transactional_db: None, page: str) -> None:
    assert run_page(HOW_TO / page) >= 5
