"""Files that people upload, made by the tests."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from headwater.sources.models import Upload

CUSTOMERS = """id;name;spent;visits;segment;joined
1;Ada;1.234,50;3;good;03.02.2024
2;Ben;20,00;1;new;04.02.2024
3;Cy;310,25;7;good;05.02.2024
4;Di;4,75;1;new;06.02.2024
"""
"""German marks: semicolons, decimal commas, points between thousands."""


def csv_file(text: str = CUSTOMERS, name: str = "customers.csv") -> SimpleUploadedFile:
    """Return a text file."""
    return SimpleUploadedFile(name, text.encode())


def send(client: Client, file: SimpleUploadedFile, **values: Any) -> Any:
    """Send ``file`` by the form, and return the answer."""
    return client.post(reverse("headwater:upload"), {"file": file, **values})


def uploaded(client: Client, file: SimpleUploadedFile | None = None, **values: Any) -> Upload:
    """Return the upload that sending ``file`` made."""
    response = send(client, file or csv_file(), **values)
    assert response.status_code == 302, response.content.decode()
    return Upload.objects.get()


def choices(page: str) -> dict[str, str]:
    """Return what the form on the preview of an upload would post, nothing changed."""
    import html
    import re

    given = re.search(r'<input type="hidden" name="columns" value="([^"]*)"', page)
    found = {"columns": html.unescape(given.group(1)) if given else "[]"}
    found |= dict(
        re.findall(
            r'<input class="form-control" type="number"[^>]*name="(r-\w+)" value="(\d+)"', page
        )
    )
    for name, body in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        assert chosen, name
        found[name] = chosen.group(1)
    return found
