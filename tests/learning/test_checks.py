"""System checks: settings, the task backend, fields that are gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from headwater.conf import Settings
from headwater.conf import settings as headwater_settings
from headwater.learning.checks import check_settings, check_targets, check_tasks


def test_defaults(settings: Any) -> None:
    del settings.HEADWATER
    assert check_settings() == []
    assert headwater_settings() == Settings()


def test_an_unknown_key(settings: Any) -> None:
    settings.HEADWATER = {"LEASE_SECOND": 10}
    [error] = check_settings()
    assert error.id == "headwater.E002"
    assert error.msg == "settings.HEADWATER has the unknown key “LEASE_SECOND”."
    assert error.hint is not None
    assert error.hint.startswith("Did you mean “LEASE_SECONDS”? Known are")
    assert headwater_settings() == Settings()


@pytest.mark.parametrize(
    ("given", "takes"),
    [
        ({"LEASE_SECONDS": "60"}, "it takes a whole number of at least 1."),
        ({"LEASE_SECONDS": True}, "it takes a whole number of at least 1."),
        ({"BLOCK_ROWS": 0}, "it takes a whole number of at least 1."),
        ({"THREADS": 1.5}, "it takes a whole number of at least 1, or None."),
        ({"TASK_QUEUE": None}, "it takes a name."),
    ],
)
def test_a_wrong_type(settings: Any, given: dict[str, Any], takes: str) -> None:
    settings.HEADWATER = given
    [error] = check_settings()
    assert error.id == "headwater.E003"
    assert error.msg.endswith(takes)


def test_no_dict(settings: Any) -> None:
    settings.HEADWATER = ["LEASE_SECONDS"]
    assert [error.id for error in check_settings()] == ["headwater.E001"]


def test_the_task_backend(settings: Any) -> None:
    assert [message.id for message in check_tasks()] == ["headwater.W001"]  # Immediate, in tests
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    assert check_tasks() == []
    settings.HEADWATER = {"TASK_BACKEND": "fits"}
    [error] = check_tasks()
    assert error.id == "headwater.E004"
    assert error.msg == (
        "settings.TASKS has no backend “fits”, so no fit can run in the background."
    )
    del settings.TASKS
    settings.HEADWATER = {}
    assert [message.id for message in check_tasks()] == ["headwater.E004"]


@pytest.mark.django_db
def test_a_target_that_is_gone(make_model: Callable[..., Any]) -> None:
    make_model()
    assert check_targets(databases=["default"]) == []
    make_model(name="Old", results_storage="dmf:testapp.Person.old_group")
    [message] = check_targets(databases=["default"])
    assert message.id == "headwater.W002"
    assert "“Old” have nowhere to go" in message.msg
    assert check_targets() == []
