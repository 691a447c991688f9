"""The queue of a filter: one item after the other, one question, few verbs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from headwater.console.moderation.asked import AskedFor, asked_of
from headwater.console.moderation.changed import what_became
from headwater.console.moderation.desk import desk
from headwater.console.views.moderation import ModerationPage
from headwater.console.words import counted
from headwater.spam.bulk import decide_items, undo_batch
from headwater.spam.claims import claim, release, release_keys
from headwater.spam.errors import DecisionRefused, TextChanged
from headwater.spam.item import Item
from headwater.spam.models import Claim, Decision, SpamFilter
from headwater.spam.queue import Queue
from headwater.spam.revise import Shown, revise, skip, undo
from headwater.spam.spammable import Spammable, judged_by_filter

VERBS = ("spam", "ham", "skip", "all-spam", "all-ham")


class QueuePage(ModerationPage):
    """A page of one queue; looking at it takes nothing, only POST gives an item to somebody."""

    def find_queue(self, pk: int) -> tuple[Queue, AskedFor]:
        """Return the queue that the address asks for."""
        asked = asked_of(self.request.GET)
        return Queue(self.find_filter(pk), asked.asked, self.request.user), asked

    def answer(
        self, queue: Queue, asked: AskedFor, item: Item | None, refused: str = ""
    ) -> HttpResponse:
        """Return the desk with ``item``: a part of the page to a script, a redirect to a form."""
        if self.request.headers.get("HX-Request"):
            part = self._context(queue, asked, item, refused)
            return render(self.request, "headwater/parts/moderation_desk.html", part)
        if refused:
            self.say(refused, messages.WARNING)
        return redirect(self.address(queue.spam_filter, asked))

    def show(self, queue: Queue, asked: AskedFor, item: Item | None) -> HttpResponse:
        """Return the whole page with ``item``."""
        return self.render("moderation_queue.html", self._context(queue, asked, item, ""))

    @staticmethod
    def address(spam_filter: SpamFilter, asked: AskedFor) -> str:
        """Return the address of the queue, with what is asked for."""
        found = reverse("headwater:moderation-queue", args=[spam_filter.pk])
        return f"{found}?{asked.query.rstrip('&')}" if asked.query else found

    def ticked(
        self, spam_filter: SpamFilter, references: Iterable[str]
    ) -> list[tuple[Spammable, Shown]]:
        """Return rows that a form calls “digest:content type:key”, as they were shown."""
        models = {str(one.content_type.pk): one for one in judged_by_filter(spam_filter.name)}
        found = []
        for reference in references:
            digest, _, named = reference.partition(":")
            content_type, _, key = named.partition(":")
            if content_type in models and _is_key(models[content_type], key):
                found.append((models[content_type], Shown(key, digest)))
        return found

    @staticmethod
    def _context(queue: Queue, asked: AskedFor, item: Item | None, refused: str) -> dict[str, Any]:
        return {
            "desk": desk(queue, item),
            "asked": asked,
            "spam_filter": queue.spam_filter,
            "refused": refused,
        }


class ModerationQueue(QueuePage):
    """The item that the person holds; GET gives them none."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue, asked = self.find_queue(pk)
        return self.show(queue, asked, queue.current())


class NextItem(QueuePage):
    """Gives the person the next item."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue, asked = self.find_queue(pk)
        return self.answer(queue, asked, queue.next())


class Decide(QueuePage):
    """Takes a decision on the item that was shown, and gives the next one."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue, asked = self.find_queue(pk)
        verb = request.POST.get("verb", "")
        if verb not in VERBS:
            raise Http404(f"“{verb[:20]}” is nothing that can be decided.")
        refused = ""
        try:
            item = self.find_reference(queue.spam_filter, request.POST.get("item", ""))
        except Http404 as gone:
            return self.answer(queue, asked, queue.next(), str(gone))
        try:
            refused = self.decide(queue, item, verb)
        except TextChanged as changed:
            return self.show_changed(queue, asked, item, str(changed))
        except DecisionRefused as error:
            refused = str(error)
        return self.answer(queue, asked, queue.next(), refused)

    def show_changed(self, queue: Queue, asked: AskedFor, item: Item, refused: str) -> HttpResponse:
        """Return the desk with the new text of ``item``; where it is not shown, with the next."""
        following = queue.next()
        if following is None or following.row != item.row:
            release(item.row, self.request.user)
            try:
                now = self.find_reference(queue.spam_filter, f"{item.content_type_id}:{item.key}")
                refused = what_became(now, following)
            except Http404 as gone:
                refused = str(gone)
        return self.answer(queue, asked, following, refused)

    def decide(self, queue: Queue, item: Item, verb: str) -> str:
        """Do what was decided; return why some of it was not, if some was not."""
        post, person = self.request.POST, self.request.user
        if verb == "skip":
            skip(item.row, person, spam_filter=queue.spam_filter)
            return ""
        digest, after = post.get("digest", ""), _number(post.get("after", ""))
        if verb in ("spam", "ham"):
            revise(
                item.row,
                verb == "spam",
                person,
                spam_filter=queue.spam_filter,
                expected_digest=digest,
                after=after,
            )
            return ""
        shown = [(item.spammable, Shown(item.row.pk, digest, after))]
        shown += self.ticked(queue.spam_filter, post.getlist("alike"))
        bulk = decide_items(shown, verb == "all-spam", person, queue.spam_filter)
        return _told(bulk.refused)


class Undo(QueuePage):
    """Undoes a decision of the person, or all of one press, and shows the item again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue, asked = self.find_queue(pk)
        number = _number(request.POST.get("decision", ""))
        decision = Decision.objects.filter(
            pk=number or 0, spam_filter=queue.spam_filter, by=request.user.pk
        ).first()
        if decision is None:
            raise Http404("There is no such decision of yours.")
        held = queue.current()
        if held is not None:
            release(held.row, request.user)
        refused = ""
        try:
            if decision.batch is not None:
                refused = _told(undo_batch(decision.batch, request.user).refused)
            else:
                undo(decision, request.user)
        except DecisionRefused as error:
            refused = str(error)
        if not refused and decision.batch is None:
            self._take_again(queue, decision)
        return self.answer(queue, asked, queue.next(), refused)

    def _take_again(self, queue: Queue, decision: Decision) -> None:
        try:
            item = self.find_item(queue.spam_filter, decision.content_type_id, decision.object_id)
        except Http404:
            return
        claim(item.row, self.request.user)


class Leave(QueuePage):
    """Lets others have what the person holds."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        for one in judged_by_filter(spam_filter.name):
            held = Claim.objects.filter(by=request.user.pk, content_type=one.content_type)
            release_keys(one.content_type, held.values_list("object_id", flat=True), request.user)
        if request.POST.get("quietly"):
            return HttpResponse(status=204)
        return redirect("headwater:moderation")


class Keep(QueuePage):
    """Keeps the item that the person is shown a little longer, unless another has it by now.

    A page that is loaded anew asks so too: the one before it gave the item back as it went.
    """

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        item = self.find_reference(spam_filter, request.POST.get("item", ""))
        claim(item.row, request.user)
        return HttpResponse(status=204)


def left_as_they_are(n: int) -> str:
    """Return that ``n`` items were not changed."""
    return f"{counted(n, 'item was', 'items were')} left as {'it is' if n == 1 else 'they are'}"


def _told(refused: list[Any]) -> str:
    """Return why some were not decided; empty where all were."""
    if not refused:
        return ""
    first = str(refused[0])
    more = f" And {counted(len(refused) - 1, 'more', 'more')} like that." if refused[1:] else ""
    return f"{left_as_they_are(len(refused))}. {first}{more}"


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None


def _is_key(spammable: Spammable, key: str) -> bool:
    try:
        spammable.model._meta.pk.to_python(key)
    except ValidationError:
        return False
    return bool(key)
