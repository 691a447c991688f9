"""The form that makes and changes a spam filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from headwater.classification.models import Classifier
from headwater.learning.models import StatisticalModel
from headwater.spam.models import SpamFilter
from tests.spam.conftest import make_filter
from tests.testapp.models import CommentPreTraining, Person

__all__ = ["make_filter"]
pytestmark = pytest.mark.django_db


def filled(**changes: Any) -> dict[str, Any]:
    """Return the form as it comes, with what a person fills in."""
    values: dict[str, Any] = {
        "name": "Enquiries",
        "pretraining_weight": "1.0",
        "pretraining_fades": "on",
        "ham_below": "0.2",
        "spam_from": "0.9",
        "audit_share": "0.02",
        "online_updates": "on",
        "shown_rows": "",
        "rows": "",
        "p_kind": "bag_of_words",
        "p_normalise": "on",
        "p_lowercase": "on",
        "p_words": "on",
        "p_word_ngram_min": "1",
        "p_word_ngram_max": "2",
        "p_characters": "char_wb",
        "p_character_ngram_min": "2",
        "p_character_ngram_max": "4",
        "p_features": "on",
        "p_min_df": "2",
        "p_max_df": "0.85",
        "p_stop_words": "none",
        "p_tf_idf": "on",
        "p_sublinear_tf": "on",
        "p_max_length": "20000",
        "p_code_points_length": "256",
        "v_folds": "10",
        "v_metric": "accuracy",
        "v_calibration": "sigmoid",
        "v_seed": "42",
        "recalculate": "manual",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


CREATE = "headwater:filter-create"


def test_a_name_is_enough(page: Client, analyst: User) -> None:
    first = page.get(reverse(CREATE), {"name": "Enquiries"})
    assert "“Enquiries” (enquirys)" in text_of(first)
    assert first.context["form"]["name"].value() == "Enquiries"
    response = page.post(reverse(CREATE), filled())
    made = SpamFilter.objects.get()
    assert response.url == reverse("headwater:filter", args=[made.pk])
    assert made.owner == analyst
    assert made.technique == "text_filter"
    assert made.rows is None
    assert made.parameters["word_ngram_max"] == 2
    assert made.evaluation["folds"] == 10
    assert (made.ham_below, made.spam_from, made.online_updates) == (0.2, 0.9, True)
    made.full_clean()
    # Its form shows what it is and saves it as it is.
    edit = reverse("headwater:filter-edit", args=[made.pk])
    assert "enquirys" in text_of(page.get(edit))
    page.post(edit, filled(description="Of the contact form", p_words=None))
    again = SpamFilter.objects.get()
    assert again.description == "Of the contact form"
    assert again.parameters == made.parameters | {"words": False}


def test_the_form_as_it_comes_is_the_default_filter(page: Client) -> None:
    form = page.get(reverse(CREATE)).context["form"]
    given = {
        name: value
        for name in form.fields
        if (value := form[name].value()) not in (None, False, "", [])
    }
    given |= {name: "on" for name, value in given.items() if value is True}
    page.post(reverse(CREATE), given | {"name": "As it comes"})
    made = SpamFilter.objects.get()
    fresh = SpamFilter(name="Fresh")
    for name in ("ham_below", "spam_from", "audit_share", "pretraining_fades", "classifier_id"):
        assert getattr(made, name) == getattr(fresh, name)
    assert made.definition()["evaluation"] == fresh.definition()["evaluation"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "Give it a name."),
        ({"ham_below": "0.9", "spam_from": "0.1"}, "spam_from", "Both lie from 0 to 1"),
        ({"audit_share": "2"}, "audit_share", "less than or equal to 1"),
        ({"p_word_ngram_min": "3"}, "p_word_ngram_min", "It can be 2 at most."),
        ({"p_max_features": "-4"}, "p_max_features", "whole number from 1"),
        ({"p_given_stop_words": "the"}, "p_given_stop_words", "does not use them"),
        ({"v_folds": "1"}, "v_folds", "from 2 to 50"),
        ({"v_search": '{"D": [1]}'}, "v_search", "“D”"),
        ({"v_search": "[1"}, "v_search", "JSON"),
        (
            {"v_search": str({"C": [*range(1, 41)]}).replace("'", '"'), "v_folds": "30"},
            "v_search",
            "40 settings in 30 parts, which are 1,200 trainings; it takes at most 1,000",
        ),
        ({"classifier": "999"}, "classifier", "Select a valid choice"),
        ({"pretraining": ["auth.User"]}, "pretraining", "Select a valid choice"),
        ({"rows": "auth.user", "shown_rows": "auth.user"}, "rows", "Select a valid choice"),
        ({"counter_threshold": "0"}, "counter_threshold", "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    page: Client, changes: dict[str, Any], field: str, sentence: str
) -> None:
    response = page.post(reverse(CREATE), filled(**changes))
    assert response.status_code == 422
    errors = " ".join(response.context["form"].errors.get(field, []))
    assert sentence in errors
    assert f'href="#id_{field}"' in text_of(response)
    assert not SpamFilter.objects.exists()


def test_a_name_that_is_taken_is_refused(
    page: Client, make_filter: Callable[..., SpamFilter]
) -> None:
    make_filter(name="Enquiries")
    response = page.post(reverse(CREATE), filled())
    assert response.status_code == 422
    assert "of that name already. Choose another name." in text_of(response)
    assert SpamFilter.objects.count() == 1


def test_rows_of_another_model_need_a_text_and_a_label(page: Client) -> None:
    chosen = filled(name="People", rows="testapp.person")
    part = page.get(reverse(CREATE), chosen)
    assert 'name="text_columns"' in text_of(part)
    behind = page.post(reverse(CREATE), chosen | {"label_column": "name"})
    assert behind.status_code == 200
    assert "The fields below now fit the rows" in text_of(behind)
    given = filled(name="People", rows="testapp.person", shown_rows="testapp.person")
    refused = page.post(reverse(CREATE), given)
    errors = refused.context["form"].errors
    assert "Name its fields with text" in errors["text_columns"][0]
    texts = [value for value, _ in refused.context["form"].fields["text_columns"].choices]
    assert "notes" in texts
    assert "password" not in texts
    secret = SpamFilter(name="Secrets", rows=ContentType.objects.get_for_model(Person))
    secret.text_columns = ["password"]
    assert "keeps a secret" in " ".join(secret.problems()["text_columns"])
    labels = [value for value, _ in refused.context["form"].fields["label_column"].choices]
    given |= {"text_columns": ["notes"], "label_column": labels[1]}
    assert page.post(reverse(CREATE), given).status_code == 302
    made = SpamFilter.objects.get()
    assert made.rows is not None
    assert made.rows.model == "person"
    assert made.text_columns == ["notes"]
    # Without the model its fields go too.
    page.post(reverse("headwater:filter-edit", args=[made.pk]), filled(shown_rows="testapp.person"))
    page.post(reverse("headwater:filter-edit", args=[made.pk]), filled())
    made.refresh_from_db()
    assert (made.rows, made.text_columns, made.label_column) == (None, [], "")


def test_classifiers_and_pretraining_are_chosen(page: Client) -> None:
    chosen = Classifier.objects.create(name="Bayes", technique="multinomial_nb")
    CommentPreTraining.objects.create(content="Buy", is_spam=True)
    label = "testapp.CommentPreTraining"
    assert "1 row: 1 spam, 0 not spam" in text_of(page.get(reverse(CREATE)))
    searched = {"classifier": str(chosen.pk), "v_search": '{"alpha": [0.1, 1]}'}
    page.post(reverse(CREATE), filled(pretraining=[label], **searched))
    made = SpamFilter.objects.get()
    assert made.classifier == StatisticalModel.objects.get(name="Bayes")
    assert made.pretraining == [label]
    wrong = page.post(
        reverse("headwater:filter-edit", args=[made.pk]), filled(v_search='{"alpha": [0.1]}')
    )
    assert "“alpha”" in text_of(wrong)  # the default classifier has no such setting
    made.refresh_from_db()
    assert made.classifier is not None


def test_only_what_a_person_may_see_is_offered(
    client: Client, make_filter: Callable[..., SpamFilter], make_user: Callable[..., User]
) -> None:
    hidden = Classifier.objects.create(name="Hidden", technique="multinomial_nb")
    label = "testapp.CommentPreTraining"
    spam_filter = make_filter(pretraining=[label], classifier=hidden)
    client.force_login(make_user("eve", "add_spamfilter", "change_spamfilter", "view_spamfilter"))
    fresh = client.get(reverse(CREATE)).context["form"]
    assert fresh.fields["pretraining"].choices == []
    assert [value for value, _ in fresh.fields["classifier"].choices] == [""]
    assert [value for value, _ in fresh.fields["rows"].choices] == [""]
    # What the filter has already stays, without saying more of it.
    edit = reverse("headwater:filter-edit", args=[spam_filter.pk])
    page = client.get(edit)
    assert "Hidden" not in text_of(page)
    given = filled(name="Comments", pretraining=[label], classifier=str(hidden.pk))
    assert client.post(edit, given).status_code == 302
    spam_filter.refresh_from_db()
    assert spam_filter.classifier_id == hidden.pk
    assert client.post(reverse(CREATE), filled(pretraining=[label])).status_code == 422


def test_a_classifier_of_another_person_says_whose_it_is(
    client: Client, page: Client, analyst: User, make_user: Callable[..., User]
) -> None:
    olga = make_user("olga", "add_spamfilter")
    Classifier.objects.create(name="Bayes", technique="multinomial_nb", owner=olga)
    own = Classifier.objects.create(name="Mine", technique="linear_svc", owner=analyst)
    choices = dict(page.get(reverse(CREATE)).context["form"].fields["classifier"].choices)
    assert choices[""] == "The default: linear support vector machine, C = 1"
    assert {*choices.values()} > {
        "Bayes (Multinomial naive Bayes), of olga",
        "Mine (Linear support vector machine)",
    }
    # Who may not see another's classifier can neither find it nor guess its number.
    client.force_login(olga)
    offered = client.get(reverse(CREATE)).context["form"].fields["classifier"].choices
    assert [name for _, name in offered][1:] == ["Bayes (Multinomial naive Bayes)"]
    refused = client.post(reverse(CREATE), filled(classifier=str(own.pk)))
    assert refused.status_code == 422
    assert not SpamFilter.objects.exists()


def test_dates_of_the_models_that_name_it_are_offered(
    page: Client, make_filter: Callable[..., SpamFilter]
) -> None:
    spam_filter = make_filter()
    edit = reverse("headwater:filter-edit", args=[spam_filter.pk])
    field = page.get(edit).context["form"].fields["v_time_column"]
    assert [value for value, _ in field.choices] == ["", "created_at"]
    page.post(edit, filled(name="Comments", v_time_column="created_at"))
    spam_filter.refresh_from_db()
    assert spam_filter.evaluation["time_column"] == "created_at"
