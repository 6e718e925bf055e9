"""The app's own routes: points of a run or a series for whoever has its token, and the scripts of charts."""

import asyncio
import math
import threading
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import pytest
from starlette.applications import Starlette

from components.recipe import Forecast, Recipe, Sample
from components.runs.live_updates import MOST_PREVIEWS
from components.runs.store import Run, RunStore
from components.training.events import EpochEnd, Snapshot, Status, Steps, TrainingStart
from components.ui.routes import ASSETS, asset_url, routes
from components.ui.zoom_tokens import zoom_tokens
from tests.async_runner import run_coroutine

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots"))


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")


@pytest.fixture
def run(store: RunStore) -> Run:
    """A run that made three steps, the last of which blew up."""
    made = store.add(RECIPE, "me", "three steps")
    attempt = store.begin(made.id, store.register_server())
    steps = Steps(
        first=1,
        losses=(1.0, 0.5, math.nan),
        before=(2.0, 1.0, math.inf),
        after=(1.0, 1.0, 1.0),
        layers=((2.0, 1.0, math.inf),),
        learning_rate=0.01,
        seconds=0.1,
    )
    begun = TrainingStart(parameters=5, layers=("forecast",), steps_per_epoch=10, clip=1.0)
    store.write([(made.id, attempt, message) for message in (begun, Status(status="running"), steps)])
    return made


def get(store: RunStore, *paths: str) -> list[httpx.Response]:
    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Starlette(routes=routes(lambda: store)))
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return [await client.get(path) for path in paths]

    return run_coroutine(ask())


def test_points_are_given_once_and_what_is_no_number_is_null(store: RunStore, run: Run) -> None:
    (first,) = get(store, f"/api/runs/{run.id}/points")
    said = first.json()
    assert first.headers["content-type"] == "application/json"
    assert first.headers["cache-control"] == "no-store"
    assert said["steps"] == [1, 2, 3]
    assert said["loss"] == [1.0, 0.5, None]
    assert said["before"] == [2.0, 1.0, None]
    (again,) = get(store, f"/api/runs/{run.id}/points?since={said['since']}&generation={said['generation']}")
    assert again.json()["steps"] == []
    assert again.json()["status"] == "running"


def test_previews_are_those_of_all_epochs_or_of_evenly_chosen_ones(store: RunStore, run: Run) -> None:
    losses, attempt = {"training": 1.0, "validation": math.nan, "best": False}, store.run(run.id).attempt
    for at in range(1, 201):
        end = EpochEnd(epoch=at, step=at, snapshot=Snapshot((at, math.nan)), **losses)
        store.write([(run.id, attempt, end)])
    (reply,) = get(store, f"/api/runs/{run.id}/previews")
    assert (reply.headers["content-type"], reply.headers["cache-control"]) == ("application/json", "no-store")
    epochs = [preview["epoch"] for preview in reply.json()]
    assert len(epochs) == MOST_PREVIEWS and (epochs[0], epochs[-1]) == (1, 200) and epochs == sorted(epochs)
    assert reply.json()[0] == {"epoch": 1, "values": [1.0, None], "texts": []}


@pytest.mark.parametrize(
    "path",
    [
        "/api/runs/{unknown}/previews",
        "/api/runs/{known}0/previews",
        "/api/runs/1/previews",
        "/api/runs/{unknown}/points",
        "/api/runs/{known}0/points",
        "/api/runs/{shouted}/points",
        "/api/runs/1/points",
        "/api/runs/%27%20OR%201=1/points",
        "/api/runs/{known}%0A/points",
        "/api/runs/{known}/points?since=-1",
        "/api/runs/{known}/points?since=soon",
        "/api/runs/{known}/points?since=99999999999999999999",
        "/api/runs/{known}/points?since=%D9%A3",
        "/api/runs/{known}/points?generation=",
    ],
)
def test_whatever_isnt_there_is_a_bare_404_that_tells_nothing(store: RunStore, run: Run, path: str) -> None:
    wrong = path.format(unknown="0" * 32, known=run.id, shouted=run.id.upper())
    (answer,) = get(store, wrong)
    assert answer.status_code == 404
    assert answer.content == b""
    (unknown,) = get(store, f"/api/runs/{'f' * 32}/points")
    assert dict(answer.headers) == dict(unknown.headers)


def test_what_is_new_of_several_runs_comes_in_one_reply(store: RunStore, run: Run) -> None:
    other = store.add(RECIPE, "me", "waits")
    asked = f"run={run.id}.0.0&run={'0' * 32}.0.0&run={other.id}.0.0"
    (answer,) = get(store, f"/api/points?{asked}")
    assert answer.headers["cache-control"] == "no-store"
    first, unknown, last = answer.json()
    assert (first["steps"], unknown, last["status"]) == ([1, 2, 3], None, "waiting")
    (again,) = get(store, f"/api/points?run={run.id}.{first['since']}.{first['generation']}")
    assert [said["steps"] for said in again.json()] == [[]]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "run=",
        "run={known}",
        "run={known}.0",
        "run={known}.-1.0",
        "run={known}.0.0.0",
        "run={known}.0.0&run=x",
        "run={known}.٣.0",
        "run={known}.99999999999999999999.0",
        "&".join(["run={known}.0.0"] * 13),
    ],
)
def test_a_question_about_several_that_cant_be_is_a_bare_404(store: RunStore, run: Run, asked: str) -> None:
    (answer,) = get(store, f"/api/points?{asked.format(known=run.id)}")
    assert (answer.status_code, answer.content) == (404, b"")


SERIES = pd.DataFrame(
    {"level": np.sin(np.arange(50_000.0)), "flow": np.where(np.arange(50_000) % 7, 1.5, np.nan)},
    index=pd.date_range("1970-01-01", periods=50_000, freq="s"),
)


def test_a_stretch_of_a_series_is_exact_where_it_is_short(store: RunStore) -> None:
    token = zoom_tokens().token_for(SERIES, ("level", "flow"))
    short, long = get(
        store, f"/api/series/{token}?from=5000.0&to=9000", f"/api/series/{token}?from=-1&to=40000000"
    )
    assert short.headers["content-type"] == "application/json"
    assert short.headers["cache-control"] == "no-store"
    said = short.json()
    level, flow = said["lines"]
    assert (said["rows"], said["exact"]) == (7, True)
    assert [pd.Timestamp(time).second for time in level["x"]] == [4, 5, 6, 7, 8, 9, 10]
    assert level["y"] == SERIES["level"].iloc[4:11].tolist()
    assert flow["y"] == [1.5, 1.5, 1.5, None, 1.5, 1.5, 1.5]
    said = long.json()
    assert (said["rows"], said["exact"]) == (40_002, False)
    assert 1000 < len(said["lines"][0]["x"]) <= 2000


@pytest.mark.parametrize(
    "path",
    [
        "{known}",
        "{known}?from=1",
        "{known}?from=1&to=",
        "{known}?from=2&to=1",
        "{known}?from=1&to=1",
        "{known}?from=nan&to=1",
        "{known}?from=1&to=inf",
        "{known}?from=1&to=1e9",
        "{known}?from=1&to=9999999999999999",
        "{known}?from=1&to=%D9%A3",
        "{known}0?from=1&to=2",
        "{shouted}?from=1&to=2",
        "{known}%0A?from=1&to=2",
    ],
)
def test_whatever_series_isnt_there_is_the_same_bare_404(store: RunStore, path: str) -> None:
    token = zoom_tokens().token_for(SERIES, ("flow",))
    wrong, unknown, right = get(
        store,
        f"/api/series/{path.format(known=token, shouted=token.upper())}",
        f"/api/series/{'0' * 32}?from=1&to=2",
        f"/api/series/{token}?from=1&to=2",
    )
    assert (wrong.status_code, wrong.content) == (404, b"")
    assert dict(wrong.headers) == dict(unknown.headers)
    assert right.status_code == 200


def test_a_slow_store_holds_nobody_else_up(store: RunStore, run: Run) -> None:
    """A whole audience asks for points from a store that doesn't answer yet, and somebody for something
    else: there are 40 threads for all."""
    asked, let_go = threading.Event(), threading.Event()

    def slow_store() -> RunStore:
        asked.set()
        assert let_go.wait(10)
        return store

    async def ask() -> tuple[int, set[int]]:
        transport = httpx.ASGITransport(Starlette(routes=routes(slow_store)))
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            slow = asyncio.gather(*(client.get(f"/api/runs/{run.id}/points") for _ in range(60)))
            await asyncio.to_thread(asked.wait, 5)
            other = await asyncio.wait_for(client.get(f"/{asset_url('live_charts.js')}"), timeout=5)
            assert not slow.done()
            let_go.set()
            return other.status_code, {answer.status_code for answer in await slow}

    assert run_coroutine(ask()) == (200, {200})


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("live_charts.js", "export function show"),
        ("zoomable_chart.js", "export function show"),
        ("plotly.js", "plotly.js v"),
    ],
)
def test_a_script_may_be_kept_for_ever_under_its_own_address_alone(
    store: RunStore, name: str, holds: str
) -> None:
    versioned, old = get(store, f"/{asset_url(name)}", f"/assets/0123456789abcdef/{name}")
    for answer in (versioned, old):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/javascript")
        assert holds in answer.text
    assert "immutable" in versioned.headers["cache-control"]
    assert old.headers["cache-control"] == "no-cache"


def test_scripts_that_import_each_other_change_their_addresses_together() -> None:
    ours = {asset_url(name).removesuffix(name) for name in ASSETS if name != "plotly.js"}
    assert len(ours) == 1


NOT_SERVED = ["routes.py", "..%2Froutes.py", "live_charts.css", "points.d.ts", "plotly.min.js"]


@pytest.mark.parametrize("name", NOT_SERVED)
def test_nothing_else_is_served(store: RunStore, name: str) -> None:
    (answer,) = get(store, f"/assets/0123456789abcdef/{name}")
    assert (answer.status_code, answer.content in (b"", b"Not Found")) == (404, True)


@pytest.mark.parametrize("path", ["lab", "/lab/", "a/lab"])
def test_the_routes_lie_below_the_servers_base_path(
    store: RunStore, run: Run, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("components.ui.routes.st.get_option", lambda _: path)
    base = "/" + path.strip("/")
    below, outside = get(store, f"{base}/api/runs/{run.id}/points", f"/api/runs/{run.id}/points")
    assert (below.status_code, outside.status_code) == (200, 404)
