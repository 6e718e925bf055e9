"""How many connections a server holds, and how slowly they may speak: who says nothing loses the place."""

import asyncio
import logging
import socket
from collections import Counter
from contextlib import suppress
from typing import Any

from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from components.ui.protection.messages import MOST_BYTES
from components.ui.visitor import cookie_owner

log = logging.getLogger(__name__)

MOST_SOCKETS = 1000
"""Open pages of all visitors."""
MOST_OF_VISITOR = 50
"""Open pages of one browser; whoever has no cookie shares ten times as many with all others like that."""
MOST_HEAD_BYTES = 64 << 10
"""Of a request, before its body."""
HEAD_SECONDS = 20.0
"""Without any request, or with half of one, after which a connection is closed."""
SOCKET_SECONDS = 60.0
"""Within which a page must have said something: one in a browser does so at once."""
BODY_SECONDS = 30.0
"""That what is sent may take in any case; more of it, as long as `BYTES_PER_SECOND` come."""
BYTES_PER_SECOND = 8 << 10
_LOOKS = 4  # at a connection in `HEAD_SECONDS`; who reads nothing of an answer has three times as long
_TRY_AGAIN_LATER, _POLICY_VIOLATION = 1013, 1008


class ConnectionLimits:
    """Middleware that keeps a place for everybody.

    Uvicorn would wait for ever for the head of a request or for its body, and take 200 MB of a message of a
    page into memory before anybody could refuse it; this sets it right as the server starts.

    Args:
        app: what comes after.
    """

    def __init__(self, app: ASGIApp):
        self.app = app
        self._sockets = Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes in time."""
        match scope["type"]:
            case "lifespan":
                limit_uvicorn(receive)
                await self.app(scope, receive, send)
            case "websocket":
                await self._hold(scope, receive, send)
            case _:
                await self._read(scope, receive, send)

    async def _hold(self, scope: Scope, receive: Receive, send: Send) -> None:
        owner = cookie_owner(HTTPConnection(scope).cookies)
        most = MOST_OF_VISITOR if owner else 10 * MOST_OF_VISITOR
        if self._sockets[owner] >= most or self._sockets.total() >= MOST_SOCKETS:
            log.warning("Too many pages are open: %d, %d of this visitor", self._sockets.total(), most)
            await WebSocketClose(_TRY_AGAIN_LATER)(scope, receive, send)
            return
        self._sockets[owner] += 1
        try:
            await self.app(scope, _expecting(receive, send), send)
        finally:
            self._sockets -= Counter({owner: 1})

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive)
        is_answered = False

        async def note(message: Message) -> None:
            nonlocal is_answered
            is_answered |= message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, body.receive, note)
        except ClientDisconnect:
            if not body.is_late:
                raise
        if body.is_late and not is_answered:
            answer = PlainTextResponse("This took too long.", 408, headers={"connection": "close"})
            await answer(scope, receive, send)


def _expecting(receive: Receive, send: Send) -> Receive:
    """Return what hears a page, and closes its connection where it says nothing at all."""
    has_spoken = False

    async def receive_in_time() -> Message:
        nonlocal has_spoken
        if has_spoken:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), SOCKET_SECONDS)
        except TimeoutError:
            with suppress(RuntimeError, OSError):  # it has just gone by itself
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
        has_spoken = message["type"] == "websocket.receive"
        return message

    return receive_in_time


class _Body:
    """What a request sends, as long as it comes in time.

    Args:
        receive: returns the next part.
    """

    def __init__(self, receive: Receive):
        self._receive = receive
        self._begun, self._bytes, self._is_whole = asyncio.get_running_loop().time(), 0, False
        self.is_late = False
        """whether it didn't"""

    async def receive(self) -> Message:
        """Return the next part; that the client is gone, where it is too late."""
        if self._is_whole:  # from now on it is only heard when the client leaves
            return await self._receive()
        until = self._begun + BODY_SECONDS + self._bytes / BYTES_PER_SECOND
        try:
            message = await asyncio.wait_for(
                self._receive(), max(0.0, until - asyncio.get_running_loop().time())
            )
        except TimeoutError:
            self.is_late = True
            return {"type": "http.disconnect"}
        self._bytes += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return message


# --- Uvicorn ---------------------------------------------------------------------------------------


def limit_uvicorn(receive: Receive) -> None:
    """Have the server that starts the app close connections that don't speak, refuse large messages, and hold
    back no answer.

    Args:
        receive: of the app's lifespan, a method of Uvicorn's.
    """
    config = getattr(getattr(receive, "__self__", None), "config", None)
    protocol = getattr(config, "http_protocol_class", None)
    if config is None or protocol is None:
        log.warning("Not started by Uvicorn: have the server itself close connections that don't speak")
        return
    config.http_protocol_class = impatient(protocol)
    config.ws_max_size = 2 * MOST_BYTES  # what is between the two is refused in a good way


def impatient(protocol: type[Any]) -> type[Any]:
    """Return a protocol of Uvicorn's for HTTP that closes a connection on which no request comes to be, or
    one with an endless head, or whose answer nobody reads, and that sends an answer at once.

    An answer is sent in two parts, and the system would keep the second back until the client has confirmed
    the first, which it does within 40 ms (Nagle's algorithm, RFC 896). Python turns that off, save for
    sockets that were made like Streamlit's.
    """

    class Impatient(protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            if (connection := transport.get_extra_info("socket")) is not None:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._last_cycle, self._idle = None, 0
            self._unread, self._stuck = 0, 0
            self._head_bytes = 0
            self._look_again()

        def data_received(self, data: bytes) -> None:
            before = self.cycle
            super().data_received(data)
            is_head = self.cycle is before and (before is None or before.response_complete)
            self._head_bytes = self._head_bytes + len(data) if is_head else 0
            if self._head_bytes > MOST_HEAD_BYTES:
                self.transport.abort()

        def _look_again(self) -> None:
            asyncio.get_running_loop().call_later(HEAD_SECONDS / _LOOKS, self._look)

        def _look(self) -> None:
            transport, cycle = self.transport, self.cycle
            if transport is None or transport.get_protocol() is not self:
                return  # it is over, or became a WebSocket
            unread = transport.get_write_buffer_size()
            self._stuck = self._stuck + 1 if unread and unread == self._unread else 0
            is_busy = unread or (cycle is not None and not cycle.response_complete)
            self._idle = 0 if is_busy or cycle is not self._last_cycle else self._idle + 1
            self._last_cycle, self._unread = cycle, unread
            if self._stuck >= 3 * _LOOKS:
                transport.abort()  # to close it in good order would wait until all is read
            elif self._idle >= _LOOKS:
                transport.close()
            else:
                self._look_again()

    return Impatient
