"""Models that name a filter and no fitting fields are told so before anything runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from headwater.spam.checks import spammable_errors
from headwater.spam.models import IsSpammable, SpamFilter


def told(**names: Any) -> list[tuple[str | None, str]]:
    """Return the errors of a model with ``names``."""
    with isolate_apps("tests.testapp"):
        return _told(names)


def _told(names: dict[str, Any]) -> list[tuple[str | None, str]]:
    fields = {
        "text": models.TextField(),
        "n": models.IntegerField(),
        "label": models.BooleanField(null=True),
        "always": models.BooleanField(default=False),
    }
    meta = type("Meta", (), {"app_label": "testapp"})
    body = {"__module__": __name__, "Meta": meta, "SPAM_FILTER": "Some", **fields, **names}
    return [
        (message.id, message.msg)
        for message in spammable_errors(type("Judged", (models.Model,), body))
    ]


def test_names_that_do_not_fit() -> None:
    assert told(SPAMMABLE_FIELD="text", SPAM_LABEL_FIELD="label") == []
    assert told(SPAMMABLE_FIELD=("text",), SPAM_LABEL_FIELD="label") == []
    [(identity, sentence)] = told(SPAMMABLE_FIELD="txt", SPAM_LABEL_FIELD="label")
    assert identity == "headwater.E503"
    assert "has no field “txt”; it has id, text, n, label, always." in sentence
    [(identity, sentence)] = told(SPAMMABLE_FIELD=("text", "n"), SPAM_LABEL_FIELD="label")
    assert identity == "headwater.E503"
    assert "holds no text: its type is IntegerField" in sentence
    assert [one for one, _ in told(SPAM_LABEL_FIELD="label")] == ["headwater.E502"]
    assert [one for one, _ in told(SPAMMABLE_FIELD="text")] == ["headwater.E504"]
    for label, words in (("none", "no field"), ("n", "BooleanField"), ("always", "null=True")):
        [(identity, sentence)] = told(SPAMMABLE_FIELD="text", SPAM_LABEL_FIELD=label)
        assert identity == "headwater.E505"
        assert words in sentence
    (identity, _), *_ = told(SPAM_FILTER=3, SPAMMABLE_FIELD="text", SPAM_LABEL_FIELD="n")
    assert identity == "headwater.E501"


@isolate_apps("tests.testapp")
def test_a_model_with_the_base_class_needs_two_names() -> None:
    class Note(IsSpammable):
        SPAM_FILTER = "Notes"
        SPAMMABLE_FIELD = "text"
        text = models.TextField()

        class Meta:
            app_label = "testapp"

    assert spammable_errors(Note) == []


def test_the_checks_run() -> None:
    assert not [one for one in run_checks() if str(one.id).startswith("headwater.E5")]


@pytest.mark.django_db
def test_what_is_wrong_with_a_filter_is_told_by_field() -> None:
    from django.contrib.contenttypes.models import ContentType

    from headwater.learning.models import StatisticalModel
    from tests.testapp.models import Comment, Person

    groups = StatisticalModel.objects.create(name="Groups", technique="k_means")
    spam_filter: Any = SpamFilter(
        name="Wrong",
        parameters={"min_df": -1},
        evaluation={"folds": 1},
        ham_below=0.9,
        spam_from=0.1,
        pretraining=["testapp.Comment", "testapp.Nothing"],
        classifier=groups,
        results_storage="dmf:testapp.Person.group",
        text_columns=["text"],
    )
    spam_filter.technique = "text_filter"
    problems = spam_filter.problems()
    assert set(problems) == {
        "parameters",
        "evaluation",
        "spam_from",
        "pretraining",
        "classifier",
        "results_storage",
        "text_columns",
    }
    assert "“Groups” is no classifier" in problems["classifier"][0]
    assert len(problems["pretraining"]) == 2
    judged = ContentType.objects.get_for_model(Comment)
    for label in ("is_misclassified", "is_revised", "is_edited", "is_sampled"):
        own: Any = SpamFilter(name="Own", rows=judged, label_column=label)
        assert "written by its filter" in own.problems()["label_column"][0]
    assert SpamFilter(name="Own", rows=judged, label_column="is_spam").problems() == {}
    for evaluation, words in (
        ({"positive": "ham"}, "looks for spam"),
        ({"time_column": "author"}, "no field “author” with dates"),
        ({"search": '{"C": []}'}, "C"),
        ({"search": '{"kernel": ["rbf"]}'}, "kernel"),
    ):
        own = SpamFilter(name="Own", rows=judged, evaluation=evaluation)
        assert words in own.problems()["evaluation"][0]
    dated: Any = SpamFilter(name="Own", rows=judged, evaluation={"time_column": "created_at"})
    assert dated.problems() == {}
    people: Any = SpamFilter(name="People", rows=ContentType.objects.get_for_model(Person))
    assert set(people.problems()) == {"text_columns", "label_column"}
