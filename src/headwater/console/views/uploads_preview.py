"""An upload before it is a dataset: how it is read, what does not fit, and what becomes of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.data.may import may_add_dataset
from headwater.console.data.upload_choices import take_choices
from headwater.console.data.upload_shown import upload_shown
from headwater.console.views.datasets import DataPage
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.limits import size
from headwater.sources.import_upload import import_upload
from headwater.sources.models import Upload
from headwater.sources.roles import RoleError
from headwater.words import counted


class UploadPage(DataPage):
    """What the pages of an upload have in common."""

    def shown(self, upload: Upload, *, sentence: str = "", status: int = 200) -> HttpResponse:
        """Return the page of ``upload``."""
        context = {
            "upload": upload,
            "shown": upload_shown(upload),
            "size": size(upload.n_bytes),
            "sentence": sentence,
        }
        return self.render("upload_preview.html", context, status=status)

    def choose(self, upload: Upload) -> str:
        """Save what was chosen on the page of ``upload``; return what is wrong with it, or ""."""
        try:
            take_choices(upload, self.request.POST)
        except FileError as error:
            return str(error)
        upload.save(update_fields=["name", "reading", "columns"])
        return ""


class UploadPreview(UploadPage):
    """GET shows the file as it is read; POST reads it otherwise, and keeps the choices."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.shown(self.find_upload(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self.find_upload(pk)
        sentence = self.choose(upload)
        if request.headers.get("HX-Request") or sentence:
            return self.shown(upload, sentence=sentence)
        return redirect("headwater:upload-preview", upload.pk)


class MakeDataset(UploadPage):
    """The upload becomes a dataset, or a new version of one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self.find_upload(pk)
        self.require(may_add_dataset(request.user))
        if sentence := self.choose(upload):
            return self.shown(upload, sentence=sentence, status=422)
        replaced = upload.replaces is not None
        try:
            version = import_upload(upload, request.user)
        except ProblemsError as error:
            return self.shown(
                upload,
                sentence=f"The dataset was not made: {counted(error.n_problems, 'cell or row')} "
                "of the file does not fit."
                if error.n_problems == 1
                else f"The dataset was not made: {error.n_problems:,} cells or rows of the file do "
                "not fit.",
                status=422,
            )
        except (FileError, RoleError) as error:
            return self.shown(upload, sentence=f"The dataset was not made. {error}", status=422)
        rows = counted(version.n_rows, "row")
        if replaced:
            self.say(
                f"Version {version.number} of “{version.dataset}” has {rows}. Analyses learn from "
                "it when they run again; their segments keep their letters."
            )
        else:
            self.say(f"“{version.dataset}” is there, with {rows}.")
        return redirect("headwater:dataset", version.dataset_id)


class DiscardUpload(DataPage):
    """The upload is thrown away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self.find_upload(pk)
        upload.delete()
        self.say(f"“{upload.file_name}” was thrown away.", messages.INFO)
        return redirect("headwater:data")
