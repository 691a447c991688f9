"""Filters in the admin: made from named settings, run, asked to judge; and rows with verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client, RequestFactory
from django.urls import reverse

from headwater.engines.classification.declared import EVALUATION
from headwater.engines.text.declared import REPRESENTATION
from headwater.learning.models import Fit
from headwater.spam.admin import PreTrainingAdmin, SpammableAdmin
from headwater.spam.models import Decision, SpamFilter
from tests.spam.fakes import FakeScorer, serve_fake
from tests.testapp.models import Comment, CommentPreTraining, Enquiry

pytestmark = pytest.mark.django_db
FILTERS = "admin:headwater_spam_spamfilter"


def form(**values: Any) -> dict[str, Any]:
    """Return what the form posts with its defaults."""
    declared = {
        **{f"terms_{name}": value for name, value in REPRESENTATION.defaults().items()},
        **{f"judged_{name}": value for name, value in EVALUATION.defaults().items()},
    }
    posted = {
        "name": "Comments",
        "pretraining_weight": 1.0,
        "pretraining_fades": "on",
        "ham_below": 0.2,
        "spam_from": 0.9,
        "audit_share": 0.02,
        **{name: value for name, value in declared.items() if value not in (None, False)},
        **values,
    }
    return {name: value for name, value in posted.items() if value is not None}


@pytest.fixture
def boss(admin_client: Client) -> Client:
    """Return a client that may do everything."""
    return admin_client


def test_a_filter_is_made_from_named_settings(boss: Client) -> None:
    page = boss.get(reverse(f"{FILTERS}_add"))
    assert page.status_code == 200
    assert "Undo disguises" in page.text
    assert "testapp.CommentPreTraining" in page.text
    posted = form(
        terms_min_df=3,
        terms_stop_words="given",
        terms_given_stop_words="a, the",
        judged_folds=5,
        pretraining=["testapp.CommentPreTraining"],
    )
    response = boss.post(reverse(f"{FILTERS}_add"), posted)
    assert response.status_code == 302, response.context["adminform"].form.errors
    spam_filter: Any = SpamFilter.objects.get()
    assert spam_filter.parameters == {
        **REPRESENTATION.defaults(),
        "min_df": 3.0,
        "stop_words": "given",
        "given_stop_words": "a, the",
    }
    assert spam_filter.evaluation == {**EVALUATION.defaults(), "folds": 5}
    assert spam_filter.pretraining == ["testapp.CommentPreTraining"]
    assert spam_filter.text_columns == []
    page = boss.get(reverse(f"{FILTERS}_change", args=[spam_filter.pk]))
    assert page.context["adminform"].form["terms_min_df"].value() == 3
    assert "has no inference yet" in page.text


def test_what_does_not_fit_is_told_where_it_stands(boss: Client) -> None:
    response = boss.post(
        reverse(f"{FILTERS}_add"),
        form(terms_max_df=0, judged_folds=1, spam_from=0.1, label_column="is_spam"),
    )
    errors = response.context["adminform"].form.errors
    assert {"terms_max_df", "judged_folds", "spam_from", "label_column"} <= set(errors)
    assert not SpamFilter.objects.exists()


def test_a_filter_of_rows_that_one_may_not_view_is_refused(client: Client) -> None:
    user = User.objects.create_user("editor", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=("add_spamfilter", "view_spamfilter"))
    )
    client.force_login(user)
    response = client.post(reverse(f"{FILTERS}_add"), form())
    assert "You may not view rows of testapp.Comment" in response.text
    viewing = Permission.objects.filter(codename="view_comment")
    user.user_permissions.add(*viewing)
    assert client.post(reverse(f"{FILTERS}_add"), form()).status_code == 302


def test_the_actions(boss: Client, django_capture_on_commit_callbacks: Any) -> None:
    spam_filter = SpamFilter.objects.create(name="Comments")
    Comment.objects.bulk_create([Comment(text="Buy")])

    def act(name: str) -> str:
        chosen = {"action": name, "_selected_action": [spam_filter.pk]}
        with django_capture_on_commit_callbacks(execute=True):
            return boss.post(reverse(f"{FILTERS}_changelist"), chosen, follow=True).text

    assert "so it judges nothing" in act("judge_pending")
    serve_fake("Comments", FakeScorer())
    assert "get one from a worker" in act("judge_pending")
    assert Comment.objects.get().is_spam is True
    assert "is queued" in act("run_inference")
    assert "it takes at least 5 of each" in Fit.objects.order_by("-pk")[0].error


class Comments(SpammableAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("text",)


def asked_by(user: User) -> Any:
    """Return a request of ``user``."""
    from django.contrib.messages.storage.cookie import CookieStorage

    request: Any = RequestFactory().post("/")
    request.user = user
    request._messages = CookieStorage(request)
    return request


def test_reviewers_decide_on_rows_in_their_admin(admin_user: User) -> None:
    serve_fake("Comments", FakeScorer())
    serve_fake("Enquiries", FakeScorer())
    comments = [Comment.objects.create(text=text) for text in ("Buy", "Fine")]
    shown, request = Comments(Comment, admin.site), asked_by(admin_user)
    assert [shown.spam_verdict(row) for row in comments] == [
        "spam, 95% spam by the filter",
        "not spam, 5% spam by the filter",
    ]
    assert shown.spam_verdict(Comment(text="new")) == "not judged"
    assert list(shown.get_list_display(request)) == ["text", "spam_verdict"]
    assert {"is_spam", "spam_probability", "judged_by"} <= set(shown.get_readonly_fields(request))
    actions = shown.get_actions(request)
    actions["decide_ham"][0](shown, request, Comment.objects.all())
    assert set(Comment.objects.values_list("is_spam", "is_revised")) == {(False, True)}
    assert Decision.objects.count() == 2
    assert [str(one) for one in request._messages] == ["2 rows are not spam, as you decided."]
    assert shown.spam_verdict(Comment.objects.first()) == "not spam, said a person"

    enquiry = Enquiry.objects.create(message="Fine")
    beside = Comments(Enquiry, admin.site)
    beside.get_actions(request)["decide_spam"][0](beside, request, Enquiry.objects.all())
    enquiry.refresh_from_db()
    assert enquiry.unwanted is True
    assert "unwanted" in beside.get_readonly_fields(request)

    nobody = asked_by(User.objects.create_user("staff", is_staff=True))
    assert not {"decide_spam", "decide_ham"} & set(shown.get_actions(nobody))


def test_pretraining_rows_are_looked_through() -> None:
    class Shown(PreTrainingAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
        pass

    shown = Shown(CommentPreTraining, admin.site)
    assert shown.beginning(CommentPreTraining(content="two\nlines")) == "two lines"
    assert len(shown.beginning(CommentPreTraining(content="word " * 200))) == 100
    assert list(shown.list_display) == ["beginning", "is_spam", "origin"]


def test_only_models_that_one_may_view_are_offered(
    client: Client, make_filter: Callable[..., SpamFilter]
) -> None:
    user = User.objects.create_user("editor", is_staff=True)
    wanted = ("add_spamfilter", "view_comment")
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    page = client.get(reverse(f"{FILTERS}_add"))
    offered = set(page.context["adminform"].form.fields["rows"].queryset)
    assert ContentType.objects.get_for_model(Comment) in offered
    assert ContentType.objects.get_for_model(Enquiry) not in offered
