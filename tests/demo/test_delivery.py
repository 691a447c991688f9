"""The delivery's customers: their tree, cut as one likes, and what is told of each segment."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import strip_tags
from scipy.cluster.hierarchy import fcluster, linkage

from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater.learning.request import open_fit
from headwater_demo.delivery.cut import cut_of
from headwater_demo.delivery.load import CUSTOMERS, load_delivery
from headwater_demo.delivery.models import Customer
from headwater_demo.statistical_models import DELIVERY_CUSTOMERS, load_statistical_models

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

PAGE = "/delivery/"
COLUMNS = {
    "average order value": "average_order_value",
    "order frequency": "order_frequency",
    "preferred cuisine diversity": "preferred_cuisine_diversity",
    "peak ordering time": "peak_ordering_time",
    "seasonal variation": "seasonal_variation",
}


@pytest.fixture
def customers(admin: User) -> StatisticalModel:
    """The ten customers, and the model that nobody has run."""
    load_delivery()
    load_statistical_models()
    return StatisticalModel.objects.get(name=DELIVERY_CUSTOMERS)


@pytest.fixture
def fitted(customers: StatisticalModel) -> StatisticalModel:
    """The same, run once."""
    fit = customers.perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    return StatisticalModel.objects.get(pk=customers.pk)


def show(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == 200, response
    return response.content.decode()


def expected(n: int) -> set[frozenset[str]]:
    """Return the ``n`` groups that SciPy makes of the figures as they are written down."""
    names = [name for name, *_ in CUSTOMERS]
    X = np.array([[float(value) for value in row] for _, *row in CUSTOMERS])
    tree = linkage((X - X.mean(axis=0)) / X.std(axis=0), method="ward")
    labels = fcluster(tree, n, criterion="maxclust")
    return {
        frozenset(name for name, one in zip(names, labels, strict=True) if one == label)
        for label in set(labels)
    }


def written() -> set[frozenset[str]]:
    """Return the groups that the customers' own column holds."""
    groups: dict[str | None, set[str]] = {}
    for name, segment in Customer.objects.values_list("name", "segment"):
        groups.setdefault(segment, set()).add(name)
    return {frozenset(group) for group in groups.values()}


def test_four_segments_at_first_as_scipy_makes_them(fitted: StatisticalModel) -> None:
    assert fitted.current_fit is not None
    assert fitted.current_fit.n_groups == 4
    assert written() == expected(4)


@pytest.mark.parametrize("n", range(1, 11))
def test_each_cut_is_that_of_scipy_and_changes_nothing(
    fitted: StatisticalModel, admin: User, n: int
) -> None:
    assert fitted.current_fit is not None
    before = written()
    cut = cut_of(fitted.current_fit, admin, str(n))
    assert cut.problem == ""
    assert (cut.n, cut.is_kept) == (n, n == 4)
    assert {frozenset(card.customers) for card in cut.cards} == expected(n)
    assert cut.tree is not None
    assert cut.tree.n == n
    owners = {leaf.name: leaf.mark.letter for leaf in cut.tree.leaves if leaf.mark is not None}
    for card in cut.cards:
        assert {owners[name] for name in card.customers} == {card.segment.letter}
    assert Fit.objects.count() == 1
    assert written() == before


def test_page_tells_of_each_segment_what_its_customers_say(
    client: Client, fitted: StatisticalModel, analyst: User
) -> None:
    page = show(client, analyst)
    cut = cut_of(fitted.current_fit, analyst)
    assert "These 4 segments are in use" in page
    assert f'href="/segments/{fitted.current_fit_id}/"' in page
    for card in cut.cards:
        members = list(Customer.objects.filter(segment=card.segment.letter))
        assert sorted(one.name for one in members) == list(card.customers)
        for one in card.segment.characteristics:
            values = [float(getattr(member, COLUMNS[one.label])) for member in members]
            told = (one.mean, one.std, one.minimum, one.maximum)
            assert told == pytest.approx(
                (np.mean(values), np.std(values), min(values), max(values))
            )
        html = page.split(f'id="segment-{card.segment.letter}" ', 1)[1].split("</section>")[0]
        assert card.insight is not None
        assert card.insight.insight in html
        assert card.insight.recommendation in html
        assert card.insight.message in html
        rest = strip_tags(html.replace(card.insight.insight, ""))
        for number in re.findall(r"\d+\.\d+|\d+", card.insight.insight):
            shown = {float(one) for one in re.findall(r"\d+\.\d+|\d+", rest)}
            assert float(number) in shown, card.insight.insight


def test_tree_names_each_customer(client: Client, fitted: Any, admin: User) -> None:
    page = show(client, admin)
    drawing = page.split('<svg class="hw-tree"', 1)[1].split("</svg>", 1)[0]
    for name, *_ in CUSTOMERS:
        assert f">{name}</text>" in drawing
    assert ">4 segments</text>" in drawing


def test_looking_at_another_cut_offers_to_keep_it(
    client: Client, fitted: StatisticalModel, admin: User, analyst: User
) -> None:
    page = show(client, admin, "?segments=3")
    assert "This is how it would be with 3 segments. In use are 4." in page
    assert 'name="segments" value="3"' in page
    assert f'href="/segments/{fitted.current_fit_id}/?n=3"' in page
    assert "Keep 3 segments" not in show(client, analyst, "?segments=3")


def test_a_cut_is_kept_by_post_only(fitted: StatisticalModel, admin: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    assert client.get("/delivery/keep/").status_code == 405
    assert client.post("/delivery/keep/", {"segments": 3}).status_code == 403
    assert written() == expected(4)

    page = client.get(f"{PAGE}?segments=3").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    data = {"segments": 3, "csrfmiddlewaretoken": token.group(1)}
    page = client.post("/delivery/keep/", data, follow=True).content.decode()
    assert "3 segments are in use now" in page
    assert "These 3 segments are in use" in page
    assert written() == expected(3)
    fitted.refresh_from_db()
    assert fitted.parameters["n_clusters"] == 3
    assert Fit.objects.count() == 2


@pytest.mark.parametrize("asked", ["99", "0", "-1", "many", "3.5", "%00", "٣", "9" * 300])
def test_numbers_that_cannot_be(client: Client, fitted: Any, admin: User, asked: str) -> None:
    page = show(client, admin, f"?segments={asked}")
    assert "These 4 segments are in use" in page
    assert ('role="alert"' in page) == (asked != "%00")
    kept = client.post("/delivery/keep/", {"segments": asked}, follow=True)
    assert kept.status_code == 200
    assert 'class="demo-messages"' in kept.content.decode()
    assert written() == expected(4)


def test_who_may_look_may_not_keep(client: Client, fitted: Any, analyst: User) -> None:
    client.force_login(analyst)
    assert client.post("/delivery/keep/", {"segments": 2}).status_code == 403
    assert client.post("/delivery/customers/run/").status_code == 403
    assert written() == expected(4)


def test_before_the_first_run(client: Client, customers: StatisticalModel, admin: User) -> None:
    page = show(client, admin, "?segments=3")
    assert "It has not run yet. Press “Run”" in page
    assert '<svg class="hw-tree"' not in page
    assert client.post("/delivery/keep/", {"segments": 2}).status_code == 404


def test_busy_page_keeps_the_tree(client: Client, fitted: StatisticalModel, admin: User) -> None:
    open_fit(fitted)
    page = show(client, admin)
    assert 'hx-get="/delivery/customers/progress/"' in page
    assert '<svg class="hw-tree"' in page
    refused = client.post("/delivery/keep/", {"segments": 2}, follow=True).content.decode()
    assert "waits for a worker already" in refused
    assert written() == expected(4)


def test_failed_run_says_why_and_keeps_the_tree(
    client: Client, fitted: StatisticalModel, admin: User
) -> None:
    fitted.parameters = {"n_clusters": 11, "linkage": "ward"}
    fitted.save()
    assert fitted.perform_inference(recalculate=True).status == FitStatus.FAILED
    page = show(client, admin)
    assert "The last run failed, so this is the result before it." in page
    assert "These 4 segments are in use" in page


def test_changed_customer_is_said(client: Client, fitted: Any, admin: User) -> None:
    customer = Customer.objects.get(name="Budget Lunch")
    customer.order_frequency = 20
    customer.save()
    assert "Changed since this run: Budget Lunch." in show(client, admin)


def test_no_customers(client: Client, admin: User) -> None:
    load_statistical_models()
    assert "There are no customers yet." in show(client, admin)


def test_who_may_not_see_customers(client: Client, stranger: User) -> None:
    assert client.get(PAGE).headers["Location"] == f"/sign-in/?next={PAGE}"
    client.force_login(stranger)
    assert client.get(PAGE).status_code == 403


def test_admin_lists_customers(client: Client, fitted: Any, admin: User) -> None:
    client.force_login(admin)
    page = client.get("/admin/delivery/customer/").content.decode()
    assert "Late Night Premium" in page
    assert "52.60" in page
