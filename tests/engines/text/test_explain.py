"""What pushes a verdict adds up to it, and reads as words."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from headwater.engines.classification.naive_bayes import MultinomialNB
from headwater.engines.classification.svc import SVC
from headwater.engines.text.explain import Explanation, explain
from headwater.engines.text.features import FEATURES, hand_made
from headwater.engines.text.told import figure_of, told
from tests.engines.text.filters import ODD, scorer, written

OFFER = "Subscribe to my channel!!! FREE watches, my channel http://free.example for you"


def summed(found: Explanation) -> float:
    return found.bias + found.rest + math.fsum(part.push for part in found.parts)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"characters": "char", "character_ngram_min": 1},
        {"words": False, "features": False},
        {"characters": "none", "stop_words": "english", "word_ngram_max": 3},
        {"tf_idf": False, "normalise": False, "lowercase": False},
        {"kind": "code_points", "code_points_length": 40},
    ],
)
def test_the_pushes_add_up_to_the_score(settings: dict[str, Any]) -> None:
    judges = scorer(count=120, **settings)
    for text in [OFFER, *written(15, 3)[0], *ODD]:
        for most in (3, 1_000_000):
            found = explain(judges, text, most=most)
            assert len(found.parts) <= most
            assert found.probability == judges.probability(text)
            assert found.score == judges.score(*judges.row(text))
            assert 1 / (1 + math.exp(-found.score)) == pytest.approx(found.probability, abs=1e-12)
            assert summed(found) == pytest.approx(found.score, abs=1e-9)
        # With all parts told, nothing is left.
        assert found.rest == pytest.approx(0, abs=1e-9)
        pushes = [abs(part.push) for part in found.parts]
        assert pushes == sorted(pushes, reverse=True)
        assert all(
            part.push == pytest.approx(part.value * part.weight, abs=1e-9)
            for part in found.parts
            if part.value and part.group != "feature"
        )


def test_pieces_are_told_with_the_words_that_they_lie_in() -> None:
    for characters in ("char_wb", "char"):
        judges = scorer(characters=characters, features=False)
        found = explain(judges, OFFER, most=100)
        terms = {part.term: part for part in found.parts}
        assert terms["channel"].value == 2
        assert terms["my channel"].value == 2
        assert terms["subscribe"].value == 1
        assert terms["subscribe"].push > 0
        assert terms["channel"].push == pytest.approx(2 * terms["channel"].weight)
        words = {
            *["subscribe", "to", "my", "channel", "free", "watches", "for", "you"],
            "http://free.example",
        }
        assert {part.term for part in found.parts if part.group == "characters"} <= words
        assert len(terms) == len(found.parts)


def test_a_word_whose_pieces_alone_are_known_is_told() -> None:
    found = explain(scorer(words=False, features=False), "we subscribed for watches", most=100)
    assert {part.group for part in found.parts} == {"characters"}
    pushes = {part.term: part.push for part in found.parts}
    assert pushes["subscribed"] > 0
    assert pushes["watches"] > 0


def test_features_are_told_in_words() -> None:
    found = explain(scorer(), OFFER + " http://other.example", most=100)
    terms = {part.term: part for part in found.parts if part.group == "feature"}
    assert terms["3 exclamation marks"].value == 3
    assert terms["3 exclamation marks"].push > 0


def test_a_feature_pushes_by_how_unusual_it_is() -> None:
    judges, (texts, _) = scorer(count=120), written(120, 0)
    usual = judges.representation.usual_features_
    figures = judges.representation.transform(texts)[:, -len(FEATURES) :].toarray()
    assert usual == pytest.approx(figures.mean(axis=0), abs=1e-12)
    found = explain(judges, "a watch", most=100)
    features = [part for part in found.parts if part.group == "feature"]
    missing = next(part for part in features if part.term == "no exclamation marks")
    place = FEATURES.index("exclamation marks")
    weight = judges.weights[-len(FEATURES) :][place]
    assert missing.push == pytest.approx(-weight * usual[place], abs=1e-12)
    # Over the texts learned from they sum to nothing: the mean text is what they are held against.
    total = math.fsum(
        part.push
        for text in texts
        for part in explain(judges, text, most=1_000).parts
        if part.group == "feature"
    )
    assert total == pytest.approx(0, abs=1e-9)


def test_every_feature_has_words() -> None:
    text = "HELLO you 12345 @me #tag <b>aaa</b> www.a.example $5! really?\nyes \N{FIRE} \x07"
    figures = dict(zip(FEATURES, hand_made(text), strict=True))
    assert all(figures.values())
    said = {name: told(name, figure) for name, figure in figures.items()}
    assert said["length"] == f"{len(text)} characters"
    assert said["links"] == "1 link"
    assert said["lines"] == "1 line break"
    assert said["symbols and emoji"] == "1 symbol or emoji"
    assert figure_of("capitals", figures["capitals"]) == pytest.approx(5 / len(text))
    assert "%" in said["words in capitals"]


def test_where_it_is_not_linear_each_part_is_left_out() -> None:
    judges = scorer(SVC, features=False, characters="none")
    text = "subscribe to the lovely song"
    found = explain(judges, text, most=100)
    assert not found.is_exact
    pushes = {part.term: part.push for part in found.parts}
    assert pushes["subscribe"] > 0 > pushes["lovely"]
    assert summed(found) == pytest.approx(found.score, abs=1e-9)
    # By hand: the same row without the column of the word.
    X = judges.representation.transform([text]).tolil()
    X[0, judges.representation.names_.index("subscribe")] = 0
    p = judges.estimator.predict_proba(X.tocsr())[0, 1]
    assert pushes["subscribe"] == pytest.approx(found.score - math.log(p / (1 - p)), abs=1e-9)
    for odd in ODD:
        assert summed(explain(judges, odd)) == pytest.approx(explain(judges, odd).score, abs=1e-9)


def test_naive_bayes_is_exact() -> None:
    found = explain(scorer(MultinomialNB, tf_idf=False, calibration="none"), OFFER, most=1_000)
    assert found.is_exact
    assert found.rest == pytest.approx(0, abs=1e-9)


def test_it_is_plain_json() -> None:
    found = explain(scorer(count=80), OFFER)
    assert len(found.parts) == 12
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["parts"][0]["term"]
