"""The list of a filter's rows: searched, ticked, and decided on many at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from headwater.console.moderation.asked import ZONES, AskedFor, asked_of
from headwater.console.moderation.listed import listed
from headwater.console.views.moderation_queue import QueuePage, left_as_they_are
from headwater.console.words import counted, figure
from headwater.spam.bulk import MOST, Bulk, decide_all, decide_items, undo_batch
from headwater.spam.history import last_batch
from headwater.spam.models import Decision, SpamFilter
from headwater.spam.queue import STATES, Asked, Queue
from headwater.spam.spammable import Spammable

PER_PAGE = 50
UNDO_HOURS = 24
"""How long a list offers to undo what a person decided in bulk."""


class BulkPage(QueuePage):
    """A page that decides on many rows, and says what came of it."""

    def tell(self, bulk: Bulk, done: str) -> None:
        """Say what came of it."""
        said = f"{counted(bulk.decided, 'item was', 'items were')} {done}."
        if bulk.left:
            said += f" {counted(bulk.left, 'is', 'are')} left: {figure(MOST)} are decided at once."
        if bulk.refused:
            said += f" {left_as_they_are(len(bulk.refused))}: {bulk.refused[0]}"
        self.say(said, messages.WARNING if bulk.refused or bulk.left else messages.SUCCESS)

    @staticmethod
    def back(spam_filter: SpamFilter, asked: AskedFor) -> HttpResponse:
        """Return a redirect to the list as it was asked for."""
        address = reverse("headwater:moderation-list", args=[spam_filter.pk])
        return redirect(f"{address}?{asked.query.rstrip('&')}" if asked.query else address)


class ModerationList(BulkPage):
    """Rows that meet what is asked for; posting decides on the ticked ones, or on all."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue, asked = self.find_queue(pk)
        page = Paginator(range(queue.count()), PER_PAGE).get_page(request.GET.get("page"))
        start = (page.number - 1) * PER_PAGE
        since = timezone.now() - timedelta(hours=UNDO_HOURS)
        return self.render(
            "moderation_list.html",
            {
                "spam_filter": queue.spam_filter,
                "asked": asked,
                "page": page,
                "kept": asked.query,
                "rows": listed(queue.items(start, start + PER_PAGE), request.user),
                "states": STATES,
                "zones": ZONES,
                "models": [_kind(one) for one in Queue(queue.spam_filter).models()],
                "lowest": _percent(asked.asked.lowest),
                "highest": _percent(asked.asked.highest),
                "has_more": _has_more(asked.asked),
                "most": MOST,
                "batch": last_batch(request.user, queue.spam_filter.pk, since),
            },
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        queue, asked = self.find_queue(pk)
        verb = request.POST.get("verb", "")
        if verb not in ("spam", "ham"):
            raise Http404(f"“{verb[:20]}” is nothing that can be decided.")
        if request.POST.get("everything") == "1":
            shown, now = request.POST.get("shown", ""), queue.count()
            if shown != str(now):
                self.say(
                    f"Nothing was decided: {counted(now, 'item meets', 'items meet')} this now, "
                    f"and it was {shown[:12] or 'another number'} when you looked. Look again.",
                    messages.WARNING,
                )
                return self.back(queue.spam_filter, asked)
            bulk = decide_all(queue, verb == "spam", request.user)
        else:
            ticked = self.ticked(queue.spam_filter, request.POST.getlist("item"))
            if not ticked:
                self.say("Nothing was ticked, so nothing was decided.", messages.INFO)
                return self.back(queue.spam_filter, asked)
            bulk = decide_items(ticked, verb == "spam", request.user, queue.spam_filter)
        self.tell(bulk, "marked as spam" if verb == "spam" else "marked as not spam")
        return self.back(queue.spam_filter, asked)


class UndoBulk(BulkPage):
    """Undoes all that one press decided, as far as nothing came after."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        try:
            batch = UUID(request.POST.get("batch", ""))
        except ValueError:
            raise Http404("There is no such decision.") from None
        mine = Decision.objects.filter(batch=batch, by=request.user.pk, spam_filter=spam_filter)
        if not mine.exists():
            raise Http404("There is no such decision of yours.")
        bulk = undo_batch(batch, request.user)
        as_before = "as it was" if bulk.decided == 1 else "as they were"
        self.tell(bulk, f"put back {as_before}")
        return self.back(spam_filter, asked_of(request.GET))


def _kind(spammable: Spammable) -> dict[str, str]:
    meta = spammable.model._meta
    return {"label": meta.label_lower, "name": str(meta.verbose_name_plural)}


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.10g}"


def _has_more(asked: Asked) -> bool:
    """Return whether something is asked for that is folded at first."""
    plain = replace(asked, state="waiting", zone="", model="", text="")
    return plain != Asked()
