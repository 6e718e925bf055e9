"""What the server answers beside Streamlit's pages: points of runs and series, and the scripts of charts."""

import asyncio
import json
import math
import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from components.charts.zoom_range import zoom_range
from components.errors import RunError
from components.runs.shared_updates import SharedUpdates
from components.runs.store import RunStore
from components.ui.zoom_tokens import zoom_tokens

_SCRIPTS = Path(__file__).parent / "assets"
ASSETS = {
    **{script.name: script for script in _SCRIPTS.glob("*.js")},
    "plotly.js": Path(str(files("plotly") / "package_data" / "plotly.min.js")),
}
"""name → file"""

MOST_COMPARED = 12
"""Runs that are drawn together at once."""

_TOKEN = re.compile(r"[0-9a-f]{32}")
_ASKED = re.compile(r"([0-9a-f]{32})\.([0-9]{1,15})\.([0-9]{1,15})")
_NUMBER = re.compile(r"[0-9]{1,15}")
_COORDINATE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")  # along an axis; times are milliseconds


def routes(store: Callable[[], RunStore]) -> list[BaseRoute]:
    """Return the app's own routes; `store` is first asked for when somebody looks at a run."""

    shared: list[SharedUpdates] = []
    readings: dict[tuple[str, int, int], asyncio.Task[bytes]] = {}

    async def points(request: Request) -> Response:
        """Return what is new of a run since an earlier reply, as JSON of
        `components.runs.live_updates.RunUpdate`.

        Who asks for what isn't there, or can't be, learns nothing: not even which of the two it was.
        """
        run_id = request.path_params["id"]
        since, generation = (request.query_params.get(name, "0") for name in ("since", "generation"))
        if not (_TOKEN.fullmatch(run_id) and _NUMBER.fullmatch(since) and _NUMBER.fullmatch(generation)):
            return Response(status_code=404)
        asked = run_id, int(since), int(generation)
        body = shared[0].at_hand(*asked) if shared else None
        try:
            body = body or await asyncio.shield(reading(asked))
        except RunError:
            return Response(status_code=404)
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    def reading(asked: tuple[str, int, int]) -> asyncio.Task[bytes]:
        """Read in a thread of its own, so that a slow disk never holds up the pages: one for all who ask for
        the same meanwhile."""
        if asked not in readings:
            readings[asked] = asyncio.create_task(run_in_threadpool(read, *asked))
            readings[asked].add_done_callback(lambda _: readings.pop(asked))
        return readings[asked]

    def read(run_id: str, since: int, generation: int) -> bytes:
        return updates().reply(run_id, since, generation)

    def updates() -> SharedUpdates:
        if not shared:
            shared.append(SharedUpdates(store()))
        return shared[0]

    async def points_of_several(request: Request) -> Response:
        """Return what is new of several runs, as `SharedUpdates.replies` does; each `run` of the query is
        `<id>.<since>.<generation>`."""
        asked = [_ASKED.fullmatch(one) for one in request.query_params.getlist("run")]
        if not asked or None in asked or len(asked) > MOST_COMPARED:
            return Response(status_code=404)
        wanted = [(one[1], int(one[2]), int(one[3])) for one in asked if one]
        body = await run_in_threadpool(lambda: updates().replies(wanted))
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def previews(request: Request) -> Response:
        """Return what a run's task showed of itself after its epochs, as JSON of
        `components.runs.live_updates.PreviewPoint`s. Who asks for what isn't there learns nothing."""
        run_id = request.path_params["id"]
        if not _TOKEN.fullmatch(run_id):
            return Response(status_code=404)
        try:
            found = await run_in_threadpool(lambda: store().previews(run_id))
        except RunError:
            return Response(status_code=404)
        body = json.dumps([preview.model_dump() for preview in found])
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    base = base_path()
    return [
        Route(f"{base}/api/runs/{{id}}/points", points),
        Route(f"{base}/api/runs/{{id}}/previews", previews),
        Route(f"{base}/api/points", points_of_several),
        Route(f"{base}/api/series/{{token}}", _series_range),
        Route(f"{base}/assets/{{version}}/{{name}}", _asset),
    ]


def base_path() -> str:
    """Return the path that all addresses of the app begin with: `""`, or `/…`."""
    path = st.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""


def asset_url(name: str) -> str:
    """Return the address of an asset below the app's own; another content has another address."""
    return f"assets/{_content_hash(name)}/{name}"


def _series_range(request: Request) -> Response:
    """Return a stretch of a series that is on a page, as JSON: `rows`, `exact`, and x and y of its `lines`.

    As for runs, who asks for what isn't there, or can't be, learns nothing.
    """
    token = request.path_params["token"]
    ends = [request.query_params.get(name, "") for name in ("from", "to")]
    if not (_TOKEN.fullmatch(token) and all(_COORDINATE.fullmatch(end) for end in ends)):
        return Response(status_code=404)
    start, end = map(float, ends)
    found = zoom_tokens().find(token)
    if found is None or start >= end:
        return Response(status_code=404)
    made = zoom_range(*found, start, end)
    lines = [{"x": _axis_values(x), "y": _json_numbers(y)} for x, y in made.lines]
    body = json.dumps({"rows": made.rows, "exact": made.exact, "lines": lines})
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def _axis_values(index: pd.Index) -> list[str] | list[int]:
    """Return positions on an axis as plotly reads them."""
    if isinstance(index, pd.DatetimeIndex):
        return np.datetime_as_string(index.to_numpy()).tolist()
    return index.tolist()


def _json_numbers(values: np.ndarray) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]


def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return Response(status_code=404)
    current = request.path_params["version"] == _content_hash(name)
    keep = "public, max-age=31536000, immutable" if current else "no-cache"
    return FileResponse(ASSETS[name], media_type="text/javascript", headers={"cache-control": keep})


@cache
def _content_hash(name: str) -> str:
    """Return a hash of an asset's content; our own scripts share one, for they import each other."""
    together = sorted(_SCRIPTS.glob("*.js")) if ASSETS[name].parent == _SCRIPTS else [ASSETS[name]]
    return sha256(b"".join(file.read_bytes() for file in together)).hexdigest()[:16]
