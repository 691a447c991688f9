"""One item: its text, the verdict, why, its history and notes, and a change of mind."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.moderation.desk import item_shown
from headwater.console.views.moderation import ModerationPage
from headwater.spam.claims import held_by_others
from headwater.spam.errors import DecisionRefused
from headwater.spam.item import Item
from headwater.spam.models import Decision, SpamFilter
from headwater.spam.notes import add_note
from headwater.spam.revise import revise, undo


class ModerationItem(ModerationPage):
    """The page of one item; posting decides, undoes, or keeps a note."""

    def get(self, request: HttpRequest, pk: int, content_type: int, key: str) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        item = self.find_item(spam_filter, content_type, key)
        others = held_by_others(item.spammable.content_type, [item.key], request.user)
        return self.render(
            "moderation_item.html",
            {
                "spam_filter": spam_filter,
                "shown": item_shown(item, spam_filter, request.user),
                "held": next(iter(others.values()), None),
            },
        )

    def post(self, request: HttpRequest, pk: int, content_type: int, key: str) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        item = self.find_item(spam_filter, content_type, key)
        try:
            self.say(self.do(request, spam_filter, item))
        except (DecisionRefused, ValueError) as refused:
            self.say(str(refused), messages.WARNING)
        return redirect("headwater:moderation-item", pk, content_type, key)

    def do(self, request: HttpRequest, spam_filter: SpamFilter, item: Item) -> str:
        """Do what was asked and return what to say; raises ValueError with a sentence."""
        verb, post = request.POST.get("verb", ""), request.POST
        if verb == "note":
            add_note(item.row, post.get("note", ""), request.user)
            return "Your note is kept."
        if verb in ("spam", "ham"):
            after = post.get("after", "")
            revise(
                item.row,
                verb == "spam",
                request.user,
                spam_filter=spam_filter,
                expected_digest=post.get("digest", ""),
                after=int(after) if after.isascii() and after.isdecimal() else None,
            )
            return f"This is marked as {'spam' if verb == 'spam' else 'not spam'}."
        if verb == "undo":
            number = post.get("decision", "")
            decision = Decision.objects.filter(
                pk=int(number) if number.isascii() and number.isdecimal() else 0,
                content_type=item.spammable.content_type,
                object_id=item.key,
            ).first()
            if decision is None:
                raise Http404("There is no such decision on this item.")
            undo(decision, request.user)
            return "The decision is undone; the verdict is as it was before."
        raise Http404(f"“{verb[:20]}” is nothing that can be done here.")
