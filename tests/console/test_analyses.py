"""The room “Segments”: the list of analyses, one of them, all runs; and the overview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.console.workbench.found import found_in_room
from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater.sources.models import Dataset, DatasetVersion, Source
from headwater.sources.open_sample import open_sample

LIST = reverse("headwater:segments")
RUNS = reverse("headwater:segment-runs")


@pytest.fixture
def spices(analyst: User) -> Dataset:
    """The sample of eight spices, opened by the analyst."""
    return open_sample("spices", analyst)


@pytest.fixture
def analyse(analyst: User) -> Callable[..., StatisticalModel]:
    """Return a function that makes an analysis of a dataset."""

    def make(dataset: Dataset, **values: Any) -> StatisticalModel:
        given = {
            "name": f"Analysis of {dataset}",
            "technique": "k_means",
            "parameters": {"n_clusters": 3},
            "owner": analyst,
        }
        source = Source.objects.create(dataset=dataset, columns=dataset.current.features)
        return StatisticalModel.objects.create(source=source, **(given | values))

    return make


def newer(dataset: Dataset) -> DatasetVersion:
    """Return a second version of ``dataset``, with the same file."""
    version = dataset.current
    version.pk, version.number, version._state.adding = None, version.number + 1, True
    version.file_name = "spices-july.csv"
    version.save()
    Dataset.objects.filter(pk=dataset.pk).update(current=version)
    return version


def names_in(response: Any) -> list[str]:
    """Return the names of the listed analyses."""
    return [row.model.name for row in response.context["rows"]]


def test_an_empty_room_says_where_to_begin(page: Client) -> None:
    text = page.get(LIST).content.decode()

    assert "No segments yet" in text
    assert f'href="{reverse("headwater:data")}#samples"' in text
    assert f'href="{reverse("headwater:upload")}"' in text
    assert "Nothing has been run yet" in page.get(RUNS).content.decode()


def test_the_list_tells_what_was_found_the_one_that_ran_last_first(
    page: Client, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    first = analyse(spices, name="First")
    analyse(spices, name="Never run")
    pca = {"technique": "pca", "parameters": {"n_components": 2}}
    second = analyse(spices, name="Second", **pca)
    second.perform_inference()
    first.perform_inference()

    response = page.get(LIST)

    assert names_in(response)[0] == "First"
    found = {row.model.name: (row.found, row.state.key) for row in response.context["rows"]}
    assert found["First"] == ("3 segments", "ready")
    assert found["Never run"] == ("", "never")
    assert found["Second"][0].startswith("2 components tell ")
    text = response.content.decode()
    assert reverse("headwater:segmentation", args=[first.fits.get().pk]) in text


def test_the_list_is_searched_and_filtered(
    page: Client, analyst: User, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    dishes = open_sample("dishes", analyst)
    analyse(spices, name="Hot and sweet")
    analyse(dishes, name="Odd ones", technique="dbscan", parameters={"eps": 0.8, "min_samples": 2})

    def listed(**asked: str) -> list[str]:
        return names_in(page.get(LIST, asked))

    assert listed(q="hot") == ["Hot and sweet"]
    assert listed(q="kitchen") == ["Odd ones"]  # the name of its dataset
    assert listed(q="dbscan") == ["Odd ones"]
    assert listed(technique="k_means") == ["Hot and sweet"]
    assert listed(rows=f"dataset:{dishes.pk}") == ["Odd ones"]
    assert listed(rows="dataset:x") == []
    assert listed(q="nothing like that") == []
    assert "No analysis is like that" in page.get(LIST, {"q": "zzz"}).content.decode()


def test_a_long_list_has_pages_that_keep_what_was_asked(
    page: Client, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    for number in range(27):
        analyse(spices, name=f"Spice {number}")
    analyse(spices, name="Other")

    first = page.get(LIST, {"q": "spice 1 & more"})
    whole = page.get(LIST, {"q": "Spice "})
    last = page.get(LIST, {"q": "Spice ", "page": "2"})

    assert names_in(first) == []
    assert (len(names_in(whole)), len(names_in(last))) == (25, 3)  # one by its dataset's name
    assert "?q=Spice+&amp;page=2" in whole.content.decode()


def test_the_list_takes_the_same_number_of_questions_for_any_length(
    page: Client,
    spices: Dataset,
    analyse: Callable[..., StatisticalModel],
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(20):
        analyse(spices, name=f"Analysis {number}")

    with django_assert_max_num_queries(20):
        page.get(LIST)


def test_a_newer_version_of_the_dataset_is_told_and_run_again(
    page: Client,
    spices: Dataset,
    analyse: Callable[..., StatisticalModel],
    django_capture_on_commit_callbacks: Any,
) -> None:
    model = analyse(spices, name="Monthly")
    model.perform_inference()
    address = reverse("headwater:analysis", args=[model.pk])
    before = page.get(address).content.decode()
    newer(spices)

    listed = page.get(LIST)
    told = page.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        page.post(reverse("headwater:analysis-run", args=[model.pk]))

    assert "newer version" not in before
    assert listed.context["rows"][0].state.label == "Newer data"
    assert "Run again" in listed.content.decode()
    assert "The dataset has a newer version" in told
    assert "spices-july.csv" in told
    model.refresh_from_db()
    assert model.current_fit.source["version"] == 2
    assert "newer version" not in page.get(address).content.decode()


def test_an_analysis_that_waits_shows_its_progress_and_is_cancelled(
    page: Client, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    model = analyse(spices)
    page.post(reverse("headwater:analysis-run", args=[model.pk]))  # nothing commits: it waits
    progress = reverse("headwater:analysis-progress", args=[model.pk])

    shown = page.get(reverse("headwater:analysis", args=[model.pk])).content.decode()
    polled = page.get(progress, headers={"HX-Request": "true"}).content.decode()
    page.post(reverse("headwater:analysis-cancel", args=[model.pk]))
    ended = page.get(progress, headers={"HX-Request": "true"})

    for text in (shown, polled):
        assert f'hx-get="{progress}"' in text
        assert reverse("headwater:analysis-cancel", args=[model.pk]) in text
    assert model.fits.get().status == FitStatus.CANCELLED
    assert ended["HX-Redirect"] == reverse("headwater:analysis", args=[model.pk])


def test_at_its_end_the_progress_goes_to_what_was_found(
    page: Client, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    model = analyse(spices)
    fit = model.perform_inference()

    ended = page.get(
        reverse("headwater:analysis-progress", args=[model.pk]), headers={"HX-Request": "true"}
    )

    assert ended["HX-Redirect"] == reverse("headwater:segmentation", args=[fit.pk])


def test_a_failed_run_says_why(
    page: Client, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    model = analyse(spices, parameters={"n_clusters": 9})
    assert model.perform_inference().status == FitStatus.FAILED

    text = page.get(reverse("headwater:analysis", args=[model.pk])).content.decode()

    assert "The last run failed" in text
    assert "9 groups are asked for and there are 8 rows" in text


def test_all_runs_are_searched_and_two_of_them_compared(
    page: Client, analyst: User, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    one = analyse(spices, name="Three")
    other = analyse(spices, name="Two", parameters={"n_clusters": 2})
    fits = [one.perform_inference(), other.perform_inference()]
    Fit.objects.filter(pk=fits[0].pk).update(requested_by=analyst)

    response = page.get(RUNS)
    runs = response.context["runs"]
    compared = page.get(
        reverse("headwater:segment-compare"), {"before": fits[0].pk, "after": fits[1].pk}
    )

    assert [run.fit.pk for run in runs] == [fits[1].pk, fits[0].pk]
    assert [run.parameters for run in runs] == ["Groups 2", "Groups 3"]
    assert [run.who for run in runs] == ["asked for by code", "analyst"]
    scores = dict(runs[0].scores)
    assert float(scores["silhouette"]) == pytest.approx(
        fits[1].summary["quality"]["silhouette"], abs=0.001
    )
    assert "inertia" in scores
    assert [r.fit.model.name for r in page.get(RUNS, {"q": "three"}).context["runs"]] == ["Three"]
    assert len(page.get(RUNS, {"q": "analyst"}).context["runs"]) == 1
    assert len(page.get(RUNS, {"q": f"run {fits[0].pk}"}).context["runs"]) == 1
    assert page.get(RUNS, {"technique": "pca"}).context["runs"] == []
    assert response.context["compared"] == (fits[0].pk, fits[1].pk)
    assert compared.status_code == 200


def test_only_runs_with_segments_can_be_chosen_to_compare(
    page: Client, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    analyse(spices, name="Three").perform_inference()
    pca = {"technique": "pca", "parameters": {"n_components": 2}}
    analyse(spices, name="Two", **pca).perform_inference()

    response = page.get(RUNS)

    assert response.context["compared"] is None
    assert 'type="radio"' not in response.content.decode()


@pytest.mark.parametrize(
    ("technique", "values", "words"),
    [
        ("k_means", {"n_groups": 1}, "1 segment"),
        ("dbscan", {"n_groups": 2, "n_rows": 12, "scores": {"objective": 0.75}}, "3 rows outside"),
        ("dbscan", {"n_groups": 2, "n_rows": 12, "scores": {"objective": 1.0}}, "2 segments"),
        (
            "pca",
            {"parameters": {"n_components": 3}, "scores": {"objective": 0.815}},
            "3 components tell 82% of the variance",
        ),
    ],
)
def test_what_was_found_in_words(technique: str, values: dict[str, Any], words: str) -> None:
    told = found_in_room(Fit(technique=technique, **values))

    assert told.endswith(words)


def test_deleting_an_analysis_of_a_dataset_leads_back_to_the_room(
    page: Client, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    model = analyse(spices)
    model.perform_inference()

    response = page.post(reverse("headwater:delete", args=[model.pk]))

    assert response["Location"] == LIST
    assert not StatisticalModel.objects.exists()
    assert not Source.objects.exists()
    assert Dataset.objects.count() == 1


def test_the_overview_counts_and_shows_the_latest_five_runs(
    page: Client, spices: Dataset, analyse: Callable[..., StatisticalModel]
) -> None:
    empty = page.get(reverse("headwater:overview"))
    model = analyse(spices)
    for _ in range(6):
        model.perform_inference(recalculate=True)
    analyse(spices, name="Not run")

    response = page.get(reverse("headwater:overview"))

    glance = response.context["glance"]
    assert (glance.n_datasets, glance.n_analyses, glance.n_active) == (1, 2, 1)
    newest = list(model.fits.order_by("-pk").values_list("pk", flat=True))[:5]
    assert [run.fit.pk for run in glance.runs] == newest
    assert "Latest runs" in response.content.decode()
    assert "Latest runs" not in empty.content.decode()
    assert "Run a sample to see segments" in empty.content.decode()
