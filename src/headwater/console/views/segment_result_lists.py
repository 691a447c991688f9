"""Lists: segments as they were when somebody kept them, to work through."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from headwater.console.rights import may_see_rows
from headwater.console.security import secure
from headwater.console.views.page import Page
from headwater.segmentation.models import SegmentList

FORMATS = ("csv", "xlsx", "parquet")


class ListsPage(Page):
    """A page about lists that the person may see: the own ones and those shared with them."""

    room = "segments"

    def find_list(self, pk: int) -> SegmentList:
        """Return the list, or raise Http404: also for one that the person may not see."""
        seen = SegmentList.objects.visible_to(self.request.user)
        kept = get_object_or_404(
            seen.select_related("model", "model__owner", "fit", "owner"), pk=pk
        )
        kept.fit.model = kept.model
        self.require(may_see_rows(self.request.user, kept.fit))
        return kept


class SegmentLists(ListsPage):
    """All lists that the person may see."""

    def get(self, request: HttpRequest) -> HttpResponse:
        lists = SegmentList.objects.visible_to(request.user).defer("packed")
        return self.render(
            "segmentation_lists.html",
            {
                "lists": lists.select_related("model", "owner", "fit"),
                "segments_address": reverse("headwater:segments"),
            },
        )


class SegmentListDetail(ListsPage):
    """The rows of one list, with where each is now; posting deletes the list."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        from headwater.segmentation.segment_lists import rows_of

        kept = self.find_list(pk)
        given = request.GET.get("page", "1")
        number = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 1
        return self.render(
            "segmentation_list.html",
            {
                "list": kept,
                "page": rows_of(kept, number),
                "formats": FORMATS,
                "owns": kept.owner_id == request.user.pk,
                "groups": kept.shared_with.all(),
                "segments_address": reverse("headwater:segments"),
            },
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        from headwater.segmentation.segment_lists import delete_list

        kept = self.find_list(pk)
        delete_list(kept, request.user)
        self.say(f"The list “{kept}” is deleted. Its rows are as they were.", messages.INFO)
        return redirect("headwater:segment-lists")


class SegmentListExport(ListsPage):
    """One list as a file."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        from headwater.segmentation.export import CONTENT_TYPES
        from headwater.segmentation.segment_lists import list_frame
        from headwater.sources.files import write

        kept = self.find_list(pk)
        if kind not in FORMATS:
            raise Http404(f"There is no list as “{kind}”; there is {', '.join(FORMATS)}.")
        make = {"csv": write.write_csv, "xlsx": write.write_xlsx, "parquet": write.write_parquet}
        response = HttpResponse(make[kind](list_frame(kept)), content_type=CONTENT_TYPES[kind])
        name = quote(f"list-{kept.pk}.{kind}")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return secure(response)
