"""The restaurant: figures of its orders, its three analyses, and the page that shows them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.html import escape, strip_tags
from pytest_django import DjangoAssertNumQueries
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA

from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater.learning.request import open_fit
from headwater.segmentation.names import rename
from headwater_demo.restaurant.dishes import dish_rows
from headwater_demo.restaurant.load import load_restaurant
from headwater_demo.restaurant.menu import MENU
from headwater_demo.restaurant.models import AgeGroup, MenuItem, OrderData, Season, season_of
from headwater_demo.restaurant.order_history import OPENS, make_orders
from headwater_demo.restaurant.tiers import insight, tiers
from headwater_demo.statistical_models import (
    MENU_ESSENCE,
    MENU_SEGMENTS,
    UNUSUAL_DISHES,
    load_statistical_models,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

PAGE = "/restaurant/"
N_ORDERS = 600
COLUMNS = ("price", "prep_time", "calories", "spice_level")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def menu(admin: User) -> dict[str, StatisticalModel]:
    """The menu with its orders, and the three models that nobody has run; name -> model."""
    load_restaurant(n_orders=N_ORDERS)
    load_statistical_models()
    names = (MENU_SEGMENTS, MENU_ESSENCE, UNUSUAL_DISHES)
    return {name: StatisticalModel.objects.get(name=name) for name in names}


@pytest.fixture
def fitted(menu: dict[str, StatisticalModel]) -> dict[str, StatisticalModel]:
    """The same, each run once."""
    for model in menu.values():
        fit = model.perform_inference()
        assert fit.status == FitStatus.SUCCEEDED, fit.error
    return {name: StatisticalModel.objects.get(name=name) for name in menu}


def show(client: Client, user: User, address: str = PAGE) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def section(page: str, key: str) -> str:
    """Return the HTML of one card of the page."""
    return page.split(f'id="{key}" aria-labelledby', 1)[1].split("</section>", 1)[0]


def figures() -> tuple[list[int], Any]:
    """Return the keys of the dishes, and their columns as numbers, made by hand."""
    items = list(MenuItem.objects.order_by("pk"))
    numbers = np.array(
        [[float(i.price), i.prep_time, i.calories, i.spice_level] for i in items], dtype=float
    )
    cuisines = sorted({item.cuisine_type for item in items})
    one_hot = np.array([[item.cuisine_type == name for name in cuisines] for item in items])
    scaled = (numbers - numbers.mean(axis=0)) / numbers.std(axis=0)
    return [item.pk for item in items], np.hstack([scaled, 0.7 * one_hot])


def partition(labels: dict[Any, Any]) -> set[frozenset[Any]]:
    """Return the groups without their names."""
    groups = defaultdict(set)
    for key, label in labels.items():
        groups[label].add(key)
    return {frozenset(group) for group in groups.values()}


# orders


def test_figures_of_each_dish_equal_those_counted_by_hand(
    menu: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MenuItem.objects.create(
        name="Plain rice", price=4, prep_time=15, calories=200, spice_level=0, cuisine_type="Thai"
    )
    with django_assert_num_queries(1):
        rows = {row.dish.name: row for row in dish_rows()}
    for item in MenuItem.objects.all():
        orders = list(item.orders.all())
        row = rows[item.name]
        assert row.times_ordered == len(orders)
        assert row.portions == sum(order.quantity_ordered for order in orders)
        if not orders:
            assert (row.rating, row.season, row.age_group) == (None, None, None)
            continue
        assert row.rating == pytest.approx(np.mean([order.customer_rating for order in orders]))
        for favourite, name, choices in (
            (row.season, "season", Season),
            (row.age_group, "customer_age_group", AgeGroup),
        ):
            counts: Counter[str] = Counter()
            for order in orders:
                counts[getattr(order, name)] += order.quantity_ordered
            assert favourite is not None
            [most] = [one for one in choices if one.label == favourite.name]
            assert counts[most.value] == max(counts.values())
            assert favourite.share == pytest.approx(counts[most.value] / row.portions)
    assert [*rows] == sorted(rows, key=lambda name: (-rows[name].portions, name))


def test_orders_are_of_one_year_and_the_same_each_time() -> None:
    keys = {dish.name: number for number, dish in enumerate(MENU, 1)}
    orders, again = (make_orders(keys, np.random.default_rng(1), n=500) for _ in range(2))
    assert len(orders) == 500
    for order, other in zip(orders, again, strict=True):
        order.full_clean(exclude=["menu_item"])
        assert order.season == season_of(order.order_time)
        assert order.order_time.year == 2025
        assert OPENS <= order.order_time.hour < 23
        assert (order.order_time, order.menu_item_id) == (other.order_time, other.menu_item_id)
        assert order.customer_rating == other.customer_rating


def test_orders_have_patterns_of_season_meal_and_age() -> None:
    keys = {dish.name: number for number, dish in enumerate(MENU, 1)}
    orders = make_orders(keys, np.random.default_rng(2))

    def share(name: str, holds: Callable[[OrderData], bool]) -> float:
        of_dish = [order for order in orders if order.menu_item_id == keys[name]]
        return sum(map(holds, of_dish)) / len(of_dish)

    def summer(order: OrderData) -> bool:
        return order.season == "summer"

    def winter(order: OrderData) -> bool:
        return order.season == "winter"

    def lunch(order: OrderData) -> bool:
        return order.order_time.hour < 15

    def old(order: OrderData) -> bool:
        return order.customer_age_group == "from_60"

    assert len(orders) == 4_000
    assert share("Caesar Salad", summer) > 2 * share("Caesar Salad", winter)
    assert share("Coq au Vin", winter) > 2 * share("Coq au Vin", summer)
    assert share("Club Sandwich", lunch) > 0.6 > 0.3 > share("Coq au Vin", lunch)
    assert share("Coq au Vin", old) > 0.3 > 0.1 > share("Fish Tacos", old)


def test_season_of_an_order_is_that_of_its_time(menu: Any) -> None:
    order = OrderData.objects.create(
        menu_item=MenuItem.objects.earliest("pk"),
        customer_rating=4,
        customer_age_group="from_30",
        order_time=datetime(2026, 7, 1, 12, tzinfo=UTC),
    )
    assert order.season == "summer"
    order.order_time = datetime(2026, 12, 1, 12, tzinfo=UTC)
    order.save(update_fields=["order_time"])
    assert OrderData.objects.get(pk=order.pk).season == "winter"


# what is learned


def test_segments_are_those_of_scikit_learn_and_are_written_to_the_dishes(fitted: Any) -> None:
    keys, X = figures()
    expected = KMeans(3, n_init=10, random_state=0).fit(X)
    fit = fitted[MENU_SEGMENTS].current_fit
    assert fit.engine_meta_iterations == 10
    assert fit.scores["objective"] == pytest.approx(expected.inertia_)
    written = dict(MenuItem.objects.values_list("pk", "segment"))
    assert partition(written) == partition(dict(zip(keys, expected.labels_, strict=True)))


def test_factors_are_those_of_scikit_learn(fitted: Any) -> None:
    _, X = figures()
    expected = PCA(2).fit(X)
    found = fitted[MENU_ESSENCE].current_fit.summary["decomposition"]
    assert found["explained"] == pytest.approx(expected.explained_variance_ratio_)
    cuisines = sorted(set(MenuItem.objects.values_list("cuisine_type", flat=True)))
    names = [*COLUMNS, *(f"cuisine_type={cuisine}" for cuisine in cuisines)]
    for name, ours in found["loadings"].items():
        theirs = expected.components_[:, names.index(name)]
        assert np.abs(ours) == pytest.approx(np.abs(theirs), abs=1e-9)
    assert len(found["loadings"]) == len(names)


def test_unusual_dishes_are_those_of_scikit_learn(fitted: Any) -> None:
    keys, X = figures()
    labels = DBSCAN(eps=1.2, min_samples=2).fit_predict(X)
    outside = fitted[UNUSUAL_DISHES].current_fit.summary["outside"]
    assert set(outside["ids"]) == {
        key for key, label in zip(keys, labels, strict=True) if label < 0
    }
    assert outside["n"] == 3


# names


def group(letter: str, size: int, price: tuple[float, float, float], time: float) -> dict[str, Any]:
    low, mean, high = price
    return {
        "letter": letter,
        "size": size,
        "columns": {
            "price": {"minimum": low, "mean": mean, "maximum": high},
            "prep_time": {"mean": time},
        },
    }


def test_names_do_not_depend_on_numbers_or_letters_of_segments() -> None:
    figures = [(6, (9.0, 15.0, 20.0), 21.0), (4, (22.0, 28.0, 36.0), 45.0), (1, (45.0,) * 3, 90.0)]
    expected = ["Budget-friendly, quick", "Mid-range, laborious", "Premium, laborious"]
    for letters in permutations("ABC"):
        groups = [group(letter, *one) for letter, one in zip(letters, figures, strict=True)]
        for order in permutations(groups):
            found = tiers(order)
            assert [tier.name for tier in found] == expected
            assert [tier.letter for tier in found] == list(letters)


@pytest.mark.parametrize(
    ("n", "levels"),
    [
        (1, ["One price level"]),
        (2, ["Budget-friendly", "Premium"]),
        (4, ["Budget-friendly", "Mid-range 1", "Mid-range 2", "Premium"]),
    ],
)
def test_levels_of_other_numbers_of_segments(n: int, levels: list[str]) -> None:
    found = tiers(
        [group("ABCD"[i], 2, (10.0 * i, 10.0 * i + 1, 10.0 * i + 2), 9) for i in range(n)]
    )
    assert [tier.level for tier in found] == levels
    assert {tier.effort for tier in found} == {"of average effort"}


def test_what_ties_in_price_ranks_by_effort() -> None:
    one, other = group("A", 2, (1, 5, 9), 30), group("B", 2, (1, 5, 9), 10)
    assert [tier.letter for tier in tiers([one, other])] == ["B", "A"]


def test_insight_says_only_what_the_figures_say() -> None:
    rising = tiers([group("A", 2, (1, 2, 3), 10), group("B", 2, (4, 5, 6), 20)])
    assert "price levels that do not overlap" in insight(rising)
    assert "The dearer, the longer" in insight(rising)
    mixed = tiers([group("A", 2, (1, 2, 5), 30), group("B", 2, (4, 5, 6), 20)])
    assert "prices of Budget-friendly and Premium overlap" in insight(mixed)
    assert "effort does not follow the price" in insight(mixed)
    assert "not divided" in insight(tiers([group("A", 2, (1, 2, 5), 30)]))


def test_segments_without_prices_have_no_names() -> None:
    assert tiers([{"letter": "A", "size": 3, "columns": {"calories": {"mean": 3.0}}}]) == ()
    assert tiers([]) == ()


# the page


def test_page_shows_each_analysis_with_its_figures(
    client: Client, fitted: Any, analyst: User
) -> None:
    page = show(client, analyst)
    assert "11 dishes, ordered 600 times" in page
    segments = section(page, "segments")
    for name in ("Budget-friendly, quick", "Mid-range, laborious", "Premium, laborious"):
        assert name in segments
    cheap = MenuItem.objects.filter(segment=MenuItem.objects.get(name="Chocolate Cake").segment)
    mean = sum(item.price for item in cheap) / cheap.count()
    assert f"On average ${mean:.2f} and" in segments
    assert "2 factors explain 93% of the differences between the 11 dishes" in page
    assert "Chef&#x27;s Challenge has most of it, Chocolate Cake least." in page
    assert (
        "3 of 11 dishes (27%) are unusual and may be worth a look: Chocolate Cake, Coq au Vin and "
        "Chef&#x27;s Challenge."
    ) in page
    keys, X = figures()
    at = keys.index(MenuItem.objects.get(name="Chef's Challenge").pk)
    distances = np.linalg.norm(X - X[at], axis=1)
    nearest = np.argsort(distances)[1]
    told = f"is {MenuItem.objects.get(pk=keys[nearest])}, {distances[nearest]:.3g} spreads away"
    assert told in section(page, "unusual")
    for row in dish_rows():
        assert f"<td>{row.portions:,}</td><td>{row.rating:.2f}</td>" in section(page, "dishes")


def test_numbers_of_an_insight_stand_beside_it(client: Client, fitted: Any, analyst: User) -> None:
    page = show(client, analyst)
    for key in ("segments", "essence"):
        html = re.sub(r"<script.*?</script>", "", section(page, key), flags=re.DOTALL)
        [told] = re.findall(r'<p class="demo-insight">(.*?)</p>', html)
        rest = strip_tags(html.replace(told, ""))
        numbers = re.findall(r"\d[\d,.]*\d|\d", told)
        assert numbers
        assert set(numbers) <= set(re.findall(r"\d[\d,.]*\d|\d", rest))


def test_a_name_that_a_person_gave_is_kept_in_the_picture(
    client: Client, fitted: Any, admin: User
) -> None:
    letter = MenuItem.objects.get(name="Chocolate Cake").segment
    rename(fitted[MENU_SEGMENTS], letter, "Everyday food", admin)
    assert "Everyday food" in section(show(client, admin), "segments")


def test_before_the_first_run(client: Client, menu: Any, admin: User, analyst: User) -> None:
    page = show(client, admin)
    assert page.count("It has not run yet. Press “Run”") == 3
    assert 'data-chart="' not in page
    refused = show(client, analyst)
    assert "Press “Run”" not in refused
    assert refused.count("needs the permission “run_inference”") == 3


def test_busy_page_keeps_the_result_and_polls(client: Client, fitted: Any, admin: User) -> None:
    fit = open_fit(fitted[MENU_SEGMENTS], user=admin)
    page = show(client, admin)
    card = section(page, "segments")
    assert 'hx-get="/restaurant/segments/progress/"' in card
    assert "Waiting for a worker to take it" in card
    assert '<button class="demo-button" disabled>' in card
    assert "Budget-friendly, quick" in card
    assert page.count("hx-trigger") == 1

    Fit.objects.filter(pk=fit.pk).update(
        status=FitStatus.RUNNING,
        started_at=timezone.now(),
        progress={"phase": "search", "share": 0.4},
    )
    part = client.get("/restaurant/segments/progress/", headers=HTMX)
    assert "Looking for groups" in part.content.decode()
    assert "40%" in part.content.decode()
    plain = client.get("/restaurant/segments/progress/")
    assert plain.headers["Location"] == "/restaurant/#segments"

    Fit.objects.filter(pk=fit.pk).update(status=FitStatus.CANCELLED)
    done = client.get("/restaurant/segments/progress/", headers=HTMX)
    assert done.headers["HX-Refresh"] == "true"
    client.logout()
    ended = client.get("/restaurant/segments/progress/", headers=HTMX)
    assert ended.headers["HX-Refresh"] == "true"


def test_failed_run_says_why_and_keeps_the_last_result(
    client: Client, fitted: Any, admin: User
) -> None:
    model = fitted[MENU_SEGMENTS]
    model.parameters = {"n_clusters": 12}
    model.save()
    failed = model.perform_inference(recalculate=True)
    assert failed.status == FitStatus.FAILED
    card = section(show(client, admin), "segments")
    assert "The last run failed, so this is the result before it." in card
    assert escape(failed.error) in card
    assert "Budget-friendly, quick" in card


def test_deleted_model_is_said(client: Client, fitted: Any, admin: User) -> None:
    fitted[MENU_ESSENCE].delete()
    page = show(client, admin)
    assert "The statistical model “Menu essence” does not exist any more." in page
    assert client.post("/restaurant/essence/run/").status_code == 404


def test_other_technique_under_the_same_name_is_shown_as_what_it_is(
    client: Client, fitted: Any, admin: User
) -> None:
    StatisticalModel.objects.filter(name=MENU_ESSENCE).update(
        technique="k_means", parameters={"n_clusters": 2}
    )
    StatisticalModel.objects.get(name=MENU_ESSENCE).perform_inference(recalculate=True)
    assert "This run found no factors." in show(client, admin)


def test_empty_menu(client: Client, admin: User) -> None:
    load_statistical_models()
    assert "There are no dishes yet." in show(client, admin)


@pytest.mark.parametrize("address", [PAGE, "/restaurant/segments/progress/"])
def test_who_may_not_see_the_menu(client: Client, stranger: User, address: str) -> None:
    assert client.get(address).headers["Location"] == f"/sign-in/?next={address}"
    client.force_login(stranger)
    assert client.get(address).status_code == 403


# starting


def test_a_run_is_asked_for_by_post_only(
    menu: Any, admin: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    assert client.get("/restaurant/unusual/run/").status_code == 405
    assert client.post("/restaurant/unusual/run/").status_code == 403
    assert not Fit.objects.exists()

    page = client.get(PAGE).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/restaurant/unusual/run/", {"csrfmiddlewaretoken": token.group(1)})
    assert response.headers["Location"] == "/restaurant/#unusual"
    fit = menu[UNUSUAL_DISHES].fits.get()
    assert (fit.status, fit.requested_by) == (FitStatus.SUCCEEDED, admin)


def test_a_second_run_at_once_is_refused_with_a_sentence(
    client: Client, menu: Any, admin: User
) -> None:
    open_fit(menu[MENU_ESSENCE])
    client.force_login(admin)
    page = client.post("/restaurant/essence/run/", follow=True).content.decode()
    assert "waits for a worker already" in page
    assert Fit.objects.count() == 1
    assert client.post("/restaurant/nothing/run/").status_code == 404


def test_who_may_look_may_not_run(client: Client, menu: Any, analyst: User) -> None:
    client.force_login(analyst)
    assert client.post("/restaurant/segments/run/").status_code == 403
    assert not Fit.objects.exists()


def test_a_price_changed_in_the_admin_changes_the_next_result(
    client: Client, fitted: Any, admin: User
) -> None:
    cake = MenuItem.objects.get(name="Chocolate Cake")
    before = section(show(client, admin), "segments")
    assert "Changed since" not in before
    address = f"/admin/restaurant/menuitem/{cake.pk}/change/"
    form = client.get(address).context["adminform"].form
    data = {**form.initial, "price": "70.00"}
    since = data.pop("created_date")
    data |= {"created_date_0": f"{since:%Y-%m-%d}", "created_date_1": f"{since:%H:%M:%S}"}
    response = client.post(address, data)
    assert response.status_code == 302, response.context["adminform"].form.errors

    behind = section(show(client, admin), "segments")
    assert "Changed since this run: Chocolate Cake." in behind
    assert "Each dish by preparation time and price, as they are now" in behind
    assert "as they are now" not in before
    old = dict(MenuItem.objects.values_list("name", "segment"))
    fitted[MENU_SEGMENTS].perform_inference(recalculate=True)
    after = section(show(client, admin), "segments")
    assert "Changed since" not in after
    assert "$70.00" in after
    assert partition(old) != partition(dict(MenuItem.objects.values_list("name", "segment")))
    _, X = figures()
    expected = KMeans(3, n_init=10, random_state=0).fit(X)
    fit = Fit.objects.filter(model=fitted[MENU_SEGMENTS]).latest("pk")
    assert fit.scores["objective"] == pytest.approx(expected.inertia_)


def test_a_dish_that_is_gone_is_said(client: Client, fitted: Any, admin: User) -> None:
    MenuItem.objects.get(name="Coq au Vin").delete()
    page = show(client, admin)
    assert page.count("Not there any more: 1 row.") == 3


def test_admin_lists_dishes_and_orders(client: Client, menu: Any, admin: User) -> None:
    row = dish_rows()[0]
    page = show(client, admin, "/admin/restaurant/menuitem/?o=8")
    assert f'<td class="field-portions">{row.portions:,}</td>' in page
    assert f'<td class="field-rating">{row.rating:.2f}</td>' in page
    assert "600 orders" in show(client, admin, "/admin/restaurant/orderdata/")
