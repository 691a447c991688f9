"""Definitions: what can be stated, and the sentence where it cannot."""

from __future__ import annotations

from tests.stockapp.stocks import stage


def test_state_names_come_from_the_choices() -> None:
    assert stage.state_names() == {"trial": "On trial", "paying": "Paying", "lapsed": "Lapsed"}
