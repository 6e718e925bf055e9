"""The live charts on a bare page: no Streamlit and no training, so that things happen when the test says."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Locator, Page, Route, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route as Path_

from components.charts import palette
from components.runs.store import RunStore
from components.training.events import Checkpoint, Event, Mark, Rollback, Status
from components.ui.routes import asset_url, routes
from components.ui.widgets import live_charts
from tests.runs.sample_events import RECIPE, TRAINING_START, epoch_end, steps

STYLES = (Path(live_charts.__file__).parents[1] / "assets" / "live_charts.css").read_text()
PAGE = f"""<!doctype html><meta name="viewport" content="width=device-width"><style>{STYLES} :root {{
  --st-text-color: #1b2333; --st-background-color: #fcfbf8; --st-border-color-light: #ddd;
  --st-gray-color: #888; --st-font: sans-serif }}</style><div id="place"></div>"""

MOUNT = """async (data) => {
  const place = document.querySelector("#place");
  window.told ??= [];
  const live = await import(new URL(data.script, document.baseURI));
  const setTriggerValue = (name, value) => window.told.push([name, value]);
  window.mount = (data) => live.show({ data, parentElement: place, setTriggerValue });
  window.unmount = () => live.hide(place);
  window.mount(data);
}"""

PLOT = """document.querySelector(`figure[aria-label="${title}"] .js-plotly-plot`)"""
AXES = f"title => [{PLOT}.layout.xaxis.range, {PLOT}.layout.yaxis.range]"
LINE = f"([title, name]) => {PLOT}?.data.find(line => line.name === name)?.x ?? []"
"""A line's numbers across, as plotly has them."""

COLOURS = ("training", "validation", "before", "after", "truth", "model")

TRUTH = {
    "kind": "forecast",
    "along": "day",
    "measures": "level (m)",
    "unit": "m",
    "times": [1, 2],
    "truth": [1.0, 2.0],
}


class Stage:
    """A run that says what the test lets it say, and a page that watches it."""

    def __init__(self, page: Page, store: RunStore, url: str):
        self.page, self.store = page, store
        self.run_id = store.add(RECIPE, "ann", "Toys").id
        self.attempt = store.begin(self.run_id, store.register_server())
        page.goto(url)

    def say(self, *messages: Event) -> None:
        self.store.write([(self.run_id, self.attempt, message) for message in messages])

    def begin(self, *messages: Event) -> None:
        self.say(TRAINING_START, Status(status="running"), *messages)

    def data(self, **other: Any) -> dict[str, Any]:
        """Return what `components.ui.widgets.live_charts` gives, of this run."""
        told = {
            "script": asset_url("live_charts.js"),
            "plotly": asset_url("plotly.js"),
            "run": self.run_id,
            "status": self.store.run(self.run_id).status,
            "clipping": 1.0,
            "preview": TRUTH,
            "colours": dict.fromkeys(
                ("training", "validation", "before", "after", "truth", "model"), palette.BLUE
            )
            | {"series": palette.SERIES},
        }
        return told | other

    def mount(self, **other: Any) -> None:
        self.page.evaluate(MOUNT, self.data(**other))

    def chart(self, title: str) -> Locator:
        return self.page.get_by_role("figure", name=title, exact=True)

    def line(self, title: str, name: str) -> list[float]:
        return self.page.evaluate(LINE, [title, name])

    def expect_line(self, title: str, name: str, across: list[float]) -> None:
        """Wait until a line is drawn from these numbers, and no others."""
        drawn = f"([place, across]) => JSON.stringify(({LINE})(place)) === JSON.stringify(across)"
        self.page.wait_for_function(drawn, arg=[[title, name], across])

    def axes(self, title: str) -> list[list[float]]:
        return self.page.evaluate(AXES, title)

    def told(self) -> list[list[str]]:
        """Return what the page was told: the reruns that it would have made."""
        return self.page.evaluate("window.told")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    made = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield made
    made.close()


@pytest.fixture
def stage(page: Page, store: RunStore) -> Iterator[Stage]:
    async def bare(_: object) -> HTMLResponse:
        return HTMLResponse(PAGE)

    app = Starlette(routes=[Path_("/", bare), *routes(lambda: store)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    page.set_viewport_size({"width": 1280, "height": 1400})
    yield Stage(page, store, f"http://127.0.0.1:{port}/")
    page.goto("about:blank")
    server.should_exit = True
    thread.join(10)


def numbers(last: int) -> list[float]:
    return list(range(1, last + 1))


def test_what_is_new_is_added_to_what_is_drawn(stage: Stage) -> None:
    stage.begin(steps(1, 5))
    stage.mount()
    stage.expect_line("Loss", "training, each step", numbers(5))
    stage.say(steps(6, 10))
    stage.say(epoch_end(1, 0.5))
    stage.expect_line("Loss", "training, each step", numbers(10))
    stage.expect_line("Loss", "validation", [10])
    stage.say(steps(11, 20), epoch_end(2, 0.7))
    stage.expect_line("Loss", "validation", [10, 20])
    stage.expect_line("Loss", "best epoch", [10])
    stage.expect_line("Gradient norm", "before clipping", numbers(20))
    stage.expect_line("Gradient norm by layer", "dense", numbers(20))
    caption = "The validation loss was lowest after epoch 1, 0.5; it has risen since, to 0.7."
    expect(stage.chart("Loss").locator("figcaption")).to_have_text(caption)
    expect(stage.chart("Forecast of the validation set").locator("figcaption")).to_have_text(
        "After epoch 2 the forecast is off by 0.25 m on average."
    )


def test_before_the_first_step_it_says_what_is_awaited(stage: Stage) -> None:
    stage.mount()
    expect(stage.page.get_by_role("status")).to_contain_text(
        "Next in the queue: starts when a worker is free."
    )
    expect(stage.chart("Loss")).to_contain_text("The first steps will appear here.")


def test_a_run_that_ends_without_a_step_says_so(stage: Stage) -> None:
    stage.begin(Status(status="finished"))
    stage.mount()
    expect(stage.chart("Loss")).to_contain_text("No step was made, so there is nothing to draw.")


def test_a_rewind_draws_anew_and_leaves_the_zoom(stage: Stage) -> None:
    stage.begin(steps(1, 20), Checkpoint(step=10, epoch=1))
    stage.mount()
    stage.expect_line("Loss", "training, each step", numbers(20))
    plot = stage.chart("Loss").locator(".nsewdrag").bounding_box()
    assert plot
    left, top = plot["x"] + 0.2 * plot["width"], plot["y"] + 0.3 * plot["height"]
    stage.page.mouse.move(left, top)
    stage.page.mouse.down()
    stage.page.mouse.move(left + 0.3 * plot["width"], top + 0.4 * plot["height"], steps=4)
    stage.page.mouse.up()
    zoomed = stage.axes("Loss")
    assert zoomed[0][1] < 20
    stage.say(steps(21, 30))
    stage.expect_line("Loss", "training, each step", numbers(30))
    assert stage.axes("Loss") == zoomed
    stage.say(Rollback(step=10), Mark(step=10, what="rewound", value=30), Status(status="paused"))
    stage.expect_line("Loss", "training, each step", numbers(10))
    assert stage.axes("Loss") == zoomed
    expect(stage.chart("Gradient norm").get_by_text("rewound")).to_be_visible()
    stage.page.mouse.dblclick(left, top)
    stage.page.wait_for_function(
        f"title => JSON.stringify(({AXES})(title)) !== '{json.dumps(zoomed)}'", arg="Loss"
    )
    low, high = stage.axes("Loss")[1]
    assert low < -0.9 < high < 0.2, "after a double click the axis follows the numbers again: 1 to 1/10"


def test_what_is_changed_by_hand_is_marked_and_the_threshold_moves(stage: Stage) -> None:
    stage.begin(steps(1, 10), Mark(step=10, what="clip", value=0.5))
    stage.mount()
    expect(stage.chart("Loss").get_by_text("threshold 0.5")).to_be_visible()
    stage.say(Mark(step=10, what="learning_rate", value=0.01))
    expect(stage.chart("Loss").get_by_text("learning rate 0.01")).to_be_visible()
    stage.say(steps(11, 12))
    stage.expect_line("Gradient norm", "before clipping", numbers(12))
    thresholds = stage.page.evaluate(LINE.replace("?.x", "?.y"), ["Gradient norm", "clipping threshold"])
    assert (thresholds[0], thresholds[-1]) == (1.0, 0.5)


def test_the_page_reruns_when_the_status_changes_and_at_no_other_time(stage: Stage) -> None:
    stage.begin(steps(1, 5))
    stage.mount()
    stage.say(steps(6, 10), epoch_end(1))
    stage.expect_line("Loss", "validation", [10])
    assert stage.told() == []
    stage.say(Status(status="paused"))
    expect(stage.page.get_by_role("status")).to_contain_text("Paused")
    stage.say(Mark(step=10, what="learning_rate", value=0.01))
    expect(stage.chart("Loss").get_by_text("learning rate 0.01")).to_be_visible()
    assert stage.told() == [["status", "paused"]]
    stage.say(Status(status="failed", reason="The loss is no number."))
    expect(stage.page.get_by_role("status")).to_contain_text("The loss is no number.")
    assert stage.told() == [["status", "paused"], ["status", "failed"]]


def asked(page: Page) -> Callable[[], int]:
    """Count what is asked of the points route."""
    questions: list[str] = []
    page.on("request", lambda request: questions.append(request.url) if "/points" in request.url else None)
    return lambda: len(questions)


def test_it_asks_four_times_a_second_while_the_run_goes_on_and_never_after(stage: Stage) -> None:
    stage.begin(steps(1, 5))
    count = asked(stage.page)
    stage.mount()
    stage.expect_line("Loss", "training, each step", numbers(5))
    before = count()
    stage.page.wait_for_timeout(2000)
    assert 3 <= count() - before <= 9
    stage.say(Status(status="finished"))
    expect(stage.page.get_by_role("status")).to_contain_text("Finished")
    over = count()
    stage.page.wait_for_timeout(1000)
    assert count() == over


def test_a_run_that_goes_on_after_its_end_is_followed_again(stage: Stage) -> None:
    stage.begin(steps(1, 5), Status(status="interrupted"))
    stage.mount()
    stage.expect_line("Loss", "training, each step", numbers(5))
    stage.attempt = stage.store.begin(stage.run_id, stage.store.register_server())
    stage.page.evaluate("data => window.mount(data)", stage.data())
    stage.begin(steps(6, 8))
    stage.expect_line("Loss", "training, each step", numbers(8))


def test_two_places_share_one_poller(stage: Stage) -> None:
    stage.begin(steps(1, 5))
    stage.mount()
    stage.expect_line("Loss", "training, each step", numbers(5))
    stage.page.evaluate(
        """async (data) => {
          const { show } = await import(new URL(data.script, document.baseURI));
          const other = document.createElement("section");
          document.body.append(other);
          show({ data, parentElement: other, setTriggerValue: () => {} });
        }""",
        stage.data(),
    )
    expect(stage.chart("Loss")).to_have_count(2)
    stage.page.wait_for_timeout(500)
    count = asked(stage.page)
    stage.page.wait_for_timeout(2000)
    assert count() <= 9


def test_a_lost_connection_is_said_and_mends_itself(stage: Stage) -> None:
    stage.begin(steps(1, 5))
    stage.mount()
    stage.expect_line("Loss", "training, each step", numbers(5))
    lose: Callable[[Route], None] = lambda route: route.abort()  # noqa: E731 - the same one is taken off again
    stage.page.route("**/points*", lose)
    lost = stage.page.get_by_text("Connection lost, retrying")
    expect(lost).to_be_visible()
    stage.say(steps(6, 9))
    stage.page.unroute("**/points*", lose)
    expect(lost).to_be_hidden()
    stage.expect_line("Loss", "training, each step", numbers(9))
    assert stage.told() == []


def test_a_run_that_is_unknown_is_not_asked_for_again(stage: Stage) -> None:
    count = asked(stage.page)
    stage.mount(run="0" * 32)
    expect(stage.page.get_by_text("This run no longer exists.")).to_be_visible()
    seen = count()
    stage.page.wait_for_timeout(1000)
    assert count() == seen


def test_nothing_is_left_when_it_is_taken_away(stage: Stage) -> None:
    stage.begin(steps(1, 5))
    stage.mount()
    stage.expect_line("Loss", "training, each step", numbers(5))
    stage.page.evaluate("window.unmount()")
    expect(stage.page.locator("#place")).to_be_empty()
    stage.page.wait_for_timeout(500)
    count = asked(stage.page)
    stage.page.wait_for_timeout(1000)
    assert count() == 0


def test_a_long_run_stays_light_and_keeps_its_end(stage: Stage) -> None:
    stage.begin(*(steps(first, first + 499) for first in range(1, 4001, 500)))
    stage.mount()
    stage.page.wait_for_function(f"({LINE})(['Loss', 'training, each step']).at(-1) === 4000")
    for first in range(4001, 8001, 1000):
        stage.say(steps(first, first + 999))
        stage.page.wait_for_function(f"({LINE})(['Loss', 'training, each step']).at(-1) === {first + 999}")
    stage.page.wait_for_function(f"({LINE})(['Loss', 'training, each step']).length <= 6000")
    drawn = stage.line("Loss", "training, each step")
    assert (drawn[0], drawn[-1]) == (1, 8000)


def test_the_first_spike_doesnt_spoil_the_axis_of_norms(stage: Stage) -> None:
    spike = steps(1, 20).model_copy(update={"before": (1e8,) + (0.5,) * 19, "after": (1.0,) + (0.5,) * 19})
    stage.begin(spike)
    stage.mount()
    stage.expect_line("Gradient norm", "before clipping", numbers(20))
    low, high = stage.axes("Gradient norm")[1]
    assert -1 < low < high < 1
    assert "5% of all were clipped" in stage.chart("Gradient norm").locator("figcaption").inner_text()


def test_numbers_that_are_none_are_drawn_round(stage: Stage) -> None:
    nan = float("nan")
    stage.begin(steps(1, 3, losses=(1.0, nan, nan)))
    stage.mount()
    expect(stage.chart("Loss").locator("figcaption")).to_contain_text("isn't a number")


def test_a_line_can_be_turned_off_and_the_scale_changed(stage: Stage) -> None:
    stage.begin(steps(1, 10), epoch_end(1))
    stage.mount()
    loss = stage.chart("Loss")
    stage.expect_line("Loss", "validation", [10])
    validation = loss.get_by_role("button", name="validation", exact=True)
    validation.click()
    expect(validation).to_have_attribute("aria-pressed", "false")
    loss.get_by_role("button", name="Scale: logarithmic").click()
    expect(loss.get_by_role("button", name="Scale: linear")).to_be_visible()
    low, high = stage.axes("Loss")[1]
    assert low <= 0 < high
    expect(validation).to_have_attribute("aria-pressed", "false")


def test_every_chart_can_be_read_as_a_table(stage: Stage) -> None:
    stage.begin(steps(1, 10), epoch_end(1, 0.25))
    stage.mount()
    stage.expect_line("Loss", "validation", [10])
    for title, row in (
        ("Loss", ["1", "10", "1", "0.25"]),
        ("Gradient norm", ["10", "10", "5"]),
        ("Gradient norm by layer", ["10", "2.5", "1.25"]),
        ("Forecast of the validation set", ["2", "2", "1"]),
    ):
        chart = stage.chart(title)
        chart.get_by_text("As a table").click()
        expect(chart.get_by_role("row").last.get_by_role("cell")).to_have_text(row)


def test_on_a_narrow_screen_nothing_is_wider_than_it(stage: Stage) -> None:
    stage.page.set_viewport_size({"width": 390, "height": 844})
    stage.begin(steps(1, 10), epoch_end(1), Mark(step=9, what="learning_rate", value=0.01))
    stage.mount()
    stage.expect_line("Loss", "validation", [10])
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= 390
    tops = [chart.bounding_box()["y"] for chart in stage.page.get_by_role("figure").all()]
    assert tops == sorted(tops) and len(set(tops)) == 4
