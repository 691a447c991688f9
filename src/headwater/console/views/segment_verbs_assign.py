"""New rows get their segment: one from a form, or many from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from headwater.conf import settings
from headwater.console.rights import may_see_groups
from headwater.console.security import secure
from headwater.console.segments.assigned import assigned_shown, fields_of, row_of
from headwater.console.views.segment_result import RunPage
from headwater.console.views.uploads import body_is_too_large, drain
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.limits import size

if TYPE_CHECKING:
    from headwater.segmentation.assign_rows import AssignedRows

FORM = "form"


# Django's check would read the whole body for its token before the size of it is looked at.
@method_decorator(csrf_exempt, name="dispatch")
class AssignRows(RunPage):
    """The form and the file; nothing of what is sent is kept."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(self.find(pk), {})

    def find(self, pk: int) -> Fit:
        """Return the run, whose segments the person must be allowed to see."""
        fit = self.find_run(pk)
        self.require(may_see_groups(self.request.user, fit))
        return fit

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        fit = self.find(pk)
        if body_is_too_large(request):
            drain(request)
            most = size(settings().DATASET_MAX_BYTES)
            problem = f"The file is larger than {most}, and nothing of it was read."
            return self.show(fit, {"problem": problem}, status=413)
        return self.taken(request, fit)

    @method_decorator(csrf_protect)
    def taken(self, request: HttpRequest, fit: Fit) -> HttpResponse:
        """Assign what was sent, and show it or give it back as a file."""
        given = {name: str(value) for name, value in request.POST.items()}
        try:
            found = self.assigned(fit, given)
        except ProblemsError as refused:
            return self.show(
                fit,
                {
                    "problems": [one.sentence for one in refused.problems],
                    "n_problems": refused.n_problems,
                },
                given,
                422,
            )
        except (FitError, FileError, ValueError) as refused:
            return self.show(fit, {"problem": str(refused)}, given, 422)
        from headwater.segmentation.assign_rows import SHOWN
        from headwater.segmentation.names import segment_names

        names = segment_names(fit)
        kind = given.get("as", "")
        if kind in ("csv", "xlsx"):
            return self.file(fit, found, names, kind)
        return self.show(fit, {"found": assigned_shown(found, names, SHOWN)}, given)

    def assigned(self, fit: Fit, given: dict[str, str]) -> AssignedRows:
        """Return the sent rows with their segments."""
        from headwater.segmentation.assign_rows import assign_rows, assign_upload
        from headwater.sources.uploads import receive_upload

        if given.get("from") == FORM:
            return assign_rows(fit, [row_of(fields_of(fit, given))])
        file = self.request.FILES.get("file")
        if file is None:
            raise ValueError("Choose a file first.")
        upload = receive_upload(file, file_name=file.name or "file", user=self.request.user)
        try:
            return assign_upload(fit, upload)
        finally:
            upload.delete()

    def file(self, fit: Fit, found: AssignedRows, names: dict[str, str], kind: str) -> HttpResponse:
        """Return all sent rows with their segments as a file."""
        from headwater.segmentation.export import CONTENT_TYPES
        from headwater.sources.files.write import write_csv, write_xlsx

        frame = found.frame(names=names)
        content = write_csv(frame) if kind == "csv" else write_xlsx(frame)
        response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
        name = quote(f"run-{fit.pk}-new-rows.{kind}")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return secure(response)

    def show(
        self,
        fit: Fit,
        context: dict[str, Any],
        given: dict[str, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Return the page with ``context`` in it."""
        from headwater.segmentation.assign_rule import rule_of

        try:
            fields = fields_of(fit, given or {})
        except FitError as refused:
            fields, context = [], {"problem": str(refused)}
        whole = {
            **self.frame(fit, "Assign new rows"),
            "fields": fields,
            "rule": rule_of(fit),
            "max_size": size(settings().DATASET_MAX_BYTES),
            **context,
        }
        return self.render("segmentation_assign.html", whole, status=status)
