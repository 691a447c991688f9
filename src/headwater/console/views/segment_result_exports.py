"""Rows and summary of a run as files."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse

from headwater.console.rights import may_see_groups, may_see_rows
from headwater.console.security import secure
from headwater.console.views.segment_result import RunPage


class RowsExport(RunPage):
    """Each row with its segment; 404 for a run that the person may not see."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        from headwater.segmentation.export import ExportError
        from headwater.segmentation.export_rows import export_rows

        fit = self.find_run(pk)
        self.require(may_see_rows(request.user, fit))
        try:
            export = export_rows(fit, kind)
        except ExportError as refused:
            raise Http404(str(refused)) from None
        return _file(export.file_name, export.content_type, export.blocks)


class SummaryExport(RunPage):
    """The segments with their figures; 404 for a run that the person may not see."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        from headwater.segmentation.export import ExportError
        from headwater.segmentation.export_summary import export_summary

        fit = self.find_run(pk)
        self.require(may_see_groups(request.user, fit))
        self.require(may_see_rows(request.user, fit))
        try:
            export = export_summary(fit, kind)
        except ExportError as refused:
            raise Http404(str(refused)) from None
        return _file(export.file_name, export.content_type, export.blocks)


def _file(name: str, content_type: str, blocks: object) -> HttpResponseBase:
    response = StreamingHttpResponse(blocks, content_type=content_type)  # type: ignore[arg-type]
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return secure(response)
