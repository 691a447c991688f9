"""The pages of spam filters, before a Django client: looking, rights, verbs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from headwater.classification.models import Classifier
from headwater.console.filters.highlight import MARKED, highlight
from headwater.console.filters.versions import held_back
from headwater.console.security import POLICY
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.text.online import can_update
from headwater.learning.models import Fit, FitStatus
from headwater.spam import serving
from headwater.spam.models import SpamFilter
from headwater.spam.reviewers import GROUP
from headwater.spam.revise import revise
from tests.spam.conftest import make_filter, make_pretraining, make_revised
from tests.testapp.models import Comment, CommentPreTraining

__all__ = ["make_filter", "make_pretraining", "make_revised"]
PRETRAINING = "testapp.CommentPreTraining"


def at(name: str, spam_filter: SpamFilter, *more: object) -> str:
    return reverse(f"headwater:{name}", args=[spam_filter.pk, *more])


def text_of(response: Any) -> str:
    assert response.status_code == 200, response
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def fitted_filter(
    make_filter: Callable[..., SpamFilter],
    make_revised: Callable[..., Any],
    make_pretraining: Callable[..., Any],
) -> SpamFilter:
    """A filter that was really fitted: on 60 own rows and 20 pre-training rows."""
    make_revised(30)
    make_pretraining(10)
    spam_filter = make_filter(pretraining=[PRETRAINING])
    assert spam_filter.perform_inference().error == ""
    return spam_filter


# --- looking ---


def test_a_filter_that_has_not_learned_says_what_there_is_to_learn_from(
    page: Client, make_filter: Callable[..., SpamFilter], make_revised: Callable[..., Any]
) -> None:
    spam_filter = make_filter(pretraining=[PRETRAINING])
    make_revised(3)
    Comment.objects.create(text="Nobody has judged this")
    response = page.get(at("filter", spam_filter))
    text = text_of(response)
    assert "Not trained yet" in text
    assert "1 comment has no verdict yet" in text
    told = [(row.name, row.ham, row.spam) for row in response.context["to_learn_from"]]
    assert told == [("comments", 3, 3), ("comment pre trainings", 0, 0)]
    assert "Judge what is unjudged" not in text  # nothing serves that could


def test_the_page_says_what_was_learned_and_how_well(
    page: Client, fitted_filter: SpamFilter
) -> None:
    response = page.get(at("filter", fitted_filter))
    text = text_of(response)
    assert "Serving" in text
    learned = response.context["learned"]
    assert (learned.n_own, learned.n_pretraining) == (60, 20)
    assert [(r.ham, r.spam, r.is_pretraining) for r in learned.rows] == [
        (30, 30, False),
        (10, 10, True),
    ]
    assert learned.n_columns == sum(n for _, n in learned.columns) > 20
    assert learned.measured_on in text
    assert at("filter-pretraining", fitted_filter, PRETRAINING) in text
    for chart in ("confusion", "precision-recall", "calibration", "folds"):
        assert f'data-chart="chart-{chart}"' in text
    zones = response.context["zones"]
    assert sum(zone.n for zone in zones) == 60
    spam, ham = response.context["words"]
    assert "cheap" in {word.term for word in spam}
    assert all(word.weight.startswith("−") for word in ham)
    assert "has no verdict" not in text
    assert len(response.content) < 150_000


def test_the_slider_begins_with_the_confusion_matrix(
    page: Client, fitted_filter: SpamFilter
) -> None:
    response = page.get(at("filter", fitted_filter))
    (data,) = re.findall(
        r'<script id="threshold-threshold-data" type="application/json">(.*?)</script>',
        response.content.decode(),
    )
    assert fitted_filter.current_fit is not None
    matrix = fitted_filter.current_fit.summary["classification"]["confusion"]["matrix"]
    at_half = next(point for point in json.loads(data)["points"] if point[0] == 0.5)
    assert at_half[1:] == [matrix[0][0], matrix[0][1], matrix[1][0], matrix[1][1]]


def test_every_page_keeps_the_policy(page: Client, fitted_filter: SpamFilter) -> None:
    fit = fitted_filter.current_fit_id
    before = list(Fit.objects.values()), list(SpamFilter.objects.values())
    for address in (
        reverse("headwater:filters"),
        reverse("headwater:filter-create") + "?name=Enquiries",
        at("filter", fitted_filter),
        at("filter", fitted_filter) + "?by=capacity&per_thousand=20&versions=all",
        at("filter-edit", fitted_filter) + "?shown_rows=&rows=testapp.comment",
        at("filter-delete", fitted_filter),
        at("filter-try", fitted_filter),
        at("filter-run", fitted_filter, fit),
        at("filter-pretraining", fitted_filter, PRETRAINING),
    ):
        response = page.get(address)
        text = text_of(response)
        assert response["Content-Security-Policy"] == POLICY, address
        assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", text), address
        assert "<style" not in text, address
        assert len(response.content) < 200_000, address
    assert (list(Fit.objects.values()), list(SpamFilter.objects.values())) == before


def test_other_pages_lead_to_it(page: Client, fitted_filter: SpamFilter) -> None:
    fit = fitted_filter.current_fit_id
    for name, target, more in (
        ("model", "filter", ()),
        ("edit", "filter-edit", ()),
        ("fit", "filter-run", (fit,)),
    ):
        response = page.get(at(name, fitted_filter, *more))
        assert response.url == at(target, fitted_filter, *more)
    assert at("filter", fitted_filter) in text_of(page.get(reverse("headwater:moderation")))
    overview = text_of(page.get(reverse("headwater:filters")))
    assert at("filter", fitted_filter) in overview
    assert "The enquirys name the filter “Enquiries”, which does not exist" in overview


def test_the_list_has_filters_that_never_learned(page: Client, fitted_filter: SpamFilter) -> None:
    new = SpamFilter.objects.create(name="Guestbook")
    overview = text_of(page.get(reverse("headwater:filters")))
    assert at("filter", new) in overview
    assert text_of(page.get(at("filter", new)))
    assert text_of(page.get(reverse("headwater:moderation")))


# --- rights ---


def test_who_may_look_may_not_change(
    client: Client, fitted_filter: SpamFilter, make_user: Callable[..., User]
) -> None:
    fit = fitted_filter.current_fit_id
    client.force_login(make_user("eve", "view_statisticalmodel"))
    for name, more in (("filter", ()), ("filter-try", ()), ("filter-run", (fit,))):
        refused = client.get(at(name, fitted_filter, *more))
        assert refused.status_code == 403
        assert b"headwater_spam.view_spamfilter" in refused.content
    assert client.get(reverse("headwater:filters")).status_code == 403

    client.force_login(make_user("viv", "view_spamfilter"))
    response = client.get(at("filter", fitted_filter))
    text = text_of(response)
    assert "headwater_learning.run_inference" in text
    assert "Words that it learned are hidden from you" in text
    assert "Read them" not in text  # of rows that would be refused
    assert response.context["words"] is None
    assert "Spam filters" in text  # the room, for who is no reviewer
    tried = client.post(at("filter-try", fitted_filter), {"text": "Claim free coins"})
    assert "Words that it learned are hidden from you" in text_of(tried)
    assert "What pushed it" not in text_of(tried)
    refused = client.get(at("filter-pretraining", fitted_filter, PRETRAINING))
    assert refused.status_code == 403
    assert b"testapp.view_commentpretraining" in refused.content
    for name, more in (
        ("filter-train", ()),
        ("filter-cancel", ()),
        ("filter-judge", ()),
        ("filter-thresholds", ()),
        ("filter-serve", (fit,)),
        ("filter-edit", ()),
        ("filter-delete", ()),
    ):
        assert client.post(at(name, fitted_filter, *more)).status_code == 403, name
    assert client.post(reverse("headwater:filter-create")).status_code == 403
    assert fitted_filter.fits.count() == 1

    client.force_login(make_user("tom", "view_spamfilter", "run_inference"))
    assert client.post(at("filter-train", fitted_filter)).status_code == 302
    assert fitted_filter.fits.count() == 2


def test_an_owner_may_do_all_and_reviewers_see_the_words(
    client: Client, fitted_filter: SpamFilter, make_user: Callable[..., User]
) -> None:
    owner = make_user("olga")
    SpamFilter.objects.filter(pk=fitted_filter.pk).update(owner=owner)
    client.force_login(owner)
    assert "Train again" in text_of(client.get(at("filter", fitted_filter)))
    asked = {"ham_below": "0.1", "spam_from": "0.8"}
    assert client.post(at("filter-thresholds", fitted_filter), asked).status_code == 302
    reviewer = make_user("rita")
    reviewer.groups.add(Group.objects.get(name=GROUP))
    client.force_login(reviewer)
    response = client.get(at("filter", fitted_filter))
    assert response.context["words"] is not None


def test_changes_are_posted_with_a_token(fitted_filter: SpamFilter, analyst: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(analyst)
    fit = fitted_filter.current_fit_id
    for name, more in (
        ("filter-train", ()),
        ("filter-cancel", ()),
        ("filter-judge", ()),
        ("filter-thresholds", ()),
        ("filter-serve", (fit,)),
    ):
        address = at(name, fitted_filter, *more)
        assert strict.post(address).status_code == 403
        assert strict.get(address).status_code == 405
    for name in ("filter-edit", "filter-delete", "filter-try"):
        assert strict.post(at(name, fitted_filter)).status_code == 403


# --- verbs ---


def test_a_training_waits_can_be_followed_and_cancelled(
    page: Client, fitted_filter: SpamFilter
) -> None:
    assert page.post(at("filter-train", fitted_filter)).url == at("filter", fitted_filter)
    text = text_of(page.get(at("filter", fitted_filter)))
    assert "Waiting for a worker" in text
    assert at("filter-progress", fitted_filter) in text
    part = page.get(at("filter-progress", fitted_filter), headers={"HX-Request": "true"})
    assert at("filter-cancel", fitted_filter) in text_of(part)
    page.post(at("filter-cancel", fitted_filter))
    done = page.get(at("filter-progress", fitted_filter), headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == at("filter", fitted_filter)
    text = text_of(page.get(at("filter", fitted_filter)))
    assert "The last training was cancelled" in text


def test_an_earlier_version_serves_again_by_one_click(
    page: Client, fitted_filter: SpamFilter, make_revised: Callable[..., Any]
) -> None:
    first = fitted_filter.current_fit
    make_revised(5, seed=7)
    second = fitted_filter.perform_inference(recalculate=True)
    assert second.error == ""
    response = page.get(at("filter", fitted_filter))
    rows = response.context["versions"].rows
    assert [(row.fit.pk, row.is_serving, row.n_own) for row in rows] == [
        (second.pk, True, 70),
        (first.pk, False, 60),
    ]
    assert response.context["classifier"].before == first
    page.post(at("filter-serve", fitted_filter, first.pk))
    fitted_filter.refresh_from_db()
    assert fitted_filter.current_fit == first
    assert serving.serving("Comments").fit_id == first.pk
    assert "serves “Comments” from now on" in text_of(page.get(at("filter", fitted_filter)))
    failed = Fit.objects.create(
        model=fitted_filter, technique="text_filter", status=FitStatus.FAILED
    )
    page.post(at("filter-serve", fitted_filter, failed.pk))
    fitted_filter.refresh_from_db()
    assert fitted_filter.current_fit == first


def test_a_version_that_was_held_back_can_serve_all_the_same(
    page: Client, fitted_filter: SpamFilter
) -> None:
    kept = Fit.objects.get(pk=fitted_filter.current_fit_id)
    kept.pk = None
    kept.summary = {**kept.summary, "held_back": "It is worse on 40 texts."}
    kept.save()
    assert held_back(fitted_filter) == kept
    text = text_of(page.get(at("filter", fitted_filter)))
    assert "It is worse on 40 texts." in text
    assert f"Let run {kept.pk} serve all the same" in text
    page.post(at("filter-serve", fitted_filter, kept.pk))
    fitted_filter.refresh_from_db()
    assert held_back(fitted_filter) is None
    assert fitted_filter.current_fit_id == kept.pk


def test_a_run_that_is_clearly_worse_on_the_same_texts_says_so(
    page: Client, make_filter: Callable[..., SpamFilter], make_pretraining: Callable[..., Any]
) -> None:
    make_pretraining(40)
    spam_filter = make_filter(pretraining=[PRETRAINING], evaluation={"folds": 4})
    first = spam_filter.perform_inference()
    assert first.summary["measured_on"] == "pretraining"
    assert 'id="worse"' not in text_of(page.get(at("filter", spam_filter)))
    spam_filter.parameters = {"characters": "none", "features": False, "vocabulary": "zebra"}
    spam_filter.save()
    second = spam_filter.perform_inference(recalculate=True)
    assert second.error == ""
    spam_filter.refresh_from_db()
    assert spam_filter.current_fit == second  # no label of a person says that it is worse
    response = page.get(at("filter", spam_filter))
    text = text_of(response)
    accuracy = response.context["classifier"].metrics[0]
    assert (accuracy.label, accuracy.verdict) == ("Accuracy", "worse")
    assert f"Run {second.pk} is clearly worse than" in text
    assert "judged on the same 80 rows in the same parts" in text
    assert f"Serve the earlier one: run {first.pk}" in text
    page.post(at("filter-serve", spam_filter, first.pk))
    assert 'id="worse"' not in text_of(page.get(at("filter", spam_filter)))
    # The worse one says it on its own page still, and asks for nothing.
    text = text_of(page.get(at("filter-run", spam_filter, second.pk)))
    assert f"Run {second.pk} is clearly worse than" in text
    assert "Serve the earlier one" not in text


def test_thresholds_are_suggested_and_set(page: Client, fitted_filter: SpamFilter) -> None:
    address = at("filter", fitted_filter)
    asked = {"by": "cost", "cost_false_spam": 10, "cost_missed_spam": 3, "cost_review": 1}
    response = page.get(address, asked)
    suggested = response.context["suggested"]
    assert suggested.sentence in response.content.decode().replace("&#x27;", "'")
    pair = {"ham_below": suggested.ham_below, "spam_from": suggested.spam_from}
    assert page.post(at("filter-thresholds", fitted_filter), pair).status_code == 302
    fitted_filter.refresh_from_db()
    assert fitted_filter.ham_below == suggested.ham_below
    assert fitted_filter.spam_from == suggested.spam_from
    again = page.get(address, asked)
    assert "These thresholds hold already" in text_of(again)
    # They count at once, so nothing asks for a training.
    assert "Settings changed" not in text_of(again)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"by": "capacity"}, "Say how many of 1,000 texts people can review."),
        ({"by": "cost", "cost_review": "x"}, "Enter a number."),
        ({"by": "cost", "cost_review": "-1"}, "greater than or equal to 0"),
        ({"by": "luck"}, "luck"),
    ],
)
def test_what_is_wrong_with_costs_is_said(
    page: Client, fitted_filter: SpamFilter, asked: dict[str, str], sentence: str
) -> None:
    response = page.get(at("filter", fitted_filter), asked)
    assert sentence in text_of(response)
    assert response.context["suggested"] is None


@pytest.mark.parametrize("pair", [("0.9", "0.1"), ("", "0.5"), ("nan", "0.5"), ("0.1", "2")])
def test_thresholds_that_leave_no_zones_are_refused(
    page: Client, fitted_filter: SpamFilter, pair: tuple[str, str]
) -> None:
    given = dict(zip(("ham_below", "spam_from"), pair, strict=True))
    page.post(at("filter-thresholds", fitted_filter), given)
    fitted_filter.refresh_from_db()
    assert (fitted_filter.ham_below, fitted_filter.spam_from) == (0.2, 0.9)


def test_what_is_unjudged_is_judged_by_a_worker(
    page: Client, fitted_filter: SpamFilter, django_capture_on_commit_callbacks: Any
) -> None:
    (row,) = Comment.objects.bulk_create([Comment(text="Buy cheap pills now")])
    assert "Judge what is unjudged" in text_of(page.get(at("filter", fitted_filter)))
    with django_capture_on_commit_callbacks() as asked:
        page.post(at("filter-judge", fitted_filter))
    assert len(asked) == 1
    assert "A worker judges 1 row now" in text_of(page.get(at("filter", fitted_filter)))
    row.refresh_from_db()
    Comment.objects.filter(pk=row.pk).update(is_spam=True)
    page.post(at("filter-judge", fitted_filter))
    assert "Nothing waits" in text_of(page.get(at("filter", fitted_filter)))


def test_deleting_keeps_what_people_decided(page: Client, fitted_filter: SpamFilter) -> None:
    assert "name this filter" in text_of(page.get(at("filter-delete", fitted_filter)))
    page.post(at("filter-delete", fitted_filter))
    assert not SpamFilter.objects.exists()
    assert Comment.objects.filter(is_revised=True).count() == 60


def test_a_classifier_without_weights_and_a_search_are_shown(
    page: Client, make_filter: Callable[..., SpamFilter], make_revised: Callable[..., Any]
) -> None:
    bent = Classifier.objects.create(name="Bent", technique="svc", parameters={"kernel": "rbf"})
    make_revised(20)
    spam_filter = make_filter(classifier=bent, evaluation={"folds": 2, "search": '{"C": [1, 2]}'})
    assert spam_filter.perform_inference().error == ""
    response = page.get(at("filter", spam_filter))
    text = text_of(response)
    assert "with the settings of “Bent”" in text
    assert "has no weight for each word" in text
    search = response.context["classifier"].search
    declared = {one.name: one for one in TECHNIQUES["svc"].parameters}
    assert search.names == (declared["C"].label,)
    assert {row.values for row in search.rows} == {("1",), ("2",)}
    tried = page.post(at("filter-try", spam_filter), {"text": "Claim free coins today on"})
    assert tried.context["tried"] is not None
    assert "when that part alone is left out" in text_of(tried)


def test_a_page_stays_under_300_kilobytes(page: Client, fitted_filter: SpamFilter) -> None:
    text = page.get(at("filter", fitted_filter)).content.decode()
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', text))
    sizes = {
        name: Path(str(finders.find(name))).stat().st_size
        for name in files
        if "echarts" not in name
    }
    assert "headwater/filters.css" in sizes
    assert len(text.encode()) + sum(sizes.values()) < 300_000, (len(text), sizes)


# --- texts ---


def test_a_text_is_tried(page: Client, fitted_filter: SpamFilter) -> None:
    address = at("filter-try", fitted_filter)
    text = "Buy cheap pills now at www.best-deal.example"
    tried = page.post(address, {"text": text}).context["tried"]
    (probability,) = fitted_filter.predict_proba([text])
    assert tried.probability == pytest.approx(probability, abs=1e-12)
    assert tried.zone == "spam"
    assert "cheap" in {reason.term for reason in tried.reasons if reason.is_spam}
    assert any(run.side == "spam" for run in tried.runs)
    part = page.post(address, {"text": text}, headers={"HX-Request": "true"})
    assert part.content.decode().startswith('<div id="tried"')
    assert not Comment.objects.filter(text=text).exists()
    nothing = page.post(address, {"text": " "})
    assert "Write a text to be judged." in text_of(nothing)


ODD = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "\u202ebuy\u202c ch\u200beap pi\u200dlls",
    "שלום buy",
    "\x00 buy \x00",
    "\U0001f600" * 50,
    "b\u0443y now",
    "a" * 200_000,
    "</textarea><b>bold</b>",
)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_texts_are_shown_safely(page: Client, fitted_filter: SpamFilter, text: str) -> None:
    response = page.post(at("filter-try", fitted_filter), {"text": text})
    shown = text_of(response)
    assert response.context["tried"] is not None
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "<b>bold" not in shown
    body = shown.partition("hw-tried-verdict")[2]
    for hidden in "\u202e\u200b\x00":
        assert hidden not in body.partition("What pushed it")[0]


def test_a_filter_that_fails_says_so(page: Client, fitted_filter: SpamFilter) -> None:
    Fit.objects.filter(model=fitted_filter).update(artifact=b"", artifact_digest="0")
    serving._loaded.clear()
    response = page.post(at("filter-try", fitted_filter), {"text": "Buy"})
    assert response.context["tried"] is None
    assert 'id="try-reason"' in text_of(response)


def test_marks_lie_where_the_words_stand() -> None:
    text = "My  Channel: subscribe to my channel, friend"
    pushes = [("my channel", 2.0), ("friend", -0.5), ("absent", 9.0)]
    runs = highlight(text, pushes, str.lower)
    joined = [("".join(piece.text for piece in run.pieces), run.side, run.level) for run in runs]
    assert "".join(words for words, _, _ in joined) == text
    # Each of the two places has half of the push, shared by its two words.
    assert joined == [
        ("My  Channel:", "spam", 2),
        (" subscribe to ", "", 0),
        ("my channel,", "spam", 2),
        (" ", "", 0),
        ("friend", "ham", 2),
    ]
    assert highlight("x" * (MARKED + 10), [("x", 1.0)], str.lower)[-1].level == 0


def test_pretraining_rows_are_read_and_searched(page: Client, fitted_filter: SpamFilter) -> None:
    CommentPreTraining.objects.create(
        content="<script>x</script> gardens \u202e", is_spam=False, origin="odd.csv"
    )
    address = at("filter-pretraining", fitted_filter, PRETRAINING)
    first = page.get(address)
    assert "21 rows" in text_of(first)
    CommentPreTraining.objects.bulk_create(
        [CommentPreTraining(content=f"text {n}", is_spam=True) for n in range(30)]
    )
    second = page.get(address, {"page": 3})
    assert second.context["page"].number == second.context["page"].n_pages == 3
    assert len(second.context["page"].rows) == 1
    found = page.get(address, {"text": "<SCRIPT>", "label": "ham", "origin": "odd.csv"})
    assert found.context["page"].n == 1
    assert "<script>x" not in text_of(found)
    assert "\u202e" not in found.content.decode()
    assert "No row is like that" in text_of(page.get(address, {"text": "zebra"}))
    for odd in ({"page": "-1"}, {"page": "x"}, {"text": "\x00"}, {"label": "other"}):
        assert page.get(address, odd).status_code == 200
    other = at("filter-pretraining", fitted_filter, "testapp.Person")
    assert page.get(other).status_code == 404


def test_a_filter_that_knows_nothing_in_its_texts_warns(
    page: Client, make_filter: Callable[..., SpamFilter], make_pretraining: Callable[..., Any]
) -> None:
    make_pretraining(20)
    blind = {"characters": "none", "vocabulary": "zebra"}
    spam_filter = make_filter(
        pretraining=[PRETRAINING], parameters={**blind, "features": False}, evaluation={"folds": 4}
    )
    assert spam_filter.perform_inference().error == ""
    text = text_of(page.get(at("filter", spam_filter)))
    assert "occurs in any of the 40, so the filter guesses" in text
    assert "no better than to call every text “not spam”, which is right on 50 %" in text
    spam_filter.parameters = blind
    spam_filter.save()
    fit = spam_filter.perform_inference(recalculate=True)
    (warning,) = fit.summary["warnings"]
    assert "only the hand-made features tell them apart" in warning
    spam_filter.parameters = {}
    spam_filter.save()
    assert spam_filter.perform_inference(recalculate=True).summary["warnings"] == []


@pytest.mark.parametrize(
    ("technique", "parameters", "settings", "can"),
    [
        ("linear_svc", {}, {}, True),
        ("svc", {"kernel": "linear"}, {}, True),
        ("svc", {}, {}, False),
        ("random_forest", {"n_estimators": 5}, {}, False),
        ("linear_svc", {}, {"kind": "code_points"}, False),
    ],
)
def test_only_linear_filters_say_that_they_learn_at_once(
    page: Client,
    make_filter: Callable[..., SpamFilter],
    make_pretraining: Callable[..., Any],
    technique: str,
    parameters: dict[str, Any],
    settings: dict[str, Any],
    can: bool,
) -> None:
    make_pretraining(10)
    chosen = Classifier.objects.create(name="Chosen", technique=technique, parameters=parameters)
    spam_filter = make_filter(
        pretraining=[PRETRAINING],
        classifier=chosen,
        parameters=settings,
        evaluation={"folds": 2, "calibration": "none"},
    )
    yes = "<dt>Learns at once</dt><dd>yes<small>from each decision"
    no = "<dt>Learns at once</dt><dd>no<small>only "
    # What the page says of settings is what the fit that they give can do.
    assert (yes if can else no) in text_of(page.get(at("filter", spam_filter)))
    assert spam_filter.perform_inference().error == ""
    assert can_update(serving.serving("Comments").scorer) is can
    assert (yes if can else no) in text_of(page.get(at("filter", spam_filter)))
    spam_filter.online_updates = False
    spam_filter.save()
    assert "no<small>it is switched off" in text_of(page.get(at("filter", spam_filter)))


def test_a_search_says_how_long_it_takes_and_how_far_it_is(
    page: Client, fitted_filter: SpamFilter
) -> None:
    fitted_filter.evaluation = {"folds": 4, "search": '{"C": [1, 2, 5]}'}
    fitted_filter.save()
    told = "The search tries 3 settings in 4 parts, which are 12 trainings"
    text = text_of(page.get(at("filter", fitted_filter)))
    assert told in text
    assert "Settings changed" in text
    assert told in text_of(page.get(at("filter-edit", fitted_filter)))
    # The training under way has these settings: nothing asks for another one.
    fit = fitted_filter.request_inference()
    Fit.objects.filter(pk=fit.pk).update(
        status=FitStatus.RUNNING,
        started_at=timezone.now(),
        lease_expires_at=timezone.now() + timedelta(hours=1),
        progress={"phase": "try", "restart": 7, "restarts": 12, "share": 0.3},
    )
    text = text_of(page.get(at("filter", fitted_filter)))
    assert "Settings changed" not in text
    assert "Trying settings, part by part" in text
    assert "Training <b>7 of 12</b>" in text
    # Unless they are changed once more.
    fitted_filter.evaluation = {"folds": 5}
    fitted_filter.save()
    assert "Settings changed" in text_of(page.get(at("filter", fitted_filter)))


def test_people_read_not_spam_and_how_many_texts_are_taken_rightly(
    page: Client, fitted_filter: SpamFilter
) -> None:
    response = page.get(at("filter", fitted_filter))
    text = text_of(response)
    fit = fitted_filter.current_fit
    assert fit is not None
    right = round(100 * fit.scores["metrics"]["accuracy"]["mean"])
    assert re.search(rf'id="learned-title">{right}(\.\d)?% right on 60 texts<', text)
    assert f"{right}% right on 60 texts" in text_of(page.get(reverse("headwater:filters")))
    assert "2 classes" not in text
    assert "truly not spam" in text
    assert not re.search(r">[^<]*\bham\b", text)
    assert "only to look, and sets nothing: the two thresholds above decide" in text


def test_deleting_says_what_is_lost_and_what_stays(
    page: Client, analyst: User, fitted_filter: SpamFilter
) -> None:
    revise(Comment.objects.latest("pk"), False, by=analyst)
    text = text_of(page.get(at("filter-delete", fitted_filter)))
    lost, _, stays = text.partition("What stays:")
    assert "1 run, with what was learned" in lost
    assert "its settings and thresholds" in lost
    assert "1 decision of people" in stays
    assert "the notes on rows" in stays
