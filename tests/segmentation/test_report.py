"""Report: all that is told of a run, in sections that can be printed."""

from __future__ import annotations

import pytest

from headwater.engines.catalog import TECHNIQUES
from headwater.segmentation.insight import insights_of
from headwater.segmentation.models import Study, StudyKind, StudyStatus
from headwater.segmentation.names import rename
from headwater.segmentation.quality import quality_sentence
from headwater.segmentation.report import ReportSection, report_of
from headwater.segmentation.segments import segments_of
from tests.segmentation.rows import SPICES, blobs, make_analysis, make_dataset

pytestmark = pytest.mark.django_db


def table(section: ReportSection, caption: str) -> dict[str, tuple[str, ...]]:
    (found,) = (one for one in section.tables if one.caption == caption)
    assert {len(row) for row in found.rows} <= {len(found.columns)}
    return {row[0]: row[1:] for row in found.rows}


def test_a_report_tells_of_every_segment_what_its_card_tells() -> None:
    model = make_analysis(make_dataset(SPICES), "k_means", name="Spices in three", n_clusters=3)
    fit = model.perform_inference()
    rename(model, "A", "Mild ones", None, note="For the children.")
    Study.objects.create(
        kind=StudyKind.STABILITY,
        status=StudyStatus.SUCCEEDED,
        fit=fit,
        result={"groups": {"A": {"jaccard": 0.8}, "B": {"jaccard": None}}},
    )
    report = report_of(fit)
    segments, insights = segments_of(fit), insights_of(fit)
    overview, *parts, method = report.sections
    assert report.title == "Spices in three"
    assert dict(report.facts)["Rows"] == "8 rows of Customers, version 1"
    assert dict(report.facts)["Segments"] == "3"
    assert overview.paragraphs == (quality_sentence(fit.summary),)
    assert table(overview, "Segments") == {
        one.letter: (one.name, one.size_text, one.share_text) for one in segments
    }
    assert len(table(overview, "Quality")) == 4
    for segment, part in zip(segments, parts, strict=True):
        assert part.heading == f"{segment.letter}: {segment.name}"
        assert part.letter == segment.letter
        told = " ".join(part.paragraphs)
        assert insights[segment.letter].insight in told
        assert segment.typical is not None
        assert f"Typical: {segment.typical.name}." in told
        characteristics = table(part, "Characteristics")
        assert list(characteristics) == ["heat", "sweet", "fresh"]
        for one in segment.characteristics:
            assert characteristics[one.label][:3] == (one.text, one.lowest, one.highest)
    assert parts[0].paragraphs[0] == "For the children."
    assert "Stable: rows drawn anew" in parts[0].paragraphs[-1]
    assert "similarity" not in " ".join(parts[1].paragraphs)
    labels = {one.name: one.label for one in TECHNIQUES["k_means"].parameters}
    parameters = table(method, "Parameters")
    assert parameters[labels["n_clusters"]] == ("3",)
    assert parameters["Scale of the columns"] == ("Each in its own spread (standard deviation)",)
    hidden = report_of(fit, with_rows=False)
    texts = [text for part in hidden.sections for text in part.paragraphs]
    assert not any(name in text for name in SPICES["name"] for text in texts)


def test_rows_outside_and_components_have_their_sections() -> None:
    values = blobs((20, 20))
    values["spent"][0] = 500.0
    fit = make_analysis(make_dataset(values), "dbscan", eps=0.5, min_samples=3).perform_inference()
    (section,) = (one for one in report_of(fit).sections if one.heading.startswith("Outside"))
    assert section.paragraphs == ("Found 2 groups of similar rows and 1 that fits none: 1.",)
    fit = make_analysis(make_dataset(SPICES), "pca", n_components=2).perform_inference()
    first, *_ = report_of(fit).sections
    shares = [row[0] for row in table(first, "Share of the variance").values()]
    found = fit.summary["decomposition"]
    assert shares == [f"{share:.0%}" for share in found["explained"]]
    kept = f"{sum(found['explained']):.0%}"
    assert first.paragraphs == (f"2 components keep {kept} of the variance.",)
    assert list(table(first, "Loadings")) == ["heat", "sweet", "fresh"]
    assert dict(report_of(fit).facts)["Segments"] == "–"
