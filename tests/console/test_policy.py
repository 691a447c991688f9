"""Pages obey a strict policy, change nothing when they are looked at, and stay small."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from headwater.console.security import POLICY
from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Source
from tests.testapp.models import Person

CONSOLE = Path(__file__).parents[2] / "src" / "headwater" / "console"


def _addresses(model: StatisticalModel) -> list[str]:
    fit = model.current_fit_id
    named = [reverse(f"headwater:{n}") for n in ("overview", "models", "glossary", "create")]
    of_model = [reverse(f"headwater:{n}", args=[model.pk]) for n in ("model", "edit", "delete")]
    of_fit = [reverse(f"headwater:{n}", args=[model.pk, fit]) for n in ("fit", "points")]
    compared = reverse("headwater:compare", args=[model.pk]) + f"?before={fit}&after={fit}"
    refreshed = reverse("headwater:create") + "?technique=k_means&model=testapp.person"
    return [*named, *of_model, *of_fit, compared, refreshed]


def test_every_page_has_the_policy_and_nothing_inline(
    page: Client, fitted: StatisticalModel
) -> None:
    for address in [*_addresses(fitted), "/models/999/"]:
        response = page.get(address)
        text = response.content.decode()

        assert response["Content-Security-Policy"] == POLICY, address
        assert not re.search(r"<[^>]*\sstyle=", text), address
        assert not re.search(r"<[^>]*\son[a-z]+=", text), address
        assert "<style" not in text, address
        for tag in re.findall(r"<script[^>]*>", text):
            assert 'src="/static/headwater/' in tag or 'type="application/json"' in tag, tag
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), address


def test_the_sign_in_has_the_policy_too(client: Client, db: None) -> None:
    assert client.get(reverse("headwater:sign-in"))["Content-Security-Policy"] == POLICY
    assert client.get("/")["Content-Security-Policy"] == POLICY


def test_looking_changes_nothing(page: Client, fitted: StatisticalModel) -> None:
    def everything() -> list[Any]:
        return [
            list(model.objects.order_by("pk").values())
            for model in (
                Fit,
                StatisticalModel,
                Source,
                Person,
            )
        ]

    before = everything()
    for address in _addresses(fitted):
        assert page.get(address).status_code == 200, address
    page.get(reverse("headwater:progress", args=[fitted.pk]), headers={"HX-Request": "true"})

    assert everything() == before


@pytest.mark.parametrize("name", ["run", "cancel"])
def test_a_get_runs_and_cancels_nothing(page: Client, fitted: StatisticalModel, name: str) -> None:
    assert page.get(reverse(f"headwater:{name}", args=[fitted.pk])).status_code == 405
    assert fitted.fits.count() == 1


def test_a_page_stays_under_300_kilobytes(
    page: Client, make_people: Callable[..., Any], make_model: Callable[..., Any]
) -> None:
    make_people(2500)
    model = make_model()
    model.perform_inference()
    text = page.get(reverse("headwater:model", args=[model.pk])).content.decode()
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', text)

    sizes = {
        name: Path(str(finders.find(name))).stat().st_size
        for name in files
        if "echarts" not in name
    }

    assert "headwater/console.css" in sizes
    assert len(text.encode()) + sum(sizes.values()) < 300_000, (len(text), sizes)


def test_every_vendored_file_is_named_with_its_licence() -> None:
    vendor = CONSOLE / "static" / "headwater" / "vendor"
    words = (vendor / "VENDORED.md").read_text()

    for folder in (path for path in vendor.iterdir() if path.is_dir()):
        assert (folder / "LICENSE").exists(), folder
        for path in [*folder.glob("*.js"), *folder.glob("*.css")]:
            assert f"{folder.name}/{path.name}" in words
    for path in [*vendor.rglob("*.js"), *vendor.rglob("*.css")]:
        assert "sourceMappingURL" not in path.read_text(), path
