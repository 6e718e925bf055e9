"""Metrics aren't for everybody."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from components.ui.protection.metrics import HiddenMetrics
from tests.async_runner import run_coroutine


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/_stcore/metrics", 404),
        ("/base/_stcore/metrics", 404),
        ("/_stcore/metrics/", 404),
        ("/_stcore/health", 200),
    ],
)
def test_they_are_as_though_not_there(path: str, status: int) -> None:
    app = Starlette(
        routes=[Route("/{path:path}", lambda _: PlainTextResponse("there"))],
        middleware=[Middleware(HiddenMetrics)],
    )

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
            return await client.get(path)

    assert run_coroutine(ask()).status_code == status
