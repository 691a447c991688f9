"""Networks stated, run and read in a browser: with the mouse, by keyboard, dark, on a phone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from headwater.engines.network.definition import Definition
from headwater.learning.models import StatisticalModel
from headwater.networks.models import BayesianNetwork
from tests.browser.conftest import Window
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2, make_network  # noqa: F401
from tests.testapp.models import Person

Make = Callable[..., BayesianNetwork]


@pytest.fixture
def people(transactional_db: None) -> None:
    """200 people in four groups."""
    rng = np.random.default_rng(3)
    centres = [(0, 0), (12, 2), (3, 12), (20, 20)]
    Person.objects.bulk_create(
        Person(name=f"Person {i}", x=float(x), y=float(y))
        for i in range(200)
        for x, y in [rng.normal(centres[i % 4], 1.0)]
    )


@pytest.fixture
def networks(people: None, make_network: Make) -> list[str]:  # noqa: F811
    """Addresses of all kinds of page of networks: with results, half stated, and empty."""
    addresses = ["/", "/models/", "/models/new/network/", "/glossary/"]
    for name, stated in (("One metric", EXAMPLE_1), ("Groups", EXAMPLE_2)):
        network = make_network(stated, name=name, engine_meta_iterations=2)
        fits = [network.perform_inference(recalculate=True) for _ in range(2)]
        assert [fit.status for fit in fits] == ["succeeded"] * 2, fits[0].error
        of = f"/models/{network.pk}/"
        node = network.nodes.get(name="Y").pk
        addresses += [
            of,
            f"{of}network/",
            f"{of}network/settings/",
            f"{of}network/nodes/{node}/",
            f"{of}network/nodes/{node}/delete/",
            f"{of}network/inform/",
            f"{of}runs/{fits[0].pk}/",
            f"{of}network/restore/{fits[0].pk}/",
            f"{of}compare/?before={fits[0].pk}&after={fits[1].pk}",
        ]
    addresses += [
        f"/models/{network.pk}/network/limit/",
        f"/models/compare/?before={network.current_fit_id}",
    ]
    half = make_network(Definition(EXAMPLE_1.nodes), name="Half")
    empty = BayesianNetwork.objects.create(name="Empty")
    addresses += [f"/models/{half.pk}/", f"/models/{half.pk}/network/"]
    addresses += [f"/models/{empty.pk}/", f"/models/{empty.pk}/network/"]
    addresses += [f"/models/{empty.pk}/network/nodes/new/"]
    return addresses


def _fill_node(page: Page, name: str, kind: str, parameters: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("What it is", exact=True).select_option(kind)
    expect(page.locator("#type-part")).to_contain_text("For example")
    page.get_by_label("Parameters", exact=True).fill(parameters)


def _drawn(page: Page) -> Locator:
    return page.locator(".hw-drawing-place .hw-node-name")


def test_example_1_is_stated_from_nothing_run_and_its_posterior_seen(
    window: Window, people: None
) -> None:
    page = window.page
    page.get_by_role("link", name="State a network").click()
    page.get_by_label("Name", exact=True).fill("BN1 (Example)")
    page.get_by_role("button", name="Make the network").click()
    expect(page.get_by_role("status").first).to_contain_text("“BN1 (Example)” was made.")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()

    page.get_by_role("link", name="Add a node").click()
    _fill_node(page, "mu", "GaussianARD", "0, 1e-6]")
    page.get_by_role("button", name="Add the node").click()
    expect(page.locator(".hw-misread mark")).to_have_text("]")
    assert all("422" in complaint for complaint in window.complaints)
    window.complaints.clear()
    page.get_by_label("Parameters", exact=True).fill("0, 1e-6")
    page.get_by_role("button", name="Add the node").click()
    expect(_drawn(page)).to_have_text(["mu"])

    page.get_by_role("link", name="Add a node").click()
    _fill_node(page, "tau", "Gamma", "1e-6, 1e-6")
    page.get_by_role("button", name="Add the node").click()
    expect(_drawn(page)).to_have_text(["mu", "tau"])

    page.get_by_role("link", name="Add a node").click()
    _fill_node(page, "Y", "GaussianARD", "mu, tau")
    page.get_by_label("Columns of").select_option("testapp.person")
    page.get_by_role("checkbox", name="x number", exact=True).check()
    page.get_by_label("Add the edges that its parameters ask for").uncheck()
    page.get_by_role("button", name="Add the node").click()
    expect(page.get_by_role("heading", name="To mend")).to_be_visible()
    expect(page.locator(".hw-drawing-place .hw-edge")).to_have_count(0)

    page.get_by_role("button", name="Add the edge mu → Y").click()
    expect(page.locator(".hw-drawing-place .hw-edge")).to_have_count(1)
    page.get_by_role("button", name="Add the edge tau → Y").click()
    expect(page.get_by_role("heading", name="To mend")).to_have_count(0)
    page.get_by_role("button", name="Run", exact=True).click()

    expect(page.get_by_role("heading", name="Learned mu and tau")).to_be_visible()
    chart = page.locator("figure[data-chart=chart-node-mu]")
    expect(chart).to_have_attribute("data-chart-drawn", "")
    expect(chart.locator("[data-chart-title]")).to_contain_text("with 95 % probability")
    mean = np.mean(Person.objects.values_list("x", flat=True))
    expect(page.locator("section", has=page.locator("#posterior-mu"))).to_contain_text(
        f"{mean:.2f}"
    )
    expect(page.get_by_text("Typical values of x lie between")).to_be_visible()
    chart.get_by_text("Show as table").click()
    expect(chart.get_by_role("row").nth(1)).to_be_visible()
    assert BayesianNetwork.objects.get().stated() == EXAMPLE_1


def test_a_clustering_network_begins_with_an_example_and_finds_groups(
    window: Window, people: None
) -> None:
    page = window.go("/models/new/network/")
    page.get_by_label("Name", exact=True).fill("Clustering (Example)")
    page.get_by_label("Groups: a mixture of Gaussians").check()
    page.get_by_label("Restarts").fill("2")
    page.get_by_role("button", name="Make the network").click()

    page.get_by_role("link", name="Give Y columns").first.click()
    page.get_by_label("Columns of").select_option("testapp.person")
    for column in ("x", "y"):
        page.get_by_role("checkbox", name=f"{column} number", exact=True).check()
    page.get_by_role("button", name="Put the chosen ones into the list").click()
    page.get_by_role("button", name="Move y up").click()
    expect(page.locator(".hw-columns code")).to_have_text(["y", "x"])
    page.get_by_role("button", name="Move x up").click()
    expect(page.locator(".hw-columns code")).to_have_text(["x", "y"])
    page.get_by_role("button", name="Save", exact=True).last.click()

    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Field that takes the letters").select_option("dmf:testapp.Person.group")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Run", exact=True).click()

    expect(page.get_by_role("heading", name="4 groups found")).to_be_visible()
    expect(page.locator("figure[data-chart=chart-scatter]")).to_be_visible()
    expect(page.locator("figure[data-chart=chart-node-alpha]")).to_be_visible()
    assert Person.objects.values("group").distinct().count() == 4

    page.get_by_role("link", name="Allow at most 5 groups").click()
    expect(page.get_by_role("row", name="alpha")).to_contain_text("numpy.full(5, 1e-05)")
    page.get_by_role("button", name="Allow at most 5").click()
    expect(page.get_by_text("now looks for 5 groups at most")).to_be_visible()
    expect(page.locator(".hw-plate-label").first).to_contain_text("× 5")

    network = BayesianNetwork.objects.get()
    page.goto(f"{window.address}/models/{network.pk}/")
    page.get_by_role("link", name="State it as in run").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("is stated again as in run")).to_be_visible()
    assert network.stated() == EXAMPLE_2


def test_a_node_is_changed_from_the_drawing_by_keyboard_alone(
    window: Window,
    people: None,
    make_network: Make,  # noqa: F811
) -> None:
    network = make_network(EXAMPLE_1)
    page = window.go(f"/models/{network.pk}/network/")
    node = page.get_by_role("link", name="mu GaussianARD: Gaussian number")

    for _ in range(40):
        page.keyboard.press("Tab")
        if node.evaluate("one => one === document.activeElement"):
            break
    expect(node).to_be_focused()
    assert node.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")

    name = page.get_by_label("Name", exact=True)
    name.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("centre")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text(
        "The node “centre” was saved. Its new name was also written in Y."
    )
    assert network.nodes.get(name="Y").params == "centre, tau"


def test_what_a_type_takes_follows_the_choice(window: Window, people: None) -> None:
    network = BayesianNetwork.objects.create(name="Half")
    page = window.go(f"/models/{network.pk}/network/nodes/new/")
    page.get_by_label("Name", exact=True).fill("Lambda")

    page.get_by_label("What it is", exact=True).select_option("Wishart")
    expect(page.locator("#type-part")).to_contain_text("Degrees of freedom")
    expect(page.locator("#columns-part")).to_contain_text("Wishart cannot observe columns")
    page.get_by_role("button", name="Use the example").click()
    expect(page.get_by_label("Parameters", exact=True)).to_have_value("2, [[1e-5, 0], [0, 1e-5]]")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Lambda")

    page.get_by_label("What it is", exact=True).select_option("SumMultiply")
    expect(page.locator("#columns-part")).to_contain_text("it is computed from its parents")


def test_two_models_are_compared_from_the_page_of_one(
    window: Window, people: None, make_model: Callable[..., StatisticalModel]
) -> None:
    first = make_model(
        name="Gaussian",
        technique="variational_mixture",
        parameters={"n_components": 6},
        results_storage="",
    )
    second = make_model(name="Four", parameters={"n_clusters": 4}, results_storage="")
    for model in (first, second):
        assert model.perform_inference().status == "succeeded"
    page = window.go(f"/models/{first.pk}/")

    page.get_by_role("link", name="Compare with another model").click()
    page.get_by_role("link", name="Four").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Gaussian and Four")
    expect(page.get_by_text("of 200 rows are in groups that match")).to_be_visible()


def test_every_page_passes_axe_and_keeps_quiet(
    open_window: Callable[..., Window], analyst: User, networks: list[str]
) -> None:
    window = open_window()
    page = window.sign_in()
    for address in networks:
        window.go(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert window.axe_in_both_themes() == [], address
        assert window.complaints == [], address


def test_every_page_fits_a_phone(
    open_window: Callable[..., Window], analyst: User, networks: list[str]
) -> None:
    window = open_window(viewport={"width": 390, "height": 800})
    page = window.sign_in()
    for address in networks:
        window.go(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
