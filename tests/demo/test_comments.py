"""Comments and the contact form: accepted, held or refused; kept in any case, shown escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from headwater.spam import judge
from headwater.spam.keep import Guess
from headwater.spam.models import IsSpammable, SpamFilter
from headwater_demo.smartdjango.allowance import take
from headwater_demo.smartdjango.forget import forget_addresses
from headwater_demo.smartdjango.forms import LONGEST_COMMENT
from headwater_demo.smartdjango.models import Allowance, CommentOfMySite, ContactMessage
from headwater_demo.smartdjango.reception import Reception, accepted, held, reception_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

COMMENTS = "/smartdjango/comments/"
CONTACT = "/smartdjango/contact/"
LETTER = {
    "name": "Ada",
    "email": "ada@post.example",
    "subject": "The owl",
    "message": "She has moved to the mill.",
}
Thinks = Callable[[float], None]


@pytest.fixture
def thinks(monkeypatch: pytest.MonkeyPatch) -> Thinks:
    """Return a function after which each filter gives that probability of spam."""

    def think(probability: float) -> None:
        guess = Guess(probability, probability >= 0.5, None, False)
        monkeypatch.setattr(judge, "guess_of", lambda *arguments, **options: guess)

    return think


def post(client: Client, text: str, *, follow: bool = True, **values: str) -> Any:
    return client.post(COMMENTS, {"comment": text} | values, follow=follow)


def said(client: Client) -> str:
    """What a reader sees as the comments that all can read."""
    page = client.get(COMMENTS).content.decode()
    return page.partition('id="said-title"')[2]


def test_an_accepted_comment_is_there_for_everybody(client: Client, thinks: Thinks) -> None:
    thinks(0.05)
    response = post(client, "The plum cake feeds four at best.")
    assert response.redirect_chain == [(COMMENTS, 302)]
    assert "Your comment is on the page." in response.content.decode()
    assert "feeds four" in said(Client())
    comment = CommentOfMySite.objects.get()
    assert comment.user is None
    assert comment.is_spam is False
    assert reception_of(comment) is Reception.ACCEPTED


def test_a_doubtful_one_is_held_and_shown_to_its_author_only(
    client: Client, thinks: Thinks, admin: User
) -> None:
    thinks(0.6)
    response = post(client, "See my page about plums")
    page = response.content.decode()
    assert "a person will look at it" in page
    assert "Yours, not yet looked at" in page
    assert "See my page about plums" in page
    assert "See my page" not in said(client)
    other = Client()
    other.force_login(admin)
    for stranger in (Client(), other):
        assert "See my page" not in stranger.get(COMMENTS).content.decode()
    post(other, "Another one about plums")
    assert "Another one" in other.get(COMMENTS).content.decode()
    assert "Another one" not in client.get(COMMENTS).content.decode()
    assert CommentOfMySite.objects.get(comment="Another one about plums").user == admin


def test_spam_is_refused_in_a_sentence_and_kept(client: Client, thinks: Thinks) -> None:
    thinks(0.98)
    page = post(client, "WIN WIN WIN").content.decode()
    assert "it reads like spam" in page
    assert "WIN WIN" not in page
    assert "WIN WIN" not in said(Client())
    assert CommentOfMySite.objects.get().is_spam is True


@pytest.mark.parametrize("which", ["no filter", "not fitted", "failing"])
@pytest.mark.parametrize("model", [CommentOfMySite, ContactMessage])
def test_without_a_verdict_the_text_is_kept_and_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch, which: str, model: type[IsSpammable]
) -> None:
    if which != "no filter":
        SpamFilter.objects.create(name=model.SPAM_FILTER)
    if which == "failing":

        def fail(*arguments: Any, **options: Any) -> None:
            raise RuntimeError("The filter is out of order.")

        monkeypatch.setattr(judge, "serving", fail)
    if model is CommentOfMySite:
        response = post(client, "Is it still open on Sunday?")
    else:
        response = client.post(CONTACT, LETTER, follow=True)
    assert "a person will look at it" in response.content.decode()
    row: IsSpammable = model._default_manager.get()
    assert row.is_spam is None
    assert reception_of(row) is Reception.HELD
    assert held(model._default_manager.all()).get() == row
    assert not accepted(model._default_manager.all()).exists()


def test_a_person_goes_before_the_filter(thinks: Thinks) -> None:
    thinks(0.97)
    rows = CommentOfMySite.objects
    good, bad, edited = (rows.create(comment=f"Comment {number}") for number in range(3))
    rows.filter(pk__in=[good.pk, edited.pk]).update(is_revised=True, is_spam=False)
    rows.filter(pk=edited.pk).update(is_edited=True)
    assert [reception_of(row) for row in rows.order_by("pk")] == ["accepted", "refused", "held"]
    rows.filter(pk=bad.pk).update(is_revised=True, is_spam=True, spam_probability=0.01)
    assert reception_of(rows.get(pk=bad.pk)) is Reception.REFUSED
    assert accepted(rows.all()).get() == good
    assert held(rows.all()).get() == edited


@pytest.mark.parametrize("probability", [None, 0.0, 0.29, 0.3, 0.5, 0.69, 0.7, 1.0])
@pytest.mark.parametrize("thresholds", [(0.3, 0.7), (0.0, 1.0), (0.5, 0.5)])
def test_queries_and_rows_agree_at_the_thresholds_of_the_filter(
    probability: float | None, thresholds: tuple[float, float]
) -> None:
    below, spam_from = thresholds
    SpamFilter.objects.create(
        name=CommentOfMySite.SPAM_FILTER, ham_below=below, spam_from=spam_from
    )
    row = CommentOfMySite.objects.create(comment="One")
    CommentOfMySite.objects.update(spam_probability=probability)
    row.refresh_from_db()
    reception = reception_of(row)
    everything = CommentOfMySite.objects.all()
    assert accepted(everything).exists() is (reception is Reception.ACCEPTED)
    assert held(everything).exists() is (reception is Reception.HELD)


HARMFUL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7|add:7 }} {% csrf_token %}",
    "\N{RIGHT-TO-LEFT OVERRIDE}exe.gnp \N{ZERO WIDTH JOINER}p\N{ZERO WIDTH JOINER}l",
    "🍅" * 30,
    "a" * 2_000,
    "Zalgo" + "\N{COMBINING GRAVE ACCENT}" * 200,
    "  lines\n\n\nand lines  ",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_what_is_written_is_shown_as_it_is(client: Client, thinks: Thinks, text: str) -> None:
    thinks(0.0)
    assert post(client, text).status_code == 200
    assert CommentOfMySite.objects.get().comment == text.strip().replace("\n", "\r\n") or (
        CommentOfMySite.objects.get().comment == text.strip()
    )
    shown = re.search(r'<p class="site-said[^>]*dir="auto">(.*?)</p>', said(Client()), re.S)
    assert shown is not None
    assert "<" not in shown[1].replace("<br>", "")
    assert unescape(shown[1].replace("<br>", "\n")) == text.strip()
    thinks(0.6)
    client.post(CONTACT, LETTER | {"message": text, "subject": text[:40]})
    assert "<script>alert" not in client.get(CONTACT).content.decode()


def test_a_long_comment_is_folded_and_a_short_one_is_not(client: Client, thinks: Thinks) -> None:
    thinks(0.0)
    post(client, "\n".join(f"line {i}" for i in range(12)))
    post(client, "a " * 500)
    assert "<details" not in said(client)
    post(client, "\n".join(f"line {i}" for i in range(13)))
    assert said(client).count("<details") == 1
    post(client, "a " * 530)
    assert said(client).count('<p class="site-said site-long" dir="auto">') == 2
    assert said(client).count("<details") == 2


@pytest.mark.parametrize("address", [COMMENTS, CONTACT])
def test_more_than_the_site_reads_gets_a_page_of_its_own(client: Client, address: str) -> None:
    response = client.post(address, {"comment": "b" * 3_000_000, "message": "b"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "This could not be taken" in page
    assert "Traceback" not in page
    assert not CommentOfMySite.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Nothing is written yet. Write something first."),
        ("  \n\t ", "Nothing is written yet. Write something first."),
        ("\N{ZERO WIDTH SPACE}\N{WORD JOINER}", "Nothing is written yet."),
        ("a" * 2_001, "A comment has at most 2,000 characters, and this one has 2001."),
        ("b" * 1_000_000, "at most 2,000 characters, and this one has 1000000."),
        ("nothing\0here", "The comment has a character that means nothing."),
    ],
)
def test_what_is_no_comment_gets_a_sentence(client: Client, text: str, sentence: str) -> None:
    response = post(client, text)
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert not CommentOfMySite.objects.exists()
    assert not Allowance.objects.exists()


def test_the_longest_comment_is_taken(client: Client, thinks: Thinks) -> None:
    thinks(0.0)
    assert "is on the page" in post(client, "ä" * LONGEST_COMMENT).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Say who writes."),
        ({"email": ""}, "Without an e-mail address nobody can answer you."),
        ({"email": "ada"}, "This is no e-mail address."),
        ({"subject": ""}, "Say in a few words what it is about."),
        ({"message": " "}, "Nothing is written yet."),
        ({"message": "a" * 10_001}, "A message has at most 10,000 characters"),
    ],
)
def test_what_is_no_message_gets_a_sentence_and_keeps_the_rest(
    client: Client, wrong: dict[str, str], sentence: str
) -> None:
    response = client.post(CONTACT, LETTER | wrong)
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert sentence in page
    for name, value in LETTER.items():
        if name not in wrong:
            assert value in page
    assert not ContactMessage.objects.exists()


@pytest.mark.parametrize(
    ("probability", "answer", "state"),
    [
        (0.1, "lies on the editors’ desk", "with the editors"),
        (0.5, "a person will look at it", "waits for a person"),
        (0.95, "it reads like spam", "taken for spam"),
    ],
)
def test_a_message_is_judged_by_subject_and_text(
    client: Client, thinks: Thinks, probability: float, answer: str, state: str
) -> None:
    thinks(probability)
    page = client.post(CONTACT, LETTER, follow=True).content.decode()
    assert answer in page
    assert state in page
    assert LETTER["subject"] not in Client().get(CONTACT).content.decode()


@pytest.mark.parametrize("address", [COMMENTS, CONTACT])
def test_nothing_is_posted_without_a_csrf_token(address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    data = {"comment": "A comment"} | LETTER
    assert strict.post(address, data).status_code == 403
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(address).content.decode()
    )
    assert token is not None
    assert strict.post(address, data | {"csrfmiddlewaretoken": token[1]}).status_code == 302
    assert CommentOfMySite.objects.count() + ContactMessage.objects.count() == 1


def test_nobody_posts_more_than_is_allowed_in_an_hour(
    client: Client, settings: Any, thinks: Thinks, admin: User
) -> None:
    settings.SMARTDJANGO_COMMENTS_PER_HOUR = 2
    settings.SMARTDJANGO_MESSAGES_PER_HOUR = 1
    thinks(0.0)
    for number in range(2):
        assert post(client, f"Comment {number}").status_code == 200
    response = post(client, "One too many & kept")
    page = response.content.decode()
    assert response.status_code == 429
    assert "2 comments in an hour are as many as we take" in page
    assert "One too many &amp; kept" in page
    assert CommentOfMySite.objects.count() == 2
    # Another session at the same address is the same visitor, another address is not.
    assert post(Client(), "From the same house").status_code == 429
    assert post(Client(REMOTE_ADDR="10.0.0.9"), "From elsewhere").status_code == 200
    assert client.post(CONTACT, LETTER, follow=True).status_code == 200
    assert client.post(CONTACT, LETTER).status_code == 429
    client.force_login(admin)
    for status in (200, 200, 429):
        assert post(client, f"Signed in, {status}").status_code == status
    assert post(Client(REMOTE_ADDR="10.0.0.9"), "And again").status_code == 200


def test_addresses_are_not_kept_in_clear_and_forgotten() -> None:
    post(Client(REMOTE_ADDR="10.11.12.13"), "A comment")
    allowance = Allowance.objects.get()
    assert "10.11" not in allowance.address
    assert len(allowance.address) == 64
    assert forget_addresses() == 0
    Allowance.objects.update(started_at=timezone.now() - timedelta(hours=2))
    assert forget_addresses() == 1


def test_an_address_never_uses_what_a_person_has(admin: User) -> None:
    assert take(None, "comments", limit=1, seconds=3600, address="a")
    assert take(admin.pk, "comments", limit=1, seconds=3600, address="a")
    assert not take(None, "comments", limit=1, seconds=3600, address="a")
    assert not take(admin.pk, "comments", limit=1, seconds=3600, address="b")
    assert take(None, "comments", limit=1, seconds=3600, address="b")


def test_comments_on_an_article(client: Client, thinks: Thinks, admin: User) -> None:
    thinks(0.0)
    client.force_login(admin)
    article = client.get("/smartdjango/pages/E/plum-cake-for-eight/").content.decode()
    about = f"{COMMENTS}?article=plum-cake-for-eight"
    assert f'href="{about}"' in article
    response = post(client, "Four.", article="plum-cake-for-eight")
    assert response.redirect_chain == [(about, 302)]
    post(client, "About nothing.", article="no-such-article")
    post(client, "About the site.")
    assert [comment.article for comment in CommentOfMySite.objects.order_by("pk")] == [
        "plum-cake-for-eight",
        "",
        "",
    ]
    page = client.get(about).content.decode()
    assert "Four." in page
    assert "About the site." not in page
    assert "What readers say about “Plum cake for eight”" in page
    assert 'on <a href="?article=plum-cake-for-eight">Plum cake for eight</a>' in said(client)
    assert client.get(f"{COMMENTS}?article=no-such-article").status_code == 200


def test_pages_of_comments(
    client: Client, thinks: Thinks, django_assert_max_num_queries: Any
) -> None:
    thinks(0.0)
    for number in range(32):
        CommentOfMySite.objects.create(comment=f"Comment number {number}.")
    with django_assert_max_num_queries(6):
        page = client.get(COMMENTS).content.decode()
    assert "32 comments" in page
    assert "Comment number 31." in page
    assert "Comment number 16." not in page
    assert 'href="?page=2"' in page
    assert "Comment number 0." in client.get(f"{COMMENTS}?page=99").content.decode()


def test_pages_lead_to_each_other_for_everybody(client: Client, admin: User) -> None:
    for _ in range(2):
        for address in (COMMENTS, CONTACT):
            page = client.get(address).content.decode()
            assert f'href="{COMMENTS}"' in page
            assert f'href="{CONTACT}"' in page
            assert ("Sign in" in page) is not ("Sign out" in page)
        client.force_login(admin)


@pytest.mark.parametrize(
    "name", ["commentofmysite", "contactmessage", "commentpretraining", "messagepretraining"]
)
def test_in_the_admin(client: Client, admin: User, name: str, thinks: Thinks) -> None:
    thinks(0.97)
    CommentOfMySite.objects.create(comment="WIN")
    ContactMessage.objects.create(**LETTER)
    client.force_login(admin)
    assert client.get(f"/admin/smartdjango/{name}/").status_code == 200
    assert client.get(f"/admin/smartdjango/{name}/?q=win").status_code == 200
    assert client.get(f"/admin/smartdjango/{name}/add/").status_code == 200


def test_reviewers_are_led_to_the_queue_and_nobody_else(client: Client, admin: User) -> None:
    for address, model in ((COMMENTS, CommentOfMySite), (CONTACT, ContactMessage)):
        client.force_login(admin)
        assert "does not exist any more" in client.get(address).content.decode()
        spam_filter = SpamFilter.objects.create(name=model.SPAM_FILTER)
        queue = f'href="/moderation/{spam_filter.pk}/"'
        model_page = f'href="/models/{spam_filter.pk}/"'
        for name, reviews, sees in (
            ("demo", True, True),
            ("moderator", True, False),
            ("analyst", False, True),
        ):
            client.force_login(User.objects.get(username=name))
            page = client.get(address).content.decode()
            assert (queue in page) is reviews
            assert (model_page in page) is sees
        client.logout()
        assert queue not in client.get(address).content.decode()
