"""The page of a process: its stocks, their flows, and what the books say of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from headwater.console.flows.asked import asked_of
from headwater.console.flows.exports import address_of
from headwater.console.flows.needs import due_in_words, last_counted, next_due
from headwater.console.flows.part import Part
from headwater.console.flows.process_found import Found, find_process
from headwater.console.flows.sections import sections_of
from headwater.console.rights import may_count
from headwater.console.views.page import Page
from headwater.stockandflow.tasks import count_task


class ProcessPage(Page):
    """A page about one process that the person may see."""

    room = "stocks"

    def find_process(self, slug: str) -> Found:
        """Return the process, or raise Http404: also for one that the person may not see."""
        found = find_process(self.request.user, slug)
        if found is None:
            raise Http404(f"There is no process “{slug}” that you may see.")
        return found

    def find_part(self, found: Found) -> Part:
        """Return the part that the address asks for, else the first; Http404 for an unknown one."""
        wanted = self.request.GET.get("part", "")
        part = next((one for one in found.parts if wanted in ("", one.key)), None)
        if part is None:
            raise Http404(f"“{found.process}” has no part “{wanted}” that you may see.")
        return part

    def data(self) -> dict[str, str]:
        """Return the parameters of the address, each with its last value."""
        return {name: values[-1] for name, values in self.request.GET.lists() if values}


class ProcessDetail(ProcessPage):
    """All sections of one part of a process."""

    def get(self, request: HttpRequest, process: str) -> HttpResponse:
        found = self.find_process(process)
        part = self.find_part(found)
        data = self.data()
        asked, filters = asked_of(part, request.user, data)
        sections = sections_of(part, asked)
        return self.render(
            "process.html",
            {
                "found": found,
                "process": found.process,
                "part": part,
                "asked": asked,
                "filters": filters,
                "sections": [
                    {
                        "section": section,
                        "csv": address_of(part, section.key, "csv", data),
                        "json": address_of(part, section.key, "json", data),
                    }
                    for section in sections
                ],
                "scripts": dict.fromkeys(name for one in sections for name in one.scripts),
                "counted_at": last_counted(part),
                "due": due_in_words(next_due(part)),
                "may_count": may_count(request.user),
                "is_due": _is_due(found),
                "by_code": not found.slugs,
            },
        )


class CountNow(ProcessPage):
    """Has what is due of a process counted now; a worker does it."""

    def post(self, request: HttpRequest, process: str) -> HttpResponse:
        found = self.find_process(process)
        self.require(may_count(request.user))
        if _is_due(found):
            count_task.enqueue(found.slugs)
            self.say(
                f"Counting “{found.process}” is queued. A worker does it; load this page again to "
                "see the new count."
            )
        else:
            said = f"“{found.process}” was counted already in this period, so nothing was queued."
            if not found.slugs:
                said = f"“{found.process}” is counted only where code asks for it."
            self.say(said, messages.INFO)
        return redirect("headwater:process", found.process.slug)


def _is_due(found: Found) -> bool:
    """Return whether a count would record something."""
    now = timezone.now()
    return any((due := next_due(part)) is not None and due <= now for part in found.parts)
