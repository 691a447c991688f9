"""A visitor reads SmartDjango's pages: time is measured, told once, and changes what they see."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from headwater.learning.models import StatisticalModel
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.load import load_products, load_users
from headwater_demo.smartdjango.models import Account, UserInfo, Visit
from headwater_demo.statistical_models import load_statistical_models
from tests.browser.conftest import Window

pytestmark = pytest.mark.urls("headwater_demo.urls")

GUIDES = "/smartdjango/pages/A/"
ARTICLE = f"{GUIDES}mend-a-bicycle-tube/"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""As the demo's own settings send it."""

HIDE = """state => {
  Object.defineProperty(document, "visibilityState", {configurable: true, get: () => state});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def eventually(found: Callable[[], bool]) -> bool:
    """Return whether ``found`` becomes true within half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if found():
            return True
        time.sleep(0.05)
    return False


def visits(number: int) -> bool:
    """Wait until so many visits are counted; return whether it is exactly so many."""
    return eventually(lambda: Visit.objects.count() >= number) and Visit.objects.count() == number


@pytest.fixture
def user_info(analyst: User) -> UserInfo:
    """The user that the analyst is: of those who stay long, in group C, new to Guides."""
    load_users(200)
    user_info = UserInfo.objects.order_by("pk")[125]
    UserInfo.objects.filter(pk=user_info.pk).update(cluster_1="C", visits_pages_a=0, visits_pages=0)
    Account.objects.create(user=analyst, user_info=user_info)
    return UserInfo.objects.get(pk=user_info.pk)


@pytest.fixture
def visitor(window: Window, user_info: UserInfo) -> Window:
    """A window with that user signed in, under the policy that the demo sends."""

    def with_policy(route: Route) -> None:
        response = route.fetch(max_redirects=0)
        route.fulfill(
            response=response, headers={**response.headers, "content-security-policy": POLICY}
        )

    window.page.route("**/smartdjango/pages/**", with_policy)
    return window


def read(page: Page, seconds: float) -> None:
    """Look at the page for so long, at least, also by the page's own clock, which starts later."""
    page.wait_for_timeout(1000 * seconds + 150)


def test_a_link_is_followed(visitor: Window, user_info: UserInfo) -> None:
    page = visitor.go(GUIDES)
    expect(page.get_by_role("timer")).not_to_have_text("0 s")
    page.get_by_role("link", name="Mend a bicycle tube").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mend a bicycle tube")
    assert visits(1)
    first = Visit.objects.get()
    assert (first.page_type, first.number, first.user_info_id) == ("A", 1, user_info.pk)
    assert first.seconds >= 1

    read(page, 1.5)
    page.reload()
    assert visits(2)
    assert Visit.objects.latest("pk").seconds >= 1.5
    page.goto(f"{visitor.address}/smartdjango/pages/")
    row = page.get_by_role("row", name="A, Guides")
    # The view that was cut short by this page is counted or, if it was no more than a glance, not.
    total = Visit.objects.filter(page_type="A")
    assert eventually(lambda: UserInfo.objects.get(pk=user_info.pk).visits_pages_a == total.count())
    page.reload()
    now = UserInfo.objects.get(pk=user_info.pk)
    expect(row.get_by_role("cell").last).to_have_text(str(now.visits_pages_a))
    expect(row.get_by_role("cell").first).to_have_text(f"{now.avg_time_pages_a:.1f} s")
    assert now.avg_time_pages_a == pytest.approx(
        sum(visit.seconds for visit in total) / now.visits_pages_a
    )
    assert now.avg_time_pages_a < user_info.avg_time_pages_a


def test_a_tab_is_hidden_and_comes_back(visitor: Window) -> None:
    page = visitor.go(ARTICLE)
    read(page, 0.5)
    page.evaluate(HIDE, "hidden")
    assert visits(1)
    # Hidden time is nobody's: the clock stands, and leaving tells nothing more.
    shown = page.get_by_role("timer").text_content()
    read(page, 1.2)
    expect(page.get_by_role("timer")).to_have_text(str(shown))
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.evaluate(HIDE, "hidden")

    page.evaluate(HIDE, "visible")
    read(page, 0.5)
    page.evaluate(HIDE, "hidden")
    assert visits(2)
    one, other = Visit.objects.order_by("pk")
    assert one.view == other.view
    assert (one.number, other.number) == (1, 2)
    assert one.seconds >= 0.5
    assert other.seconds >= 0.5


def test_a_page_that_is_left_tells_once(visitor: Window) -> None:
    page = visitor.go(ARTICLE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    read(page, 0.5)
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.evaluate(HIDE, "hidden")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert visits(1)
    page.goto("about:blank")
    read(page, 0.5)
    assert visits(1)
    assert len([url for url in sent if url.endswith("/metrics/")]) <= 1


def test_a_page_that_comes_back_is_another_view(visitor: Window) -> None:
    page = visitor.go(ARTICLE)
    read(page, 0.5)
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")
    read(page, 0.5)
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert visits(2)


def test_the_way_back_is_another_visit(visitor: Window) -> None:
    page = visitor.go(GUIDES)
    read(page, 0.4)
    page.get_by_role("link", name="Mend a bicycle tube").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mend a bicycle tube")
    read(page, 0.4)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guides")
    read(page, 0.4)
    page.goto("about:blank")
    assert visits(3)
    assert len(set(Visit.objects.values_list("view", flat=True))) == 3


def test_a_closed_tab_tells(visitor: Window) -> None:
    page = visitor.go(ARTICLE)
    read(page, 0.7)
    page.close(run_before_unload=True)
    assert visits(1)


def test_a_glance_is_no_visit(visitor: Window) -> None:
    page = visitor.go(ARTICLE)
    page.evaluate(HIDE, "hidden")
    page.evaluate(HIDE, "visible")
    page.evaluate(HIDE, "hidden")
    read(page, 0.3)
    # The first view may have been longer than a glance on a slow machine; the second was not.
    assert Visit.objects.count() <= 1


def test_who_stays_longer_than_the_group_is_told(visitor: Window, user_info: UserInfo) -> None:
    UserInfo.objects.filter(pk__gt=user_info.pk - 30).update(cluster_1="C", avg_time_pages_a=2.5)
    page = visitor.go(ARTICLE)
    said = page.get_by_role("complementary").get_by_role("status")
    expect(said).to_have_text("")
    assert said.get_attribute("aria-live") in (None, "polite")  # a status is polite by itself
    below = page.get_by_text("Your mean on Guides")
    before = below.bounding_box()

    words = "You have now stayed longer than group C does on Guides: 2.5 s on average."
    expect(said).to_have_text(words)
    assert below.bounding_box() == before  # nothing jumped
    # It is said once, not with every second.
    page.evaluate(
        "place => { window.changes = 0; new MutationObserver(() => { window.changes += 1; })"
        ".observe(document.querySelector(place), {childList: true, characterData: true, "
        "subtree: true}); }",
        "[data-view-passed]",
    )
    read(page, 1.2)
    assert page.evaluate("window.changes") == 0


def test_who_does_not_is_not_told(visitor: Window) -> None:
    page = visitor.go(ARTICLE)
    read(page, 1.5)
    expect(page.get_by_role("timer")).not_to_have_text("0 s")
    expect(page.get_by_role("complementary").get_by_role("status")).to_have_text("")


def test_groups_change_with_what_is_measured(visitor: Window, user_info: UserInfo) -> None:
    load_statistical_models()
    StatisticalModel.objects.filter(name=CLUSTERING).update(engine_meta_iterations=1)
    model = StatisticalModel.objects.get(name=CLUSTERING)
    assert model.perform_inference().status == "succeeded"
    before = UserInfo.objects.get(pk=user_info.pk).cluster_1
    assert before
    StatisticalModel.objects.filter(pk=model.pk).update(counter_threshold=2)

    page = visitor.go(ARTICLE)
    expect(page.get_by_role("complementary")).to_contain_text(f"in group {before}")
    for _ in range(2):
        read(page, 0.6)
        page.evaluate(HIDE, "hidden")
        page.evaluate(HIDE, "visible")
    # The second view reached the threshold. In the tests the queued fit runs at once.
    assert eventually(lambda: model.fits.count() == 2)
    assert eventually(lambda: UserInfo.objects.get(pk=user_info.pk).cluster_1 != before)
    after = UserInfo.objects.get(pk=user_info.pk).cluster_1
    page.reload()
    expect(page.get_by_role("complementary")).to_contain_text(f"in group {after}")


def test_a_new_user_reads(visitor: Window) -> None:
    load_products()
    page = visitor.go("/smartdjango/")
    page.get_by_role("button", name="Become a new user").click()
    new = UserInfo.objects.latest("pk")
    expect(page.get_by_text(f"You are User {new.pk} now")).to_be_visible()
    visitor.go(ARTICLE)
    read(page, 0.5)
    page.get_by_role("button", name="again").click()
    expect(page.get_by_text("You are yourself again")).to_be_visible()
    # The page was left as somebody else than it was opened as; it counts for who read it.
    assert visits(1)
    assert Visit.objects.get().user_info_id == new.pk
    page.get_by_role("link", name="Deals").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deals for group C")


@pytest.mark.parametrize(
    "options",
    [{}, {"viewport": {"width": 390, "height": 844}}],
    ids=["desk", "phone"],
)
def test_pages_are_accessible_and_fit(
    open_window: Callable[..., Window], user_info: UserInfo, options: dict[str, Any]
) -> None:
    load_products()
    load_statistical_models()
    window = open_window(**options)
    window.sign_in()
    for address in (
        "/smartdjango/",
        "/smartdjango/pages/",
        GUIDES,
        ARTICLE,
        "/smartdjango/deals/C/",
        "/smartdjango/waiting/",
        "/smartdjango/atypical/?show=all",
    ):
        page = window.go(address)
        assert window.axe_in_both_themes() == [], address
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), address


def test_the_policy_is_the_one_of_the_demo() -> None:
    assert "csp.middleware.CSPMiddleware" not in settings.MIDDLEWARE  # so it is added here
    text = (settings.BASE_DIR / "src" / "headwater_demo" / "settings.py").read_text()
    for directive in POLICY.split("; "):
        name, _, values = directive.partition(" ")
        constants = values.replace("'self'", "SELF").replace("'none'", "NONE")
        written = ", ".join(
            value if value.isupper() else f'"{value}"' for value in constants.split()
        )
        assert f'"{name}": [{written}]' in text
