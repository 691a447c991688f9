"""Wording: templates that people change, with figures by name and nothing else in them."""

from __future__ import annotations

import pytest

from headwater.segmentation.insight import insights_of
from headwater.segmentation.models import Wording
from headwater.segmentation.placeholders import filled, placeholders_of
from headwater.segmentation.rules import RULES
from headwater.segmentation.wording import (
    TEXTS,
    WordingError,
    change_wording,
    changed_rules,
    problems_of,
    reset_wording,
    rules_for,
)
from headwater.sources.reads import rows_key
from tests.segmentation.rows import blobs, make_analysis, make_dataset, person

BY_KEY = {rule.key: rule for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_built_in_templates_name_only_figures_that_their_rule_knows(rule: object) -> None:
    texts = {name: getattr(rule, name) for name in TEXTS}
    assert problems_of(rule, texts) == {}  # type: ignore[arg-type]


def test_keys_are_unique_and_the_last_rule_asks_for_nothing() -> None:
    assert len(BY_KEY) == len(RULES)
    assert RULES[-1].conditions == ()
    assert RULES[-1].least_share == 0.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It is $sise.", "“$sise” is no figure that this rule knows. There are $name, $letter,"),
        ("$price_value and $x", "“$price_value” and “$x” are no figures that this rule knows."),
        ("${size.__class__}", "has a “$” that begins no figure"),
        ("${size[0]}", "has a “$” that begins no figure"),
        ("10 $", "has a “$” that begins no figure"),
        ("  ", "The insight is empty."),
        ("x" * 1001, "1,001 characters; it may have at most 1,000"),
    ],
)
def test_what_is_no_template_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    found = problems_of(BY_KEY["often"], {"insight": text})
    assert list(found) == ["insight"]
    assert sentence in found["insight"]


def test_the_sentence_lists_what_there_is() -> None:
    (told,) = problems_of(BY_KEY["often"], {"message": "$nothing"}).values()
    for one in placeholders_of(BY_KEY["often"]):
        assert f"${one.name}" in told
    assert "$frequency_value" in told


def test_figures_are_put_in_as_they_are() -> None:
    figures = {"size": "1,204", "name": "{0.__class__} $share %s", "share": "31%"}
    assert filled("$name: ${size}x $$5", figures) == "{0.__class__} $share %s: 1,204x $5"


@pytest.mark.django_db
def test_a_changed_text_speaks_for_the_same_rows_and_can_be_reset() -> None:
    values = {name: column for name, column in blobs((30, 20)).items() if name != "visits"}
    dataset, other = make_dataset(values), make_dataset(values, name="Others")
    fit, elsewhere = (
        make_analysis(one, "k_means", n_clusters=2).perform_inference() for one in (dataset, other)
    )
    rows = rows_key(fit.source)
    before = insights_of(fit)
    (low,) = (letter for letter, told in before.items() if told.rule == "spent_less")
    change_wording(
        rows, "spent_less", {"message": "Dear  all $size,\nsee $$5 off.", "insight": "So few."},
        person(),
    )  # fmt: skip
    after = insights_of(fit)
    size = next(group["size"] for group in fit.summary["groups"] if group["letter"] == low)
    assert after[low].message == f"Dear all {size}, see $5 off."
    assert after[low].insight == "So few."
    assert after[low].recommendation == before[low].recommendation
    assert {letter: told for letter, told in after.items() if letter != low} == {
        letter: told for letter, told in before.items() if letter != low
    }
    assert insights_of(elsewhere)[low].insight != "So few."
    assert changed_rules(rows) == {"spent_less"}
    assert Wording.objects.get(rows=rows).changed_by == person()
    # going back to a built-in text is no change any more
    change_wording(rows, "spent_less", {"message": BY_KEY["spent_less"].message}, None)
    assert Wording.objects.get(rows=rows).rules == [{"key": "spent_less", "insight": "So few."}]
    change_wording(rows, "often", {"message": ""}, None)  # no message is a choice
    assert next(rule for rule in rules_for(rows) if rule.key == "often").message == ""
    reset_wording(rows, "spent_less")
    assert insights_of(fit) == before
    assert changed_rules(rows) == {"often"}
    reset_wording(rows)
    assert rules_for(rows) == RULES
    assert not Wording.objects.exists()


@pytest.mark.django_db
def test_nothing_is_kept_of_a_bad_text_or_of_no_rule() -> None:
    with pytest.raises(WordingError) as refused:
        change_wording("dataset:1", "often", {"insight": "$x", "message": "Fine."}, None)
    assert set(refused.value.errors) == {"insight"}
    with pytest.raises(WordingError, match="no rule “oftn”"):
        change_wording("dataset:1", "oftn", {}, None)
    with pytest.raises(WordingError, match="no text “title”; it has insight, recommendation and"):
        change_wording("dataset:1", "often", {"title": "x"}, None)
    assert not Wording.objects.exists()
    Wording.objects.create(rows="dataset:1", rules=[{"key": "a_rule_of_before", "insight": "Old"}])
    assert rules_for("dataset:1") == RULES
