"""``manage.py fit NAME``."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from headwater.learning.models import FitStatus
from headwater.learning.request import open_fit

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Any]


def test_it_fits_and_says_what_came_of_it(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    out = io.StringIO()
    call_command("fit", "People", stdout=out)
    assert "“People”: 2 groups in 30 rows" in out.getvalue()
    assert "30 labels changed in dmf:testapp.Person.group" in out.getvalue()
    assert model.fits.get().status == FitStatus.SUCCEEDED


def test_progress_is_shown(
    make_people: Make, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from headwater.learning import reporter
    from headwater.learning.management.commands import fit as command

    monkeypatch.setattr(reporter, "SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(command, "SECONDS_BETWEEN", 0.02)
    make_people(60)
    make_model(engine_meta_iterations=150)
    out = io.StringIO()
    call_command("fit", "People", stdout=out)
    assert "of 150, iteration" in out.getvalue()


def test_an_unknown_name(make_model: Make) -> None:
    make_model()
    with pytest.raises(CommandError, match=r"no statistical model “Peple”. There are: People\."):
        call_command("fit", "Peple")


def test_a_failed_fit_is_an_error(make_model: Make) -> None:
    make_model()
    with pytest.raises(CommandError, match=r"There are no rows of testapp\.Person"):
        call_command("fit", "People", stdout=io.StringIO())


def test_a_fit_that_runs_already(make_model: Make) -> None:
    open_fit(make_model())
    with pytest.raises(CommandError, match="waits for a worker already"):
        call_command("fit", "People", stdout=io.StringIO())


def test_in_the_background(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    out = io.StringIO()
    call_command("fit", "People", "--background", stdout=out)
    assert "waits for a worker" in out.getvalue()
    assert model.fits.get().status == FitStatus.SUCCEEDED  # Immediate, in tests


def test_a_backend_that_is_down(
    make_people: Make, make_model: Make, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HEADWATER = {"TASK_BACKEND": "gone"}
    model = make_model()
    fit = model.request_inference()
    fit.refresh_from_db()
    assert fit.status == FitStatus.FAILED
    assert "The task backend “gone” could not take the fit" in fit.error
