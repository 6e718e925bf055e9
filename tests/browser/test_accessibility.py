"""The pages for everyone: by keyboard, by screen reader, by thumb, in light and dark, and nothing jumps.

One run is trained by keyboard alone; every page is then opened once and held against all of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.conftest import PATIENCE, foreign_requests
from tests.browser.page_actions import button, expect_status, open_recipe, recipe
from tests.live_server import LiveServer

AXE = Path(__file__).parents[1] / "js" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOST_SHIFT = 0.1  # what the browser's own measure calls good
LEAST_TARGET = 44  # pixels that a thumb needs

SHIFTS = """window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""

IS_SETTLED = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const isLoading = document.querySelector("[data-testid=stSkeleton], [data-testid=stSpinner]");
  return app?.dataset.testScriptState === "notRunning" && !isLoading && document.querySelector("h1");
}"""

SERIOUS = """(rules) => axe
  .run(document, { runOnly: rules, resultTypes: ["violations"] })
  .then(({ violations }) => violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`))"""

SMALL_TARGETS = """(least) => [...document.querySelectorAll(
  ".stMain :is(button, summary, [role=button], [role=tab], [data-testid=stPageLink-NavLink])")]
  .map((target) => [target, target.getBoundingClientRect()])
  .filter(([target, { width }]) => target.checkVisibility() && width > 1)
  .filter(([, { width, height }]) => width < least || height < least)
  .map(([target, { width, height }]) => `${target.outerHTML.slice(0, 120)} ${width} × ${height}`)"""

TABLES_OVER_THE_NEXT = """() => [...document.querySelectorAll(".stMain .stElementContainer")]
  .map((box) => [box, box.querySelector(".stDataFrame")])
  .filter(([box, table]) => table?.getBoundingClientRect().bottom > box.getBoundingClientRect().bottom + 1)
  .map(([box]) => box.outerHTML.slice(0, 120))"""

FOCUS = """() => {
  const { activeElement: focused } = document;
  if (focused === document.body) return true;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
  return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
}"""


@dataclass(frozen=True)
class Audit:
    """What one page was found to be.

    Attributes:
        violations: that axe calls serious or critical, in light and in dark.
        shift: how much moved by itself while the page came (cumulative layout shift).
        said: what the browser complained of, and what it asked other hosts for.
    """

    violations: list[str]
    shift: float
    said: list[str]


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[Page]:
    """A page whose scripts measure it; its visitor is the same for all tests here."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(path=AXE)
    context.add_init_script(SHIFTS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def run(person: Page, server: LiveServer) -> str:
    """The address's query of a run that was chosen, trained and opened by keyboard alone."""
    person.goto(server.url)
    _press(person, person.locator(".st-key-card-co2").get_by_role("button", name="Open"))
    person.wait_for_url(re.compile(r"/train"))
    open_recipe(person, server.url, recipe(epochs=3))  # quicker than the card's own
    _press(person, button(person, "Train"))
    person.wait_for_url(re.compile(r"/train\?run="))
    expect_status(person, "Finished")
    _press(person, button(person, "See the results"))
    person.wait_for_url(re.compile(r"/results\?run="))
    return person.url.partition("?")[2]


def _press(page: Page, wanted: Locator) -> None:
    """Reach a control with the tab key alone, see at each stop where one is, and press it."""
    expect(wanted).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS), page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
        if wanted.evaluate("(wanted) => wanted === document.activeElement"):
            return page.keyboard.press("Enter")
    raise AssertionError(f"the tab key doesn't reach {wanted}")


def test_a_card_is_trained_to_its_results_by_keyboard_alone(person: Page, run: str) -> None:
    expect(person.get_by_role("heading", name="Forecast", exact=True)).to_be_visible()


PAGES = ("", "data", "train", "train?{run}", "results?{run}", "inside?{run}", "gradients", "runs", "compare")


@pytest.fixture(scope="module")
def audits(person: Page, server: LiveServer, run: str) -> dict[str, Audit]:
    """Every page, opened afresh."""
    found: dict[str, Audit] = {}
    said: list[str] = []
    person.on("console", lambda message: said.extend(_complaints(message)))
    person.on("request", lambda request: said.extend(foreign_requests(request.url)))
    for name in PAGES:
        said.clear()
        person.emulate_media(color_scheme="light")
        person.goto(f"{server.url}/{name.format(run=run)}")
        person.wait_for_function(IS_SETTLED)
        shift = person.evaluate("() => window.shift")
        violations = person.evaluate(SERIOUS, RULES)
        person.emulate_media(color_scheme="dark")
        expect(person.get_by_test_id("stApp")).to_have_css("color-scheme", "dark")
        violations += person.evaluate(SERIOUS, ["color-contrast"])
        found[name] = Audit(violations, shift, list(said))
    return found


def _complaints(message: ConsoleMessage) -> list[str]:
    # Below a page's address Streamlit looks for its own routes in several places.
    is_probing = "/_stcore/" in message.location["url"]
    return [] if is_probing or message.type not in ("error", "warning") else [message.text]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious_on_any_page_in_light_and_dark(audits: dict[str, Audit], name: str) -> None:
    assert audits[name].violations == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_jumps_while_it_comes(audits: dict[str, Audit], name: str) -> None:
    assert audits[name].shift <= MOST_SHIFT


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_complained_of_and_no_other_host_asked(audits: dict[str, Audit], name: str) -> None:
    assert audits[name].said == []


def test_a_thumb_finds_everything_that_a_lesson_needs(
    person: Page, browser: Browser, server: LiveServer, run: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    try:
        for name in ("", "data", "train", f"train?{run}", f"results?{run}"):
            page.goto(f"{server.url}/{name}")
            page.wait_for_function(IS_SETTLED)
            assert page.evaluate(SMALL_TARGETS, LEAST_TARGET) == [], name
            assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, name
            assert page.evaluate(TABLES_OVER_THE_NEXT) == [], name
    finally:
        context.close()
