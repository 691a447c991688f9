"""The tutorial without Python: its files, its figures and the words on the pages are as it says."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.compare import compare_runs
from headwater.segmentation.models import SegmentList, Study
from headwater.segmentation.segments import segments_of
from headwater.sources.models import Dataset, Upload
from tests.console.data_files import choices
from tests.console.test_workbench import fields_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
TUTORIAL = (DOCS / "tutorial-segments.md").read_text(encoding="utf-8")


class Analyst:
    """Someone who does the tutorial; what the pages say is kept."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.read: list[str] = []

    def see(self, page: str, /, *args: Any, **asked: Any) -> Any:
        """Open a page, and read it."""
        return self._read(self.client.get(reverse(f"headwater:{page}", args=args), asked))

    def press(self, page: str, /, *args: Any, **given: Any) -> Any:
        """Send a form, and read the page that it leads to."""
        address = reverse(f"headwater:{page}", args=args)
        return self._read(self.client.post(address, given, follow=True))

    def _read(self, response: Any) -> Any:
        assert response.status_code == 200
        text = response.content.decode()
        if "html" in response.headers["Content-Type"]:
            text = re.sub(r"<(?:script|style).*?</(?:script|style)>", " ", text, flags=re.S)
            text = html.unescape(re.sub(r"<[^>]+>", " ", text))
        self.read.append(" ".join(text.split()))
        return response

    def upload(self, month: str, **given: Any) -> Upload:
        """Send the file of ``month`` as it lies beside the tutorial, and look at its preview."""
        name = f"customers-{month}.csv"
        content = (DOCS / "files" / name).read_bytes()
        self.press("upload", file=SimpleUploadedFile(name, content), **given)
        return Upload.objects.get()


@pytest.mark.django_db(transaction=True)
def test_the_tutorial_is_as_the_pages_are(client: Client) -> None:
    ann = User.objects.create_superuser("ann", password="ann")
    client.force_login(ann)
    analyst = Analyst(client)

    # 1 and 2: a file becomes a dataset
    analyst.see("data")
    analyst.see("upload")
    upload = analyst.upload("march", name="Customers")
    reading = upload.reading
    assert (reading["delimiter"], reading["decimal"], reading["thousands"]) == (";", ",", ".")
    shown = analyst.see("upload-preview", upload.pk).content.decode()
    analyst.press("upload-make", upload.pk, **choices(shown))
    dataset = Dataset.objects.get()
    version = dataset.current
    assert version is not None
    assert [version.names_of(role) for role in ("id", "name", "out")] == [
        ["Customer no"],
        ["Name"],
        ["City"],
    ]
    assert len(version.features) == 4
    assert version.profile["City"]["n_distinct"] == 155
    assert version.profile["Average order value"]["n_missing"] == 3
    assert version.profile["Total spending"]["median"] == pytest.approx(423.6, abs=0.05)
    assert version.profile["Total spending"]["n_outliers"] == 11

    # 3: four segments are suggested
    held = fields_of(analyst.see("analyse", dataset=dataset.pk))
    held |= {
        "columns": ["Total spending", "Purchases", "Days since last purchase"],
        "name": "Our customers",
    }
    analyst.press("analyse", **held, study="choice")
    suggested = Study.objects.get().result["suggested"]
    assert suggested["k"] == 4
    assert sorted(suggested["votes"].values()) == [2, 2, 4, 4]
    analyst.press("analyse", **held | {"p_n_clusters": "4"})

    # 4 and 5: what they are like
    march = Fit.objects.get()
    assert march.status == "succeeded", march.error
    segments = segments_of(march)
    rows = re.findall(r"^\| ([A-D]) \| (.+) \| (\d+) \|$", TUTORIAL, re.M)
    assert [(one.letter, one.name, str(one.size)) for one in segments] == rows
    assert march.summary["quality"]["silhouette"] == pytest.approx(0.55, abs=0.005)
    heat = march.summary["heat"]
    spending = [one["column"] for one in heat["columns"]].index("Total spending")
    assert heat["groups"][2]["deviations"][spending] == pytest.approx(1.7, abs=0.05)
    days = next(
        one for one in segments[3].characteristics if one.column == "Days since last purchase"
    )
    assert days.mean == pytest.approx(275, abs=0.5)
    analyst.see("segmentation", march.pk)
    analyst.see("segment-json", march.pk, "C")
    analyst.press("segmentation-stability", march.pk)
    words = [one["word"] for one in Study.objects.latest("pk").result["groups"].values()]
    assert words == ["stable"] * 4
    analyst.press("segment-rename", march.pk, "C", name="Regulars", note="")
    analyst.press("segmentation-list", march.pk, letter="D", name="Call in April")
    assert SegmentList.objects.get().n_rows == 12

    # 6: a month later
    analyst.see("dataset", dataset.pk)
    upload = analyst.upload("april", replaces=dataset.pk)
    shown = analyst.see("upload-preview", upload.pk).content.decode()
    analyst.press("upload-make", upload.pk, **choices(shown))
    analyst.see("segments")
    model = StatisticalModel.objects.get()
    analyst.press("analysis-run", model.pk)
    april = Fit.objects.latest("pk")
    assert april.status == "succeeded", april.error
    assert [(one.letter, one.name) for one in segments_of(april)][2] == ("C", "Regulars")
    assert [one.letter for one in segments_of(april)] == list("ABCD")
    both = compare_runs(april, march)
    assert (both.compared, round(both.ari or 0, 2)) == (195, 0.78)
    place = {letter: i for i, letter in enumerate("ABCD")}
    assert both.table[place["C"]] == (0, 0, 36, 0)
    assert [row[place["C"]] for row in both.table] == [0, 0, 36, 0]
    assert [row[place["D"]] for row in both.table] == [2, 0, 0, 10]
    analyst.see("segmentation", april.pk)
    analyst.see("segment-compare", a=april.pk, b=march.pk)

    # 7: a new customer
    form = analyst.see("segmentation-assign", april.pk).content.decode()
    asked = re.findall(r'<label for="([^"]+)">(?:Total|Purchases|Days)', form)
    values = dict(zip(asked, ("1500", "20", "5"), strict=True))
    analyst.press("segmentation-assign", april.pk, **{"from": "form"}, **values)
    assert "1 to C · Regulars" in analyst.read[-1]

    # 8: a tree
    analyst.press("sample-open", "delivery")
    delivery = Dataset.objects.get(sample="delivery")
    held = fields_of(analyst.see("analyse", dataset=delivery.pk, technique="hierarchical"))
    analyst.press("analyse", **held)
    tree = Fit.objects.latest("pk")
    analyst.see("segmentation", tree.pk, n="3")
    assert "The longest stretch without a join leaves 3 segments" in analyst.read[-1]

    everything = " ".join(analyst.read)
    assert not [word for word in buttons(TUTORIAL) if word not in everything]


@pytest.mark.parametrize("page", ["upload", "find-segments", "judge-segments", "use-segments"])
def test_what_a_page_tells_to_press_is_in_the_console(page: str) -> None:
    package = DOCS.parent / "src" / "headwater"
    files = [*(package / "console").rglob("*.py"), *(package / "console").rglob("*.html")]
    files += [*(package / "engines").rglob("*.py"), package / "sources" / "roles.py"]
    files += [*(package / "sources" / "samples").glob("*.py")]
    there = "\n".join(file.read_text(encoding="utf-8") for file in files)
    words = buttons((DOCS / "how-to" / f"{page}.md").read_text(encoding="utf-8"))
    assert len(words) > 4
    for word in words:
        for part in re.split(r"\d+|^Lines", word):  # which come from the data, and from the file
            assert part.strip() in there, word


def buttons(text: str) -> list[str]:
    """Return what stands in bold: the words that a reader looks for on the pages."""
    return [" ".join(word.split()) for word in re.findall(r"\*\*([^*]+)\*\*", text)]
