"""A file comes in: with a form, by drag and drop, or with a script that shows how far it is."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from headwater.conf import settings
from headwater.console.data.may import may_add_dataset
from headwater.console.views.datasets import DataPage
from headwater.sources.files.errors import FileError
from headwater.sources.files.limits import size
from headwater.sources.models import Dataset, Upload
from headwater.sources.uploads import receive_upload

FORM_BYTES = 64 * 1024
"""What the other fields of the form, and the marks between them, may add to a file."""
_CHUNK = 1024 * 1024
_DRAINED = 1024 * _CHUNK
"""Of a body that is too large, at most so much is read away."""


def body_is_too_large(request: HttpRequest) -> bool:
    """Return whether the body says of itself that it is larger than any file that is taken."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return length.isdecimal() and int(length) > settings().DATASET_MAX_BYTES + FORM_BYTES


def drain(request: HttpRequest) -> None:
    """Read the body and let go of it, a piece at a time.

    A browser shows an answer only when all it sent was taken. Nothing is kept, in memory or on
    disk; of a body that goes on beyond reason the rest is left.
    """
    taken = 0
    while taken < _DRAINED and (chunk := request.read(_CHUNK)):
        taken += len(chunk)


# Django's check would read the whole body for its token before the size of it is looked at.
@method_decorator(csrf_exempt, name="dispatch")
class UploadFile(DataPage):
    """The form that takes a file, for a new dataset or a new version of one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(may_add_dataset(request.user))
        return self.form(*self._instead_of(request.GET))

    def post(self, request: HttpRequest) -> HttpResponse:
        if body_is_too_large(request):
            drain(request)
            limits = settings().DATASET_MAX_BYTES
            sent = int(request.META["CONTENT_LENGTH"])
            return self.refused(
                f"The file has about {size(sent)}; at most {size(limits)} are taken. Nothing of "
                "it was kept. Leave out columns or rows that are not needed, or send it as "
                "Parquet, which is smaller.",
                status=413,
            )
        return self.taken(request)

    @method_decorator(csrf_protect)
    def taken(self, request: HttpRequest) -> HttpResponse:
        """Keep the file and go on to its preview, or say what is wrong with it."""
        self.require(may_add_dataset(request.user))
        replaces, corrects = self._instead_of(request.POST)
        file = request.FILES.get("file")
        if file is None:
            return self.refused("Choose a file first.", replaces, corrects)
        try:
            upload = receive_upload(
                file,
                file_name=file.name or "file",
                user=request.user,
                name=request.POST.get("name", ""),
                replaces=replaces,
                corrects=corrects,
            )
        except FileError as error:
            return self.refused(str(error), replaces, corrects)
        address = reverse("headwater:upload-preview", args=[upload.pk])
        if self.by_script:
            return JsonResponse({"address": address})
        return redirect(address)

    @property
    def by_script(self) -> bool:
        """Whether ``upload.js`` asks, which takes JSON."""
        return self.request.headers.get("Accept", "") == "application/json"

    def _instead_of(self, given: QueryDict) -> tuple[Dataset | None, Upload | None]:
        """Return the dataset that the file is a new version of, and the upload it stands in for."""
        replaces = self._number(given.get("replaces", ""))
        corrects = self._number(given.get("corrects", ""))
        return (
            self.find_to_change(replaces) if replaces else None,
            self.find_upload(corrects) if corrects else None,
        )

    @staticmethod
    def _number(given: str) -> int:
        if given and not (given.isdecimal() and len(given) <= 18):
            raise Http404(f"“{given}” is not the number of anything here.")
        return int(given or 0)

    def refused(
        self,
        sentence: str,
        replaces: Dataset | None = None,
        corrects: Upload | None = None,
        status: int = 422,
    ) -> HttpResponse:
        """Return the form with ``sentence``."""
        if self.by_script:
            return JsonResponse({"sentence": sentence}, status=status)
        return self.form(replaces, corrects, sentence, status)

    def form(
        self,
        replaces: Dataset | None,
        corrects: Upload | None,
        sentence: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """Return the page with the form; it tells the limits before anything is sent."""
        limits = settings()
        context = {
            "replaces": replaces,
            "corrects": corrects,
            "sentence": sentence,
            "name": self.request.POST.get("name", "") if status == 422 else "",
            "max_bytes": limits.DATASET_MAX_BYTES,
            "max_size": size(limits.DATASET_MAX_BYTES),
            "max_rows": limits.DATASET_MAX_ROWS,
            "max_columns": limits.DATASET_MAX_COLUMNS,
        }
        return self.render("upload.html", context, status=status)
