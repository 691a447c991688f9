"""The workbench: rows, technique and parameters on one page, filled with what suits the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from headwater.console.workbench.suggest import Size, first_number, neighbours, suggested
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.models import Study
from headwater.sources.models import Dataset
from headwater.sources.open_sample import open_sample

ANALYSE = reverse("headwater:analyse")


def fields_of(response: Any) -> dict[str, Any]:
    """Return what the form of a page holds, as a browser would send it."""
    form = response.context["form"]
    held: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value is None or value is False or value == "":
            continue
        held[name] = list(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return held


@pytest.fixture
def sample(analyst: User) -> Callable[[str], Dataset]:
    """Return a function that opens a sample for the analyst."""
    return lambda key: open_sample(key, analyst)


@pytest.fixture
def run(page: Client, django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """Return a function that sends the form and has the worker do what was asked."""

    def send(held: dict[str, Any], address: str = ANALYSE) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return page.post(address, held)

    return send


def test_opening_a_sample_fills_the_form_and_one_click_runs_it(
    page: Client, analyst: User, sample: Callable[[str], Dataset], run: Callable[..., Any]
) -> None:
    spices = sample("spices")

    held = fields_of(page.get(ANALYSE, {"dataset": spices.pk}))
    response = run(held)

    assert held["technique"] == "k_means"
    assert held["p_n_clusters"] == "3"
    assert held["columns"] == spices.current.features
    assert (held["engine_meta_iterations"], held["p_random_state"]) == ("10", "42")
    assert (held["name"], held["name_column"]) == ("K-means on Spices", "spice")
    fit = Fit.objects.get()
    assert fit.status == "succeeded", fit.error
    assert (fit.n_groups, fit.model.owner, fit.requested_by) == (3, analyst, analyst)
    assert fit.source["dataset"] == spices.pk
    assert response["Location"] in (
        reverse("headwater:analysis", args=[fit.model_id]),
        reverse("headwater:segmentation", args=[fit.pk]),
    )
    again = page.get(ANALYSE, {"sample": "spices"})
    assert fields_of(again)["name"] == "K-means on Spices (2)"


@pytest.mark.parametrize(
    ("key", "technique", "values"),
    [
        ("recipes", "hierarchical", {"p_linkage": "ward"}),
        ("flavours", "pca", {"p_n_components": "2", "e_scale": "none"}),
        ("dishes", "dbscan", {"p_eps": "0.8", "p_min_samples": "2"}),
    ],
)
def test_each_sample_brings_its_technique_with_its_parameters(
    page: Client,
    sample: Callable[[str], Dataset],
    key: str,
    technique: str,
    values: dict[str, str],
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample(key).pk}))

    assert held["technique"] == technique
    assert {name: held[name] for name in values} == values


def test_a_link_may_name_the_technique(page: Client, sample: Callable[[str], Dataset]) -> None:
    pk = sample("spices").pk

    named = fields_of(page.get(ANALYSE, {"dataset": pk, "technique": "hdbscan"}))
    unknown = fields_of(page.get(ANALYSE, {"dataset": pk, "technique": "bayesian_network"}))

    assert (named["technique"], named["name"]) == ("hdbscan", "HDBSCAN on Spices")
    assert unknown["technique"] == "k_means"


def test_another_technique_brings_its_parameters_and_a_name_and_leaves_the_rest(
    page: Client, sample: Callable[[str], Dataset]
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("customers").pk}))
    held |= {"technique": "dbscan", "refresh": "1", "e_scale": "robust", "description": "Mine."}

    after = fields_of(page.post(ANALYSE, held))

    assert not Fit.objects.exists()
    assert not StatisticalModel.objects.exists()
    assert after["name"] == "DBSCAN on Generated customers"
    assert (after["e_scale"], after["description"]) == ("robust", "Mine.")
    assert "p_n_clusters" not in after
    assert after["p_min_samples"] == "8"  # twice the four columns
    assert 0 < float(after["p_eps"]) < 2
    assert after["engine_meta_iterations"] == "1"


def test_what_was_typed_stays_and_what_was_suggested_follows(
    page: Client, sample: Callable[[str], Dataset]
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("customers").pk}))
    held |= {"technique": "dbscan", "refresh": "1"}
    held = fields_of(page.post(ANALYSE, held)) | {"refresh": "1"}
    two = held["columns"][:2]

    followed = fields_of(page.post(ANALYSE, held | {"columns": two}))
    typed = fields_of(page.post(ANALYSE, held | {"columns": two, "p_eps": "0.77", "name": "Mine"}))

    assert followed["p_min_samples"] == "4"
    assert followed["p_eps"] != held["p_eps"]
    assert (typed["p_eps"], typed["name"]) == ("0.77", "Mine")


def test_other_rows_bring_their_columns_and_names(
    page: Client, sample: Callable[[str], Dataset], make_people: Callable[..., Any]
) -> None:
    make_people(30)
    held = fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk}))

    after = page.post(ANALYSE, held | {"rows": "testapp.person", "refresh": "1"})

    told = fields_of(after)
    assert {"x", "y"} <= set(told["columns"])
    assert (told["name_column"], told["name"]) == ("name", "K-means on persons")
    assert "Only some of the rows" in after.content.decode()


def test_beginning_with_nothing_the_chosen_rows_bring_everything_that_a_run_needs(
    page: Client, sample: Callable[[str], Dataset], run: Callable[..., Any]
) -> None:
    flavours = sample("flavours")
    empty = page.get(ANALYSE)

    chosen = fields_of(empty) | {"rows": f"dataset:{flavours.pk}", "refresh": "1"}
    # A browser sends what stands on the page, and of the techniques nothing stands there yet.
    sent = {name: chosen[name] for name in ("rows", "refresh", "shown_technique")}
    held = fields_of(page.post(ANALYSE, sent))
    run(held)

    assert 'name="technique"' not in empty.content.decode()
    assert (held["technique"], held["e_scale"], held["p_n_components"]) == ("pca", "none", "2")
    assert Fit.objects.get().status == "succeeded"


def test_sending_a_form_made_for_another_technique_shows_it_anew(
    page: Client, sample: Callable[[str], Dataset]
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk}))

    response = page.post(ANALYSE, held | {"technique": "hdbscan"})

    assert "now fits the rows and the technique" in response.content.decode()
    assert fields_of(response)["p_min_cluster_size"] == "2"
    assert not StatisticalModel.objects.exists()


BAD = [
    ("columns", {"columns": []}, "Choose at least one column."),
    ("columns", {"columns": ["sweetness", "nothing"]}, "nothing is not one of the available"),
    ("p_n_clusters", {"p_n_clusters": "1"}, "it takes a whole number from 2 to 500"),
    ("engine_meta_iterations", {"engine_meta_iterations": "0"}, "greater than or equal to 1"),
    ("e_category_weight", {"e_category_weight": "0"}, "it takes a number above 0"),
    ("name_column", {"name_column": "nobody"}, "nobody is not one of the available"),
]


@pytest.mark.parametrize(("field", "changes", "sentence"), BAD)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    page: Client,
    sample: Callable[[str], Dataset],
    field: str,
    changes: dict[str, Any],
    sentence: str,
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk}))

    response = page.post(ANALYSE, held | changes)

    assert response.status_code == 422
    assert sentence in " ".join(response.context["form"].errors[field])
    assert "Not run." in response.content.decode()
    assert not StatisticalModel.objects.exists()


def test_a_name_that_is_taken_is_said(page: Client, sample: Callable[[str], Dataset]) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk}))
    page.post(ANALYSE, held | {"name": "Mine", "save": "1"})

    response = page.post(ANALYSE, held | {"name": "Mine"})

    assert (
        "of that name already. Choose another name." in response.context["form"].errors["name"][0]
    )


def test_saving_without_running_runs_nothing(
    page: Client, sample: Callable[[str], Dataset], run: Callable[..., Any]
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk}))

    response = run(held | {"save": "1"})

    model = StatisticalModel.objects.get()
    assert response["Location"] == reverse("headwater:analysis", args=[model.pk])
    assert not model.fits.exists()


def test_changing_an_analysis_keeps_its_runs_its_columns_order_and_its_field(
    page: Client, analyst: User, fitted: StatisticalModel, run: Callable[..., Any]
) -> None:
    address = reverse("headwater:analyse-edit", args=[fitted.pk])
    held = fields_of(page.get(address))

    response = run(held | {"p_n_clusters": "3", "columns": ["y", "x"]}, address)

    assert response.status_code == 302
    fitted.refresh_from_db()
    assert held["rows"] == "testapp.person"
    assert fitted.parameters["n_clusters"] == 3
    assert fitted.source.columns == ["x", "y"]
    assert fitted.results_storage == "dmf:testapp.Person.group"
    assert (fitted.fits.count(), fitted.current_fit.n_groups) == (2, 3)


def test_a_column_that_one_may_not_view_is_said_and_not_left_out_in_silence(
    client: Client, make_user: Callable[..., User], make_model: Callable[..., Any]
) -> None:
    model = make_model(of={"columns": ("x", "profile__visits")}, results_storage="")
    client.force_login(
        make_user("changer", "view_statisticalmodel", "change_statisticalmodel", "view_person")
    )
    address = reverse("headwater:analyse-edit", args=[model.pk])

    held = fields_of(client.get(address))
    response = client.post(address, held)

    assert held["columns"] == ["x", "profile__visits"]
    assert "which you may not view" in " ".join(response.context["form"].errors["columns"])
    model.refresh_from_db()
    assert model.source.columns == ["x", "profile__visits"]


def test_an_analysis_like_another_one_is_another_one(
    page: Client, analyst: User, fitted: StatisticalModel, run: Callable[..., Any]
) -> None:
    held = fields_of(page.get(ANALYSE, {"like": fitted.pk}))
    run(held | {"p_n_clusters": "4"})

    assert held["name"] == "K-means on persons"
    other = StatisticalModel.objects.exclude(pk=fitted.pk).get()
    assert (other.parameters["n_clusters"], other.owner) == (4, analyst)
    assert other.source != fitted.source
    assert other.results_storage == ""
    fitted.refresh_from_db()
    assert fitted.parameters["n_clusters"] == 2


def test_an_analysis_of_a_dataset_is_changed_in_the_workbench(
    page: Client, sample: Callable[[str], Dataset]
) -> None:
    page.post(ANALYSE, fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk})))
    model = StatisticalModel.objects.get()

    edit = page.get(reverse("headwater:edit", args=[model.pk]))
    shown = page.get(reverse("headwater:model", args=[model.pk]))

    assert edit["Location"] == reverse("headwater:analyse-edit", args=[model.pk])
    assert shown["Location"] == reverse("headwater:analysis", args=[model.pk])


# --- what is suggested, and why ---


def test_a_first_number_of_segments_grows_slowly_and_stays_within_2_and_5() -> None:
    guesses = [first_number(n) for n in range(1, 5000)]

    assert guesses == sorted(guesses)
    assert (guesses[0], guesses[-1]) == (2, 5)


@pytest.mark.parametrize("n_rows", [1, 8, 60, 1000, 1_000_000])
@pytest.mark.parametrize("n_columns", [1, 4, 200])
def test_every_suggestion_is_a_value_that_the_technique_takes(n_rows: int, n_columns: int) -> None:
    size = Size(n_rows, n_columns)

    for key, technique in TECHNIQUES.items():
        values = {name: one.value for name, one in suggested(key, size).items()}
        assert technique.parameters.clean(values)
    assert neighbours(size) <= 2 * n_columns or neighbours(size) == 2


def test_skewed_columns_and_missing_values_are_told_with_what_is_done(
    page: Client, sample: Callable[[str], Dataset]
) -> None:
    dataset = sample("customers")
    version = dataset.current
    version.profile["total_spending"] |= {"n_missing": 12, "mean": 500.0, "median": 321.0}
    version.save()

    told = page.get(ANALYSE, {"dataset": dataset.pk})
    median = page.post(ANALYSE, fields_of(told) | {"e_missing": "median", "refresh": "1"})
    refused = page.post(ANALYSE, fields_of(told) | {"e_missing": "refuse", "refresh": "1"})

    skewed = [c["name"] for c in version.columns if version.profile[c["name"]].get("suggests_log")]
    assert skewed
    assert told.content.decode().count("suggested: a long tail of large values") == len(
        set(skewed) & set(version.features)
    )
    assert "12 values missing, filled with the mean (500)" in told.content.decode()
    assert "12 values missing, filled with the median (321)" in median.content.decode()
    assert "12 values missing: the run would stop" in refused.content.decode()


def test_the_curve_of_distances_tells_how_many_rows_are_outside(
    page: Client, sample: Callable[[str], Dataset]
) -> None:
    from sklearn.cluster import DBSCAN
    from sklearn.preprocessing import StandardScaler

    from headwater.sources.rows import read_dataset

    dishes = sample("dishes")
    response = page.get(ANALYSE, {"dataset": dishes.pk})

    known = response.context["help"].distances.known
    table = read_dataset(dishes.current, dishes.current.features)
    X = StandardScaler().fit_transform(np.column_stack(list(table.columns.values())))
    for eps in (0.3, 0.8, 1.2, 2.0, 4.5):
        outside = int((DBSCAN(eps=eps, min_samples=2).fit_predict(X) == -1).sum())
        assert sum(radius > eps for radius in known["outside"]) == outside, eps


def test_the_scree_says_how_many_components_are_enough(
    page: Client, sample: Callable[[str], Dataset]
) -> None:
    response = page.get(ANALYSE, {"dataset": sample("flavours").pk})

    shown = response.context["help"].scree
    assert shown.suggested == 2  # as the first to reach 80 %
    assert "Use 2" in response.content.decode()
    assert shown.chart.title == "2 components of 9 tell 82%"


def test_a_study_of_the_number_of_segments_is_shown_with_its_suggestion(
    page: Client, analyst: User, sample: Callable[[str], Dataset], run: Callable[..., Any]
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk}))

    run(held | {"study": "choice", "largest": "5"})
    shown = page.get(ANALYSE, {"dataset": held["rows"].removeprefix("dataset:")})

    study = Study.objects.get()
    assert (study.owner, study.status, study.parameters["largest"]) == (analyst, "succeeded", 5)
    choice = shown.context["help"].choice
    assert [row.k for row in choice.rows] == [1, 2, 3, 4]  # with two rows to each at least
    assert choice.suggested == study.result["suggested"]["k"]
    text = shown.content.decode()
    assert f"Use {choice.suggested}" in text
    assert fields_of(shown)["p_n_clusters"] == str(choice.suggested)
    for name in ("Silhouette", "Davies-Bouldin", "Calinski-Harabasz", "Gap", "Inertia"):
        assert f">{name}</a></th>" in text
    assert choice.others == sorted(
        set(study.result["suggested"]["votes"].values()) - {1, choice.suggested}
    )
    # Of other columns it says nothing.
    fewer = page.post(ANALYSE, held | {"columns": held["columns"][:2], "refresh": "1"})
    assert fewer.context["help"].study is None
    assert not StatisticalModel.objects.exists()


def test_a_study_is_asked_for_only_of_what_can_be_studied(
    page: Client, sample: Callable[[str], Dataset]
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk}))

    nothing = page.post(ANALYSE, held | {"study": "choice", "columns": []})
    too_far = page.post(ANALYSE, held | {"study": "choice", "largest": "two"})
    unknown = page.post(ANALYSE, held | {"study": "stability"})

    assert "Choose rows and at least one column first" in nothing.content.decode()
    assert "it takes a whole number from 3 to 30" in too_far.content.decode()
    assert "There is no study “stability” that helps" in unknown.content.decode()
    assert not Study.objects.exists()


def test_a_study_waits_tells_how_far_it_is_and_is_cancelled(
    page: Client, analyst: User, sample: Callable[[str], Dataset]
) -> None:
    held = fields_of(page.get(ANALYSE, {"dataset": sample("spices").pk}))
    waiting = page.post(ANALYSE, held | {"study": "choice"})  # nothing is committed: it waits
    study = Study.objects.get()
    part = reverse("headwater:study", args=[study.pk])

    polled = page.get(part, headers={"HX-Request": "true"})
    Study.objects.update(
        status="running", progress={"phase": "computing", "share": 0.42, "done": 4, "of": 10}
    )
    running = page.get(part, headers={"HX-Request": "true"})
    Study.objects.update(status="queued")
    page.post(reverse("headwater:study-cancel", args=[study.pk]), headers={"HX-Request": "true"})
    done = page.get(part, headers={"HX-Request": "true"})

    assert "Waiting for a worker" in waiting.content.decode()
    assert polled.status_code == 200
    assert "Cancel" in polled.content.decode()
    assert "42%" in running.content.decode()
    assert "4 of 10" in running.content.decode()
    study.refresh_from_db()
    assert study.status == "cancelled"
    assert done.status_code == 286
    assert "was cancelled" in done.content.decode()


def test_many_rows_ask_a_worker_for_their_distances(
    page: Client, analyst: User, sample: Callable[[str], Dataset], run: Callable[..., Any]
) -> None:
    shop = sample("shop")
    held = fields_of(page.get(ANALYSE, {"dataset": shop.pk}))
    held |= {"technique": "dbscan", "refresh": "1"}
    asked = page.post(ANALYSE, held)
    held = fields_of(asked)

    run(held | {"study": "distances"})
    shown = page.post(ANALYSE, held | {"refresh": "1"})

    assert shop.current.n_rows > 2000
    assert "Which distance?" in asked.content.decode()
    assert asked.context["help"].distances is None
    distances = shown.context["help"].distances
    assert distances.known["outside"] == []  # at most: only cores are known
    assert float(fields_of(shown)["p_eps"]) == distances.suggested


# --- who may do it ---


def test_somebody_elses_dataset_analysis_and_study_are_not_found(
    client: Client,
    page: Client,
    sample: Callable[[str], Dataset],
    make_user: Callable[..., User],
    run: Callable[..., Any],
) -> None:
    dataset = sample("spices")
    held = fields_of(page.get(ANALYSE, {"dataset": dataset.pk}))
    run(held)
    run(held | {"study": "choice"})
    model, study = StatisticalModel.objects.get(), Study.objects.get()
    codenames = ("add_statisticalmodel", "view_statisticalmodel", "change_statisticalmodel")
    other = Client()
    other.force_login(make_user("other", *codenames, "run_inference"))

    for name, pk in (
        ("analysis", model.pk),
        ("analyse-edit", model.pk),
        ("analysis-progress", model.pk),
        ("study", study.pk),
    ):
        address = reverse(f"headwater:{name}", args=[pk])
        assert other.get(address, headers={"HX-Request": "true"}).status_code in (404, 286), name
    for name in ("analysis-run", "analysis-cancel"):
        assert other.post(reverse(f"headwater:{name}", args=[model.pk])).status_code == 404
    assert other.post(reverse("headwater:study-cancel", args=[study.pk])).status_code == 404
    for asked in ({"dataset": dataset.pk}, {"like": model.pk}, {"sample": "spices"}):
        assert other.get(ANALYSE, asked).status_code == 404, asked
    for more in ({"refresh": "1"}, {"study": "choice"}, {}):
        response = other.post(ANALYSE, held | more)
        assert "sweetness" not in str(response.context["form"].column_rows)
    assert StatisticalModel.objects.count() == 1
    assert Study.objects.count() == 1
    assert "K-means on Spices" not in other.get(reverse("headwater:segments")).content.decode()
    assert (
        f"Run {model.fits.get().pk}<"
        not in other.get(reverse("headwater:segment-runs")).content.decode()
    )


def test_owning_a_dataset_is_enough_to_analyse_it_and_to_run_it(
    client: Client, make_user: Callable[..., User], django_capture_on_commit_callbacks: Any
) -> None:
    user = make_user("owner")
    client.force_login(user)
    dataset = open_sample("spices", user)

    held = fields_of(client.get(ANALYSE, {"dataset": dataset.pk}))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ANALYSE, held)

    assert Fit.objects.get().status == "succeeded"
    assert client.get(ANALYSE, {"model": "testapp.person"}).status_code == 403


def test_a_dataset_that_was_shared_is_analysed_by_those_who_may_make_models(
    client: Client, analyst: User, sample: Callable[[str], Dataset], make_user: Callable[..., User]
) -> None:
    dataset, group = sample("spices"), Group.objects.create(name="Kitchen")
    dataset.shared_with.add(group)
    reader, maker = make_user("reader"), make_user("maker", "add_statisticalmodel")
    group.user_set.add(reader, maker)

    answers = []
    for user in (reader, maker):
        client.force_login(user)
        answers.append(client.get(ANALYSE, {"dataset": dataset.pk}))

    assert [answer.status_code for answer in answers] == [403, 200]
    assert "add_statisticalmodel" in answers[0].content.decode()


def test_rows_of_the_project_need_the_permission_to_view_them(
    client: Client, make_user: Callable[..., User], make_people: Callable[..., Any]
) -> None:
    make_people(20)
    client.force_login(make_user("maker", "add_statisticalmodel"))
    blind = client.get(ANALYSE, {"model": "testapp.person"})
    client.force_login(make_user("viewer", "add_statisticalmodel", "view_person"))
    seeing = client.get(ANALYSE, {"model": "testapp.Person"})

    assert blind.status_code == 404
    assert fields_of(seeing)["rows"] == "testapp.person"
    assert "profile__" not in str(fields_of(seeing)["columns"])


def test_a_number_that_names_rows_is_not_ticked(page: Client) -> None:
    text = page.get(reverse("headwater:analyse"), {"model": "shop.customer"}).content.decode()
    [number] = re.findall(r'<input[^>]*name="columns"[^>]*value="number"[^>]*>', text)
    [orders] = re.findall(r'<input[^>]*name="columns"[^>]*value="orders"[^>]*>', text)
    assert "checked" in orders
    assert "checked" not in number
