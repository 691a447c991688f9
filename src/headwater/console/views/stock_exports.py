"""The numbers of one section as a file: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import datetime as dt
import io

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from headwater.console.flows.asked import asked_of
from headwater.console.flows.section import Table
from headwater.console.flows.sections import section_of
from headwater.console.security import secure
from headwater.console.views.process import ProcessPage

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a formula to a spreadsheet."""


class StockExport(ProcessPage):
    """One section of a process, as the page with the same address shows it."""

    def get(self, request: HttpRequest, process: str, section: str, kind: str) -> HttpResponse:
        found = self.find_process(process)
        part = self.find_part(found)
        asked, _ = asked_of(part, request.user, self.data())
        wanted = section_of(part, asked, section)
        if wanted is None or wanted.table is None:
            raise Http404(f"“{part.name}” has no numbers “{section}” to export.")
        table = wanted.table()
        name = f"{found.process.slug}-{section}.{kind}"
        response = _as_csv(table) if kind == "csv" else _as_json(table)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return secure(response)


def _as_json(table: Table) -> HttpResponse:
    rows = [dict(zip(table.headings, row, strict=True)) for row in table.rows]
    return JsonResponse({"rows": rows}, json_dumps_params={"ensure_ascii": False})


def _as_csv(table: Table) -> HttpResponse:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([cell_of(heading) for heading in table.headings])
    writer.writerows([cell_of(value) for value in row] for row in table.rows)
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    return HttpResponse("\ufeff" + lines.getvalue(), content_type="text/csv; charset=utf-8")


def cell_of(value: object) -> object:
    """Return ``value`` as a cell of CSV: a text that a spreadsheet would compute is quoted.

    >>> cell_of("=1+1"), cell_of(-5), cell_of(None), cell_of(True)
    ("'=1+1", -5, '', 'yes')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dt.datetime() | dt.date():
            return value.isoformat()
        case dt.timedelta():
            return value.total_seconds()
        case str() if value.lstrip(" ").startswith(FORMULA):
            return f"'{value}"
    return value
