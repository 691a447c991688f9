"""What cannot be learned is refused with a sentence that names it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from headwater.classification.checks import check_labels
from headwater.classification.label import label_errors, usable_labels
from headwater.classification.models import Classifier
from headwater.learning.models import StatisticalModel
from headwater.sources.kinds import usable_columns
from headwater.sources.models import Source
from tests.testapp.models import Comment, Enquiry, Person


def test_labels_that_teach_nothing_are_refused(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    classifier = make_classifier()

    def error() -> str:
        fit = classifier.perform_inference(recalculate=True)
        assert fit.status == "failed"
        return fit.error

    Person.objects.update(plan=None)
    assert "None of the 120 rows has a known label in “plan”" in error()
    Person.objects.filter(pk__lt=labelled[50].pk).update(plan="pro")
    assert "All labelled rows are of the class “pro”" in error()
    Person.objects.filter(pk=labelled[0].pk).update(plan="free")
    assert "The class “free” has a single labelled row" in error()
    # Nothing was written by any of them.
    assert set(Person.objects.values_list("segment", flat=True)) == {""}


def test_too_many_classes_are_refused(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    for at, person in enumerate(labelled):
        person.access_level = at % 60
    Person.objects.bulk_update(labelled, ["access_level"])
    classifier = make_classifier(of={"known_column": "access_level"})
    error = classifier.perform_inference().error
    assert "has 60 different labels; at most 50 classes are learned" in error


@pytest.mark.parametrize(
    ("of", "values", "sentence"),
    [
        ({"known_column": ""}, {}, "Say which column holds the known label"),
        ({"known_column": "nothing"}, {}, "has no “nothing”"),
        ({"known_column": "height"}, {}, "a number that can be anything in between"),
        ({"known_column": "born"}, {}, "is a DateField"),
        ({"known_column": "email"}, {}, "no place for labels"),
        ({"known_column": "password"}, {}, "keeps a secret"),
        ({"columns": ("x", "plan")}, {}, "the answer would be given away"),
        ({"columns": ("x", "name")}, {}, "holds free text"),
        ({}, {"evaluation": {"folds": 1}}, "a whole number from 2 to 50"),
        ({}, {"evaluation": {"time_column": "x"}}, "holds no dates"),
        ({}, {"evaluation": {"time_column": "then"}}, "has no “then”"),
        ({}, {"evaluation": {"search": '{"K": [1]}'}}, "There is no parameter “K”"),
        (
            {},
            {"evaluation": {"folds": 50, "search": json.dumps({"C": [*range(1, 31)]})}},
            "30 settings in 50 parts, which are 1,500 trainings",
        ),
        ({}, {"evaluation": []}, "Write an object of names and values"),
        ({}, {"parameters": {"C": -1}}, "a number above 0"),
        ({"known_column": "segment"}, {}, "would be replaced by what is predicted"),
    ],
)
def test_settings_that_do_not_fit_are_refused_before_anything_runs(
    labelled: list[Person],
    make_classifier: Callable[..., Classifier],
    of: dict[str, Any],
    values: dict[str, Any],
    sentence: str,
) -> None:
    classifier = make_classifier(of=of, **values)
    with pytest.raises(ValidationError) as refused:
        classifier.full_clean()
    assert sentence in " ".join(refused.value.messages)
    fit = classifier.perform_inference()
    assert fit.status == "failed"
    assert sentence in fit.error


def test_a_field_with_text_of_people_is_never_written_over(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    classifier = make_classifier(results_storage="dmf:testapp.Person.letter")
    Person.objects.filter(pk=labelled[0].pk).update(letter="A")  # which a group could be called
    with pytest.raises(ValidationError, match="holds values already, and they would be lost"):
        classifier.full_clean()
    assert "they would be lost" in classifier.perform_inference().error
    assert Person.objects.get(pk=labelled[0].pk).letter == "A"


def test_a_field_too_short_for_the_classes_is_refused(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    classifier = make_classifier(results_storage="dmf:testapp.Person.letter")
    fit = classifier.perform_inference()
    assert "need labels such as “free”" in fit.error
    assert "holds 1 characters" in fit.error


def test_labels_of_a_machine_train_no_machine(
    labelled: list[Person],
    make_classifier: Callable[..., Classifier],
    make_model: Callable[..., StatisticalModel],
) -> None:
    groups = make_model()
    assert groups.perform_inference().error == ""
    assert Person.objects.filter(group="A").exists()
    classifier = make_classifier(of={"known_column": "group"})
    with pytest.raises(ValidationError, match="A machine's label never trains a machine"):
        classifier.full_clean()
    assert "never trains a machine" in classifier.perform_inference().error
    # Nor what it says itself, in its next run.
    classifier.source.known_column = "segment"
    classifier.source.save()
    assert "would be replaced" in classifier.perform_inference().error


def test_a_class_that_nobody_said_cannot_be_looked_for(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    fit = make_classifier(evaluation={"positive": "team"}).perform_inference()
    assert "looked for is “team”, and no labelled row is of it" in fit.error


def test_a_classifier_without_rows_is_settings_only(db: None) -> None:
    settings = Classifier(name="SVM", technique="linear_svc", parameters={"C": 0.1})
    settings.full_clean()
    settings.save()
    assert "has no rows to learn from" in settings.perform_inference().error
    settings.results_storage = "dmf:testapp.Person.segment"
    with pytest.raises(ValidationError, match="there is nothing to write"):
        settings.full_clean()


def test_naive_bayes_says_that_scaled_columns_fall_below_zero(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    fit = make_classifier(technique="multinomial_nb").perform_inference()
    assert fit.status == "failed"
    assert "compares counts" in fit.error


def test_a_check_warns_of_a_label_that_is_gone(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    classifier = make_classifier()
    assert check_labels(databases=["default"]) == []
    classifier.source.known_column = "tariff"
    classifier.source.save()
    (warning,) = check_labels(databases=["default"])
    assert warning.id == "headwater.W601"
    assert warning.msg.startswith("The classifier “Plans” cannot be run: testapp.Person has no")
    assert check_labels() == []  # without a database nothing is asked


@pytest.mark.parametrize(
    ("model", "label", "columns", "field"),
    [
        (Comment, "is_spam", ["created_at"], "source"),
        (Comment, "is_revised", ["created_at"], "source"),
        (Comment, "author", ["spam_probability"], "columns"),
        (Comment, "author", ["created_at", "judged_by__engine_iterations"], "columns"),
    ],
)
def test_verdicts_of_a_spam_filter_train_no_machine(
    db: None,
    make_source: Callable[..., Any],
    make_classifier: Callable[..., Classifier],
    model: Any,
    label: str,
    columns: list[str],
    field: str,
) -> None:
    source = Source(
        content_type=ContentType.objects.get_for_model(model), columns=columns, known_column=label
    )
    source.save()
    classifier = make_classifier(source=source, results_storage="")
    judged = source if field == "columns" else classifier
    with pytest.raises(ValidationError) as refused:
        judged.full_clean()
    assert "A machine's label never trains a machine" in str(refused.value.message_dict[field])
    fit = classifier.perform_inference()
    assert fit.status == "failed"
    assert "never trains a machine" in fit.error
    # Nor are they offered.
    assert not {"is_spam", "is_revised"} & {*usable_labels(model)}
    offered = {info.lookup for info in usable_columns(model)}
    assert not any(name.startswith(("is_", "spam_", "judged_")) for name in offered)


def test_the_label_of_a_model_that_only_names_its_filter_trains_no_machine(db: None) -> None:
    enquiries = ContentType.objects.get_for_model(Enquiry)
    source = Source(content_type=enquiries, columns=["subject"], known_column="unwanted")
    assert "A machine's label never trains a machine" in label_errors(source, "")[0]
    assert "unwanted" not in usable_labels(Enquiry)
    assert "unwanted" not in {info.lookup for info in usable_columns(Enquiry)}
