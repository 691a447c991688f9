"""Exports: every row with its segment, joined by id; a summary with the figures of the fit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from headwater.learning.models import Fit, Membership
from headwater.segmentation.export import Export, ExportError
from headwater.segmentation.export_rows import export_rows
from headwater.segmentation.export_summary import export_summary
from headwater.segmentation.insight import insights_of
from headwater.segmentation.names import rename, segment_names
from tests.segmentation.rows import SPICES, blobs, make_analysis, make_dataset, person
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db


def content(export: Export) -> bytes:
    return b"".join(export.blocks)


def rows_of(export: Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(export).decode())))


def fitted(values: Any = None, technique: str = "k_means", **parameters: Any) -> Fit:
    dataset = make_dataset(values or blobs((30, 20, 10)))
    if technique == "k_means":
        parameters = {"n_clusters": 3, **parameters}
    fit = make_analysis(dataset, technique, **parameters).perform_inference()
    assert fit.status == "succeeded", fit.error
    return fit


def test_csv_has_all_columns_and_the_segment_of_each_row_by_its_id() -> None:
    values = blobs((30, 20, 10))
    order = np.random.default_rng(3).permutation(60)
    shuffled = {name: [column[i] for i in order] for name, column in values.items()}
    fit = fitted(shuffled)
    rename(fit.model, "A", "=Big; “spenders”", person())
    export = export_rows(fit, "csv")
    rows = rows_of(export)
    assert [row["customer"] for row in rows] == [str(id) for id in shuffled["customer"]]
    assert list(rows[0]) == ["customer", "spent", "visits", "truth", "segment", "segment_name"]
    # blobs that lie far apart: the segment follows from the truth, which was not learned from
    segments = {(row["truth"], row["segment"]) for row in rows}
    assert len(segments) == 3
    assert {segment for _, segment in segments} == {"A", "B", "C"}
    names = segment_names(fit)
    assert names["A"] == "=Big; “spenders”"
    assert {row["segment_name"] for row in rows if row["segment"] == "A"} == {"'=Big; “spenders”"}
    assert all(row["segment_name"] == names[row["segment"]] for row in rows if row["segment"] > "A")
    assert export.notes == ()


def test_blocks_join_to_one_table_with_one_header(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = fitted()
    whole = content(export_rows(fit, "csv"))
    monkeypatch.setattr("headwater.segmentation.export_rows.BLOCK", 7)
    blocks = list(export_rows(fit, "csv").blocks)
    assert len(blocks) == 9
    assert b"".join(blocks) == whole


def test_parquet_and_workbook_hold_the_same_rows() -> None:
    fit = fitted()
    frame = pl.read_parquet(io.BytesIO(content(export_rows(fit, "parquet"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(export_rows(fit, "xlsx"))))
    head, *cells = book.get_sheet_by_index(0).to_python()
    rows = rows_of(export_rows(fit, "csv"))
    assert frame["segment"].to_list() == [row["segment"] for row in rows]
    assert head == frame.columns
    assert [cell[4] for cell in cells] == frame["segment"].to_list()
    assert [cell[1] for cell in cells] == pytest.approx(frame["spent"].to_list())
    assert frame["customer"].dtype == pl.Int64


def test_probabilities_are_those_of_the_fitted_mixture() -> None:
    fit = fitted(blobs((40, 30), apart=3.0), "variational_mixture", n_components=4)
    frame = pl.read_parquet(io.BytesIO(content(export_rows(fit, "parquet"))))
    letters = [
        name.removeprefix("probability_") for name in frame.columns if "probability_" in name
    ]
    assert letters == sorted(group["letter"] for group in fit.summary["groups"])
    each = frame.select(f"probability_{letter}" for letter in letters)
    assert each.sum_horizontal().to_list() == pytest.approx([1.0] * 70)
    own = [row[f"probability_{row['segment']}"] for row in frame.iter_rows(named=True)]
    assert frame["probability"].to_list() == own
    largest = [max(row) for row in each.iter_rows()]
    assert own == pytest.approx(largest)
    assert "probability" not in rows_of(export_rows(fitted(), "csv"))[0]


def test_rows_outside_say_so() -> None:
    values = blobs((20, 20))
    values["spent"][0], values["visits"][0] = 500.0, 500.0
    fit = fitted(values, "dbscan", eps=0.5, min_samples=3)
    first, *others = rows_of(export_rows(fit, "csv"))
    assert (first["segment"], first["segment_name"]) == ("outside", "outside of every segment")
    assert sum(row["segment"] != "outside" for row in others) > 20


def test_components_of_a_decomposition_are_exported() -> None:
    fit = fitted(SPICES, "pca", n_components=2)
    export = export_rows(fit, "parquet")
    assert export.notes == ()
    frame = pl.read_parquet(io.BytesIO(content(export)))
    assert frame.columns == ["name", "heat", "sweet", "fresh", "component_1", "component_2"]
    X = frame.select("heat", "sweet", "fresh").to_numpy()
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    spread = np.linalg.svd(Z, compute_uv=False)[:2] ** 2
    found = frame.select("component_1", "component_2").to_numpy()
    assert (found**2).sum(axis=0) == pytest.approx(spread)


def test_a_column_of_the_data_that_is_called_segment_keeps_its_name() -> None:
    values = {**blobs((10, 10, 10)), "segment": ["old"] * 30}
    fit = make_analysis(make_dataset(values), "k_means", n_clusters=3, columns=["spent", "visits"])
    row = rows_of(export_rows(fit.perform_inference(), "csv"))[0]
    assert row["segment"] == "old"
    assert row["headwater_segment"] in "ABC"


def test_rows_of_a_model_that_came_and_went_are_told(
    make_people: Callable[..., list[Any]], make_model: Callable[..., Any]
) -> None:
    people = make_people(30)
    model = make_model(of={"columns": ("x", "y"), "name_column": "name"})
    fit = model.perform_inference()
    expected = dict(Person.objects.values_list("pk", "group"))
    people[4].delete()
    late = Person.objects.create(name="@Late", x=1.0, y=2.0)
    export = export_rows(fit, "csv")
    assert export.notes == (
        "1 row came after this run, and has no segment in the file.",
        "1 row of this run is gone, and not in the file.",
    )
    rows = {int(row["id"]): row for row in rows_of(export)}
    assert list(rows[late.pk].values()) == [str(late.pk), "'@Late", "1.0", "2.0", "", ""]
    del rows[late.pk], expected[min(set(expected) - set(rows))]
    assert {key: row["segment"] for key, row in rows.items()} == expected
    frame = pl.read_parquet(io.BytesIO(content(export_rows(fit, "parquet"))))
    assert dict(frame.schema) == {
        "id": pl.Int64, "name": pl.String, "x": pl.Float64, "y": pl.Float64,
        "segment": pl.String, "segment_name": pl.String,
    }  # fmt: skip


def test_refusals_are_sentences() -> None:
    fit = fitted()
    with pytest.raises(ExportError, match="no export as “pdf”; there is csv, xlsx, parquet"):
        export_rows(fit, "pdf")
    with pytest.raises(ExportError, match="no export as “xlsx”; there is csv, json"):
        export_summary(fit, "xlsx")
    Membership.objects.filter(fit=fit).delete()
    with pytest.raises(ExportError, match="not kept any more"):
        export_rows(fit, "csv")


def test_too_many_rows_for_a_workbook_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headwater.segmentation.export_rows.MOST_XLSX", 59)
    with pytest.raises(ExportError, match="59 rows at most, and there are 60"):
        export_rows(fitted(), "xlsx")


def test_summary_has_the_figures_and_the_sentences() -> None:
    values = blobs((30, 20, 10))
    fit = fitted(values)
    told = json.loads(content(export_summary(fit, "json")))
    insights = insights_of(fit)
    frame = pl.DataFrame(values)
    by_segment = {row["customer"]: row["segment"] for row in rows_of(export_rows(fit, "csv"))}
    letters = np.array([by_segment[str(id)] for id in values["customer"]])
    assert told["rows"] == 60
    assert [one["segment"] for one in told["segments"]] == ["A", "B", "C"]
    for one in told["segments"]:
        own = frame["spent"].to_numpy()[letters == one["segment"]]
        assert one["size"] == len(own)
        assert one["share"] == pytest.approx(len(own) / 60)
        figures = one["columns"]["spent"]
        assert figures["mean"] == pytest.approx(own.mean())
        assert figures["std"] == pytest.approx(own.std())
        assert (figures["minimum"], figures["maximum"]) == (own.min(), own.max())
        assert one["insight"] == insights[one["segment"]].insight
    lines = rows_of(export_summary(fit, "csv"))
    assert [line["name"] for line in lines] == [one["name"] for one in told["segments"]]
    assert float(lines[1]["spent mean"]) == pytest.approx(
        told["segments"][1]["columns"]["spent"]["mean"]
    )
    assert lines[1]["recommendation"] == told["segments"][1]["recommendation"]
