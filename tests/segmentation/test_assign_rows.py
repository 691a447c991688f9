"""New rows get the segment that a run gives them: by upload or by form, or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile

from headwater.engines.catalog import TECHNIQUES
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.segmentation.assign_rows import asked_columns, assign_rows, assign_upload
from headwater.segmentation.assign_rule import rule_of
from headwater.segmentation.fit_rows import members_of
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.write import write_csv
from headwater.sources.models import Upload
from headwater.sources.uploads import receive_upload
from tests.segmentation.rows import SPICES, blobs, make_analysis, make_dataset, person
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

TECHNIQUE_PARAMETERS: list[tuple[str, dict[str, Any]]] = [
    ("k_means", {"n_clusters": 3}),
    ("variational_mixture", {"n_components": 5}),
    ("variational_mixture", {"n_components": 5, "family": "student_t"}),
    ("hierarchical", {"n_clusters": 3}),
    ("dbscan", {"eps": 0.5}),
    ("hdbscan", {"min_cluster_size": 10}),
]


def _fit(technique: str = "k_means", **parameters: Any) -> Fit:
    dataset = make_dataset(blobs([60, 40, 30]))
    fit = make_analysis(dataset, technique, **(parameters or {"n_clusters": 3})).perform_inference()
    assert fit.status == "succeeded", fit.error
    return fit


def _upload(text: str, name: str = "new.csv") -> Upload:
    return receive_upload(ContentFile(text.encode()), file_name=name, user=person())


@pytest.mark.parametrize(("technique", "parameters"), TECHNIQUE_PARAMETERS)
def test_rows_that_were_learned_from_come_to_where_they_are(
    technique: str, parameters: dict[str, Any]
) -> None:
    fit = _fit(technique, **parameters)
    values = blobs([60, 40, 30])
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    done = assign_rows(fit, rows)
    grouping = members_of(fit).grouping
    own = [[*grouping.letters, ""][group] for group in grouping.labels.tolist()]
    same = np.mean([a == b for a, b in zip(done.letters, own, strict=True)])
    assert same == 1.0 if technique != "dbscan" else same > 0.95  # rows at a border
    assert done.ignored == ("customer", "truth")
    assert sum(done.counts.values()) == len(done) == 130
    if technique == "variational_mixture":
        assert done.probabilities is not None
        assert min(done.probabilities) > 0.5
    else:
        assert done.probabilities is None
    assert rule_of(fit).endswith(".")


@pytest.mark.parametrize("technique", ["hierarchical", "dbscan", "hdbscan"])
def test_a_row_far_from_all_is_outside(technique: str) -> None:
    fit = _fit(technique, **dict(TECHNIQUE_PARAMETERS)[technique])
    done = assign_rows(fit, [{"spent": 500.0, "visits": -500.0}, {"spent": 0.1, "visits": 0.1}])
    assert done.letters == ("", "A")
    assert done.counts == {"A": 1, "": 1}
    assert "outside of every segment" in rule_of(fit)
    assert done.frame().to_dict(as_series=False)["segment"] == [None, "A"]


def test_every_technique_with_groups_has_a_rule() -> None:
    clustering = [key for key, one in TECHNIQUES.items() if one.family == "clustering"]
    told = {rule_of(Fit(technique=key)) for key in clustering}
    assert len(told) == len(clustering)


def test_a_file_is_read_as_it_is_written_with_columns_by_name() -> None:
    fit = _fit()
    upload = _upload("Name;Visits;spent;Note\nEva;0,5;0,1;=1+1\nBo;8,2;8,4;b\nCy;0,1;16,3;\n")
    done = assign_upload(fit, upload)
    assert done.letters == ("A", "B", "C")
    assert done.ignored == ("Name", "Note")
    assert done.rows.columns == ["Name", "Visits", "spent", "Note"]
    text = write_csv(done.frame(names={"A": "Low", "B": "High"})).decode()
    assert text.splitlines()[0] == "Name,Visits,spent,Note,segment,segment name"
    assert text.splitlines()[1] == "Eva,0.5,0.1,'=1+1,A,Low"
    assert Upload.objects.filter(pk=upload.pk).exists()


def test_rows_are_called_by_their_name_column() -> None:
    dataset = make_dataset(SPICES)
    fit = make_analysis(dataset, n_clusters=3).perform_inference()
    text = "name,heat,sweet,fresh\nSaffron,1,6,1\n,9,1,2\n"
    done = assign_upload(fit, _upload(text))
    assert done.names == ("Saffron", "2")
    assert done.ignored == ()


def test_a_missing_column_is_named() -> None:
    fit = _fit()
    with pytest.raises(FitError, match="The column “visits” is missing, and the run learned from"):
        assign_upload(fit, _upload("id,spent\n1,2\n2,3\n"))
    with pytest.raises(FitError, match="The columns “spent” and “visits” are missing"):
        assign_rows(fit, [{"age": 3}])


def test_cells_that_do_not_fit_are_told_with_their_row() -> None:
    fit = _fit()
    bad = "".join(f"{i},few\n" for i in range(7))
    with pytest.raises(ProblemsError) as refused:
        assign_upload(fit, _upload(f"spent,visits\n1,2\n{bad}"))
    assert (len(refused.value.problems), refused.value.n_problems) == (5, 7)
    assert refused.value.problems[0].row == 3
    assert "visits" in str(refused.value)
    with pytest.raises(FitError, match="“visits” was “few”; it takes a number"):
        assign_rows(fit, [{"spent": "1", "visits": "few"}])
    with pytest.raises((FitError, FileError)):
        assign_rows(fit, [])


def test_what_is_missing_or_new_is_told() -> None:
    values = {**blobs([30, 30]), "plan": ["free", "pro"] * 30}
    fit = make_analysis(make_dataset(values), n_clusters=2).perform_inference()
    done = assign_upload(fit, _upload("spent,visits,plan\n1,2,free\n,2,team\n1,,\n"))
    assert len(done) == 3
    assert "“spent” lacks 1 value, filled as in the run." in done.notes
    assert any("“plan” has 1 value that was not there" in note for note in done.notes)
    plan = next(one for one in asked_columns(fit) if one.name == "plan")
    assert (plan.type, plan.categories, plan.may_be_empty) == ("text", ("free", "pro"), True)


def test_rows_of_a_django_model_with_dates_and_yes_and_no(make_model: Make) -> None:
    start = dt.date(2020, 1, 1)
    Person.objects.bulk_create(
        Person(born=start + dt.timedelta(days=i % 2 * 9000 + i), is_active=i % 2 == 0)
        for i in range(30)
    )
    model = make_model(of={"columns": ("born", "is_active")}, results_storage="")
    fit = model.perform_inference()
    assert [(one.name, one.type) for one in asked_columns(fit)] == [
        ("born", "date"),
        ("is_active", "boolean"),
    ]
    done = assign_upload(fit, _upload("Born,Is active\n2020-01-05,yes\n2044-10-01,no\n"))
    by_form = assign_rows(
        fit,
        [
            {"born": dt.date(2020, 1, 5), "is_active": True},
            {"born": dt.date(2044, 10, 1), "is_active": False},
        ],
    )
    expected = tuple(
        fit.model.predict(
            [
                {"born": dt.date(2020, 1, 5), "is_active": True},
                {"born": dt.date(2044, 10, 1), "is_active": False},
            ]
        )
    )
    assert done.letters == by_form.letters == expected
    assert set(expected) == {"A", "B"}


def test_a_run_without_segments_gives_none() -> None:
    dataset = make_dataset(SPICES)
    fit = make_analysis(dataset, "pca", n_components=2).perform_inference()
    with pytest.raises(FitError, match="no segments that a row could be put in"):
        assign_rows(fit, [{"heat": 1, "sweet": 2, "fresh": 3}])
    with pytest.raises(FitError, match="has not succeeded"):
        asked_columns(Fit(model=fit.model, technique="pca"))
