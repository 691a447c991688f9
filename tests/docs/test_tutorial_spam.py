"""The tutorial on spam: what its pages say, and what its Python says, is as it is written."""

from __future__ import annotations

import doctest
import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.learning.models import Fit, StatisticalModel
from headwater.spam.models import Decision, SpamFilter
from headwater_demo.people import load_people, moderator
from headwater_demo.smartdjango.conf import DEFAULTS
from headwater_demo.smartdjango.load import load_users
from headwater_demo.smartdjango.models import CommentOfMySite, CommentPreTraining, ContactMessage
from headwater_demo.smartdjango.visitors import load_visitors
from headwater_demo.spam_filters import (
    COMMENT_FILTER,
    first_comments,
    load_pretraining,
    load_spam_filters,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"
TUTORIAL = (DOCS / "tutorial-spam.md").read_text(encoding="utf-8")
FLAT = " ".join(TUTORIAL.split())
BLOCKS = re.findall(r"^```(python|pycon)\n(.*?)^```$", TUTORIAL, re.M | re.S)
COMMENTS = "/smartdjango/comments/"


def words(response: Any) -> str:
    """Return what a page says."""
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def demo(db: None, settings: Any) -> SpamFilter:
    """The demo as it is set up, without the rest of it."""
    settings.LOGIN_URL = "headwater:sign-in"
    load_users(40)
    load_people("a password of the tests")
    load_pretraining()
    load_spam_filters()
    fit = SpamFilter.objects.get(name=COMMENT_FILTER).perform_inference()
    assert fit.status == "succeeded", fit.error
    load_visitors(moderator(), avoid={one.text for one in first_comments()})
    return SpamFilter.objects.get(name=COMMENT_FILTER)


def run(block: str) -> None:
    test = doctest.DocTestParser().get_doctest(block, {}, "tutorial-spam", None, 0)
    said: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(test, out=said.append)
    assert test.examples
    assert not runner.failures, "".join(said)


@pytest.mark.urls("headwater_demo.urls")
def test_the_tutorial_is_as_the_demo_is(demo: SpamFilter, client: Client) -> None:
    # 1: three comments, in the words of the page
    written = re.findall(r"^\d\. `([^`\n]+)`\n   (.+?)(?=^\d\.|\n\n)", TUTORIAL, re.M | re.S)
    assert len(written) == 3
    for text, told in written:
        page = words(client.post(COMMENTS, {"comment": text}, follow=True))
        for phrase in re.findall(r"\*\*(.+?)\*\*", " ".join(told.split())):
            assert phrase[0].lower() + phrase[1:] in page or phrase in page, phrase
    assert (demo.ham_below, demo.spam_from) == (0.2, 0.9)
    assert "Below 0.2 a comment is accepted, from 0.9 on it is refused" in FLAT
    assert f"{DEFAULTS.SMARTDJANGO_COMMENTS_PER_HOUR} comments in an hour" in FLAT

    # 2: the model
    assert f'SPAM_FILTER = "{COMMENT_FILTER}"' in BLOCKS[0][1]
    assert CommentOfMySite.SPAMMABLE_FIELD == "comment"
    assert ContactMessage.SPAMMABLE_FIELD == ("subject", "message")

    # 3: the queue, of whose items the doubtful one is one
    doubtful = CommentOfMySite.objects.get(comment=written[1][0])
    client.force_login(User.objects.get(username="moderator"))
    assert "Start reviewing" in words(client.get(reverse("headwater:moderation")))
    queue = reverse("headwater:moderation-queue", args=[demo.pk])
    page = client.post(reverse("headwater:moderation-next", args=[demo.pk]), follow=True)
    for _ in range(40):
        if _asked(page)["item"].endswith(f":{doubtful.pk}"):
            break
        page = _press(client, demo, page, "skip")
    assert doubtful.comment in words(page)
    before = Decision.objects.count()
    assert client.get(queue).status_code == 200
    _press(client, demo, page, "spam")
    doubtful.refresh_from_db()
    assert (doubtful.is_spam, doubtful.is_revised) == (True, True)
    assert Decision.objects.count() == before + 1
    assert demo.counter_threshold == 20

    # 4: what was learned
    assert CommentPreTraining.objects.count() == 500
    fit = demo.current_fit
    assert fit is not None
    assert round(100 * fit.scores["metrics"]["accuracy"]["mean"]) == 97
    assert fit.scores["measured_on"] == "pretraining"
    svm = StatisticalModel.objects.get(name="SVM for Comment Spam (Example)")
    assert demo.classifier == svm

    # 5 and 6: from Python, one block after the other
    run("\n".join(body for kind, body in BLOCKS if kind == "pycon"))
    assert Fit.objects.filter(model=demo).count() == 2
    assert demo.pretraining == ["smartdjango.CommentPreTraining"]


def _asked(page: Any) -> dict[str, str]:
    """Return the hidden fields of the form that asks about one comment."""
    form = re.search(r'<form class="hw-mod-verbs".*?</form>', page.content.decode(), re.S)
    assert form is not None
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
    return {name: html.unescape(value) for name, value in fields}


def _press(client: Client, spam_filter: SpamFilter, page: Any, verb: str) -> Any:
    address = reverse("headwater:moderation-decide", args=[spam_filter.pk])
    return client.post(address, {**_asked(page), "verb": verb}, follow=True)


def test_the_lines_for_a_project_are_complete() -> None:
    for kind, body in BLOCKS:
        if kind == "python":
            compile(body, "tutorial-spam.md", "exec")
    made = next(body for _, body in BLOCKS if "SpamFilter(" in body)
    assert SpamFilter.TECHNIQUE in made
