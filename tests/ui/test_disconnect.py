"""What is sent to a visitor who has left goes nowhere, and is no error."""

import asyncio
import logging

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.starlette.starlette_websocket import StarletteSessionClient
from uvicorn.protocols.utils import ClientDisconnected

from components.ui.disconnect import QuietDisconnect
from tests.async_runner import run_coroutine

CLOSED = [
    ClientDisconnected(),
    RuntimeError("Unexpected ASGI message 'websocket.send', after sending 'websocket.close'."),
]
"""What Uvicorn raises as something is sent over a connection that the browser has closed."""


class Left:
    """A connection whose browser leaves as soon as the server has accepted it."""

    def __init__(self, error: Exception, refuses: bool = False):
        self.error, self.refuses = error, refuses
        self.coming = [{"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": b"rerun"}]
        self.coming.append({"type": "websocket.disconnect", "code": 1001})

    async def receive(self):
        return self.coming.pop(0)

    async def send(self, message):
        if self.refuses or message["type"] != "websocket.accept":
            raise self.error

    def meets(self, endpoint):
        async def app(scope, receive, send):
            await endpoint(WebSocket(scope, receive, send))

        scope = {"type": "websocket", "headers": [], "path": "/", "query_string": b"", "scheme": "ws"}
        run_coroutine(QuietDisconnect(app)(scope, self.receive, self.send))


@pytest.mark.parametrize("error", CLOSED, ids=lambda error: type(error).__name__)
def test_streamlit_goes_on_to_the_end_of_a_session_that_has_lost_its_visitor(error, caplog):
    ended = []

    async def endpoint(websocket):
        await websocket.accept()
        client = StarletteSessionClient(websocket)
        client._send_queue.put_nowait(b"a page")
        await asyncio.sleep(0.01)  # it is sent, in vain
        assert await websocket.receive_bytes() == b"rerun"
        await websocket.send_bytes(b"more")
        with pytest.raises(WebSocketDisconnect):
            await websocket.receive_bytes()
        await client.aclose()
        ended.append(True)

    with caplog.at_level(logging.WARNING):
        Left(error).meets(endpoint)
    assert ended
    assert not caplog.records


def test_an_error_before_the_visitor_is_there_stays_one():
    async def endpoint(websocket):
        await websocket.accept()

    with pytest.raises(RuntimeError, match="no such message"):
        Left(RuntimeError("no such message"), refuses=True).meets(endpoint)
