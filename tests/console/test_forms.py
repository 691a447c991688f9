"""Making and changing a model by the form; what is wrong is said at its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.learning.models import StatisticalModel
from headwater.sources.models import Source

GOOD: dict[str, Any] = {
    "name": "Ages",
    "description": "Who is how old.",
    "model": "testapp.person",
    "shown_model": "testapp.person",
    "columns": ["x", "y"],
    "filter": "",
    "technique": "k_means",
    "shown_technique": "k_means",
    "p_n_clusters": "3",
    "p_tol": "0.0001",
    "p_random_state": "42",
    "e_scale": "robust",
    "e_category_weight": "0.5",
    "e_missing": "mean",
    "engine_meta_iterations": "2",
    "engine_iterations": "300",
    "results_storage": "dmf:testapp.Person.group",
}


def test_a_new_model_belongs_to_whoever_makes_it(page: Client, analyst: User) -> None:
    response = page.post(reverse("headwater:create"), GOOD)

    model = StatisticalModel.objects.get(name="Ages")
    assert response["Location"] == reverse("headwater:model", args=[model.pk])
    assert model.owner == analyst
    assert model.technique == "k_means"
    assert model.parameters == {"n_clusters": 3, "tol": 0.0001, "random_state": 42}
    assert model.encoding == {
        "scale": "robust",
        "log": [],
        "missing": "mean",
        "category_weight": 0.5,
    }
    assert model.source.columns == ["x", "y"]
    assert model.source.content_type.model == "person"
    assert (model.engine_meta_iterations, model.engine_iterations) == (2, 300)
    assert model.results_storage == "dmf:testapp.Person.group"
    assert not model.fits.exists()


BAD = [
    ("name", {"name": ""}, "Give it a name."),
    ("columns", {"columns": []}, "Choose at least one column."),
    ("columns", {"columns": ["x", "password"]}, "password is not one of the available choices"),
    ("model", {"model": "testapp.nothing", "shown_model": "testapp.nothing"}, "not one of the"),
    ("technique", {"technique": "magic", "shown_technique": "magic"}, "magic is not one of"),
    ("p_n_clusters", {"p_n_clusters": "1"}, "it takes a whole number from 2 to 500"),
    ("p_n_clusters", {"p_n_clusters": "many"}, "it takes a whole number from 2 to 500"),
    ("p_n_clusters", {"p_n_clusters": ""}, "it takes a whole number from 2 to 500"),
    ("p_tol", {"p_tol": "-1"}, "it takes a number from 0 to 1"),
    ("e_missing", {"e_missing": "guess"}, "guess is not one of the available choices"),
    ("engine_meta_iterations", {"engine_meta_iterations": "0"}, "greater than or equal to 1"),
    ("engine_iterations", {"engine_iterations": "x"}, "Enter a whole number."),
    ("filter", {"filter": "{x"}, "This is not JSON"),
    ("filter", {"filter": "[1]"}, "Write lookups with their values"),
    ("filter", {"filter": '{"nothing": 1}'}, "names no field"),
    ("filter", {"filter": '{"password__startswith": "a"}'}, "keeps a secret"),
    (
        "results_storage",
        {"results_storage": "dmf:testapp.Device.group"},
        "not one of the available",
    ),
    (
        "results_storage",
        {"p_n_clusters": "30", "results_storage": "dmf:testapp.Person.letter"},
        "holds 1 character",
    ),
]


@pytest.mark.parametrize(("field", "changes", "sentence"), BAD)
def test_what_is_wrong_is_said_at_its_field(
    page: Client, field: str, changes: dict[str, Any], sentence: str
) -> None:
    response = page.post(reverse("headwater:create"), GOOD | changes)

    assert response.status_code == 422
    errors = response.context["form"].errors
    assert sentence in " ".join(errors[field]), errors
    text = response.content.decode()
    assert "Not saved." in text
    assert 'value="Ages"' in text or field == "name"
    assert not StatisticalModel.objects.exists()
    assert not Source.objects.exists()


def test_a_name_is_given_once(page: Client, make_model: Callable[..., Any]) -> None:
    make_model(name="Ages", results_storage="")

    response = page.post(reverse("headwater:create"), GOOD)

    assert (
        "of that name already. Choose another name." in response.context["form"].errors["name"][0]
    )
    assert StatisticalModel.objects.count() == 1


def test_choosing_a_model_lists_its_columns_and_fields(page: Client) -> None:
    plain = page.get(reverse("headwater:create")).content.decode()
    text = page.get(
        reverse("headwater:create"), {"technique": "k_means", "model": "testapp.person"}
    ).content.decode()

    assert "Choose a model to see its columns." in plain
    assert 'value="city__population"' in text
    assert 'value="dmf:testapp.Person.group"' in text
    assert 'value="password"' not in text
    assert "Give it a name." not in text


def test_choosing_a_technique_shows_its_parameters_with_their_defaults(page: Client) -> None:
    given = {"technique": "variational_mixture", "shown_technique": "k_means", "name": "Kept"}
    response = page.get(reverse("headwater:create"), given)
    form = response.context["form"]

    shown = [field.name for field in form.plain_parameters + form.advanced_parameters]
    assert sorted(shown) == sorted(
        f"p_{p.name}" for p in TECHNIQUES["variational_mixture"].parameters
    )
    assert form["p_n_components"].value() == "10"
    assert form["p_moves"].value()
    assert form["p_dof_prior"].value() == ""
    assert 'value="Kept"' in response.content.decode()


def test_every_declared_parameter_has_its_help_on_the_page(page: Client) -> None:
    for key, technique in TECHNIQUES.items():
        given = {"technique": key, "model": "testapp.person", "columns": ["x"]}
        response = page.get(reverse("headwater:create"), given)
        for parameter in [*technique.parameters, *ENCODING]:
            assert (
                response.context["form"]
                .fields[("e_" if parameter in ENCODING else "p_") + parameter.name]
                .help_text
                == parameter.help
            )


def test_without_scripts_a_changed_technique_is_shown_before_it_is_saved(page: Client) -> None:
    given = GOOD | {"technique": "variational_mixture"}

    response = page.post(reverse("headwater:create"), given)

    assert response.status_code == 200
    assert "The lists below now fit what you chose." in response.content.decode()
    assert not StatisticalModel.objects.exists()


def test_log_columns_are_among_the_chosen_ones(page: Client) -> None:
    page.post(reverse("headwater:create"), GOOD | {"e_log": ["x"]})
    refused = page.post(reverse("headwater:create"), GOOD | {"name": "Other", "e_log": ["height"]})

    assert StatisticalModel.objects.get().encoding["log"] == ["x"]
    assert "height is not one of the available choices" in str(refused.context["form"].errors)


def test_saving_without_a_change_changes_nothing(page: Client, fitted: StatisticalModel) -> None:
    Source.objects.filter(pk=fitted.source_id).update(columns=["y", "x"])
    form = page.get(reverse("headwater:edit", args=[fitted.pk])).context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in given.items() if value not in (None, False)}

    response = page.post(reverse("headwater:edit", args=[fitted.pk]), given)

    assert response.status_code == 302, response.context["form"].errors
    changed = StatisticalModel.objects.get(pk=fitted.pk)
    assert changed.source_id == fitted.source_id
    assert changed.source.columns == ["y", "x"]
    assert changed.technique == fitted.technique
    assert changed.parameters == TECHNIQUES["k_means"].parameters.clean(fitted.parameters)
    assert changed.results_storage == fitted.results_storage
    assert changed.owner_id == fitted.owner_id
    assert Source.objects.count() == 1


def test_a_refused_edit_leaves_the_model_and_its_page_as_they_were(
    page: Client, fitted: StatisticalModel
) -> None:
    given = GOOD | {"name": "Renamed", "p_n_clusters": "0"}

    response = page.post(reverse("headwater:edit", args=[fitted.pk]), given)

    assert response.status_code == 422
    assert "Edit “People”" in response.content.decode()
    assert StatisticalModel.objects.get().name == "People"


def test_a_shared_source_is_not_changed_for_the_other_model(
    page: Client, fitted: StatisticalModel, make_model: Callable[..., Any]
) -> None:
    other = make_model(name="Other", source=fitted.source, results_storage="")

    page.post(reverse("headwater:edit", args=[fitted.pk]), GOOD | {"columns": ["x", "age"]})

    other.refresh_from_db()
    fitted.refresh_from_db()
    assert other.source.columns == ["x", "y"]
    assert fitted.source.columns == ["x", "age"]


def test_only_models_and_fields_that_the_person_may_use_are_offered(
    client: Client, make_user: Callable[..., User]
) -> None:
    client.force_login(make_user("maker", "add_statisticalmodel", "view_city"))

    response = client.get(reverse("headwater:create"), {"technique": "k_means"})
    assert [
        value
        for _, group in response.context["form"].fields["model"].choices[1:]
        for value, _ in group
    ] == ["testapp.city"]

    refused = client.post(reverse("headwater:create"), GOOD)
    assert "not one of the available choices" in str(refused.context["form"].errors["model"])

    client.force_login(make_user("reader", "add_statisticalmodel", "view_person"))
    refused = client.post(reverse("headwater:create"), GOOD)
    assert list(refused.context["form"].errors) == ["results_storage"]
    assert (
        client.post(reverse("headwater:create"), GOOD | {"results_storage": ""}).status_code == 302
    )


def test_who_may_view_no_model_is_told_so(client: Client, make_user: Callable[..., User]) -> None:
    client.force_login(make_user("maker", "add_statisticalmodel"))

    text = client.get(reverse("headwater:create")).content.decode()

    assert "There is no model whose rows you may view." in text


def test_names_are_escaped(page: Client) -> None:
    page.post(reverse("headwater:create"), GOOD | {"name": "<script>alert(1)</script>"})
    model = StatisticalModel.objects.get()

    for name in ("model", "edit", "delete"):
        text = page.get(reverse(f"headwater:{name}", args=[model.pk])).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_rows_behind_a_relation_take_the_permission_to_view_them(
    client: Client, make_user: Callable[..., User]
) -> None:
    half = make_user("half", "add_statisticalmodel", "view_person", "change_person")
    client.force_login(half)
    probe = GOOD | {"filter": '{"city__name__startswith": "d"}'}

    response = client.post(reverse("headwater:create"), probe)

    assert response.status_code == 422
    form = response.context["form"]
    assert (
        "The filter “city__name__startswith” reads rows of city (testapp.City), which you may not"
        in form.errors["filter"][0]
    )
    assert not Source.objects.exists()
    assert "city__population" not in dict(form.fields["columns"].choices)
    half.user_permissions.add(Permission.objects.get(codename="view_city"))
    assert client.post(reverse("headwater:create"), probe).status_code == 302


@pytest.mark.parametrize("given", ['{"age__range": [1]}', '{"x__gt": NaN}', '{"name__regex": "("}'])
def test_a_filter_that_cannot_run_is_refused(page: Client, given: str) -> None:
    response = page.post(reverse("headwater:create"), GOOD | {"filter": given})

    assert response.status_code == 422
    assert "cannot take" in response.context["form"].errors["filter"][0]
