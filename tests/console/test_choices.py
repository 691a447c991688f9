"""Models that share a name are told apart in lists."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User

from headwater.console.choices import model_choices
from tests.testapp.models import Member, Person


def names(user: User) -> dict[str, str]:
    return {value: name for _, choices in model_choices(user) for value, name in choices}


def test_a_name_that_two_apps_have_comes_with_the_app(
    analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names(analyst)
    assert before["testapp.person"] == "Person"
    monkeypatch.setattr(User._meta, "verbose_name", "person")
    app = Person._meta.app_config.verbose_name
    after = names(analyst)
    assert after["testapp.person"] == f"Person ({app})"
    assert after["auth.user"] == "Person (Authentication and Authorization)"
    assert after["testapp.member"] == before["testapp.member"]


def test_a_name_that_one_app_has_twice_comes_as_code_has_it(
    analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Member._meta, "verbose_name", "person")
    after = names(analyst)
    assert after["testapp.person"] == "Person (testapp.Person)"
    assert after["testapp.member"] == "Person (testapp.Member)"
    assert Group._meta.label_lower not in after  # it has no column to learn from
